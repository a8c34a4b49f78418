"""A parameter that names a register, as a form or a file has it."""

from __future__ import annotations

from runtime.core.text.edge import whole_of
from runtime.core.text.tomltable import Table


def register(table: Table, default: int = 0, key: str = "register") -> int:
    """Hexadecimal when it is a text ("0x0048" or "48"); a fault and 0 when it is none."""
    value = table.rows.get(key, default)
    try:
        at = whole_of(value, 16) if isinstance(value, str) else value
    except ValueError:
        at = None
    if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at <= 0xFFFF:
        table.fault(key, f"{value!r} is no register", "hexadecimal from 0 to FFFF")
        return 0
    return at
