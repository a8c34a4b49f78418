"""What an index depends on besides the meter: when that is edited, no energy passes from one index to the other."""

from __future__ import annotations

from collections.abc import Mapping

ROW = "register of "  # a counter: the key of its row


def edits_of(before: Mapping[str, str], after: Mapping[str, str], quantity: str) -> tuple[str, ...]:
    """What of it was edited that concerns one counter, in words for an event; () = nothing."""
    names = [name for name in dict.fromkeys((*before, *after)) if not name.startswith(ROW) or name == ROW + quantity]
    changed = [name for name in names if before.get(name, "") != after.get(name, "")]
    return tuple(f"{name} {before.get(name) or '-'} > {after.get(name) or '-'}" for name in changed)
