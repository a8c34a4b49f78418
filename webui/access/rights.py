"""Rights as pages and API show them."""

from __future__ import annotations

from runtime.core.access.access import Rights, acted_pages, seen_pages


def rights_json(rights: Rights) -> dict[str, str]:
    acted = acted_pages(rights)
    return {page: "act" if page in acted else "see" for page in seen_pages(rights)}
