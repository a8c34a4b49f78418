"""A meter of three phases that is read as one of a single phase: its other phases have a voltage, too."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from runtime.core.identity.identify import SHOWN_AT_WORK
from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.scalar import swap_bytes
from runtime.core.modbus.registers import BIT_SPACES, TYPES, Field

FIRST, SECOND = "voltage_l1_v", "voltage_l2_v"


@dataclass(frozen=True, slots=True)
class PhaseProbe:
    """Where the second phase's voltage of other models stands, which show the first phase's where this one does."""

    row: Field
    word_order: str
    byte_order: str
    like: tuple[str, ...]  # titles of those models

    def fits(self, payload: bytes) -> bool:
        """Whether the answer is the voltage of a phase at work."""
        least, most = SHOWN_AT_WORK[SECOND]
        raw = _number(payload, self.row.type, self.word_order, self.byte_order)
        return least <= raw * float(Fraction(*self.row.scale)) <= most


def phase_probes(configured: DeviceMap, maps: Iterable[DeviceMap]) -> tuple[PhaseProbe, ...]:
    """Those that may tell that a device has more phases than its map reads; none for a map that reads them."""
    own = {field.quantity: field for field in configured.fields}
    if SECOND in own or FIRST not in own:
        return ()
    known = {
        (field.space, at + n) for field in configured.fields for at, words in field.addresses for n in range(words)
    }
    found: dict[tuple[Field, str, str], list[str]] = {}
    for other in maps:
        rows = {field.quantity: field for field in other.fields if field.quantity in (FIRST, SECOND)}
        if len(rows) == len((FIRST, SECOND)) and _is_same(rows[FIRST], own[FIRST]) and _is_plain(rows[SECOND]):
            orders = other.word_order, other.byte_order
            is_new = (rows[SECOND].space, rows[SECOND].at) not in known
            if is_new and orders == (configured.word_order, configured.byte_order):
                found.setdefault((rows[SECOND], *orders), []).append(other.title)
    return tuple(PhaseProbe(*key, tuple(titles)) for key, titles in found.items())


def _is_same(one: Field, other: Field) -> bool:
    return (one.space, one.at, one.type, one.scale) == (other.space, other.at, other.type, other.scale)


def _is_plain(row: Field) -> bool:
    """A number times a fixed scale."""
    odd = row.scale_at is not None or row.scale_band or row.factor or row.bits or row.high_at is not None
    return row.type in TYPES and row.space not in BIT_SPACES and not odd


def _number(payload: bytes, type_name: str, word_order: str, byte_order: str) -> float:
    words = swap_bytes(payload) if byte_order == "little" else payload
    if word_order == "little":
        words = b"".join(words[at : at + 2] for at in range(len(words) - 2, -1, -2))
    return float(struct.unpack(">" + TYPES[type_name].code, words)[0])
