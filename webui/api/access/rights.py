"""Rights as the API writes and reads them: page -> "see" or "act"; a page that is left out, or "none", is not given."""

from __future__ import annotations

from runtime.core.access.access import GIVEN, Rights, rights_of
from webui.access.client import AccessClient
from webui.http.errors import RequestRefused

CHOICES = ("none", "see", "act")


def rights_from(gate: AccessClient, value: object) -> Rights:
    """Raises RequestRefused."""
    if not isinstance(value, dict) or not all(page in GIVEN and verb in CHOICES for page, verb in value.items()):
        raise _wrong(gate)
    return rights_of({page: verb for page, verb in value.items() if verb != "none"})


def _wrong(gate: AccessClient) -> RequestRefused:
    return gate.refusal("rights_form", field="rights")
