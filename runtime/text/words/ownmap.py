"""Meters of one's own: what an installer fills in, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_

FUNCTIONS: Mapping[int, str] = MappingProxyType(
    {3: N_("3 – holding"), 4: N_("4 – input"), 1: N_("1 – coils"), 2: N_("2 – discrete")}
)
