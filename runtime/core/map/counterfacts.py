"""What the rows of a map say of counters: their step, their precision, where they begin anew, whether they may fall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from runtime.core.energy.counterlimits import UNKNOWN, CounterFacts
from runtime.core.map.normalise import opposite
from runtime.core.modbus.registers import TYPES, Derived, Field
from runtime.core.quantity.catalogue import QUANTITIES

_MANTISSA = {"f32": 24, "f64": 53}


def facts_of(
    rows: Iterable[Field], derived: Iterable[Derived]
) -> tuple[Mapping[str, CounterFacts], Mapping[str, CounterFacts]]:
    """By quantity, for a device that is fed from above and for one that is fed from below."""
    facts = {row.quantity: _fact(row) for row in rows if QUANTITIES[row.quantity].kind == "counter"}
    for each in derived:
        if QUANTITIES[each.quantity].kind == "counter":
            facts[each.quantity] = _together([facts[part] for part in each.parts if part in facts])
    turned = {opposite(quantity) or quantity: fact for quantity, fact in facts.items()}
    return facts, turned


def _fact(row: Field) -> CounterFacts:
    step = abs(Fraction(*row.scale)) / Fraction(10) ** QUANTITIES[row.quantity].exp10
    scaled = bool(row.factor or row.scale_band or row.scale_at is not None)  # by more than the map can know
    bits = _MANTISSA.get(row.type, 0)
    grain_n = 1 if scaled or bits else max(1, round(step))  # a real number has no step but its last places
    counts = 0 if scaled or row.scale[0] < 0 else _span(row)
    return CounterFacts(grain_n, bits, round(counts * step), row.net, row.ledger, _describe(row))


def _describe(row: Field) -> str:
    """Whatever of it an index depends on."""
    factors = [str(each) for each in (row.scale_at, *row.factor, row.sign_at, row.high_at) if each is not None]
    scale = f"x{Fraction(*row.scale)}"
    return " ".join([row.space, f"{row.at:#06x}", row.type, scale, *factors])


def _span(row: Field) -> int:
    """Counts after which it begins anew at 0; 0 = not known."""
    kind = TYPES.get(row.type)
    if row.digits:
        return int(10**row.digits)
    if kind is None or kind.real or kind.signed:
        return 0
    if row.bits is not None:
        return 1 << row.bits[1]
    return (kind.largest + 1) * row.high_factor if row.high_at is not None else kind.largest + 1


def _together(parts: list[CounterFacts]) -> CounterFacts:
    """A sum moves when any of its parts does, and begins anew nowhere."""
    if not parts:
        return UNKNOWN
    bits = [part.float_bits for part in parts if part.float_bits]
    net, row = any(part.net for part in parts), " + ".join(part.row for part in parts)
    return CounterFacts(max(part.grain_n for part in parts), min(bits, default=0), net=net, row=row)
