"""Which models a device may be, by what it answers where they differ.

A model is out as soon as the device refuses what that model has, or tells there what no meter at work tells. Of two
that are left, the one that knows less is out when the device answers what only the other knows, such as the voltage of
a second phase.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from runtime.core.decode.compiled import CompiledMap, DeviceSettings, compile_map
from runtime.core.device.onereading import Ask, OneReading
from runtime.core.identity.identify import ANCHORS, OTHER_PHASES, SHOWN_AT_WORK, is_likely
from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.normalise import parameter_names
from runtime.core.modbus.registers import Field
from runtime.errors import DriverError, Refused

Row = tuple[str, int, str, str]  # space, address, type, word order
DIFFERENCES = 6  # rows that a model is asked for beside what every meter shows
NOTHING: Mapping[str, int | str | None] = {}


@dataclass(frozen=True, slots=True)
class Candidate:
    """``likely`` rows tell what a meter at work tells; ``answered`` rows tell anything but 0 or nothing."""

    id: str
    is_confirmed: bool
    likely: frozenset[Row]
    answered: frozenset[Row]
    has_dark_phase: bool = False  # of its phases some show no voltage: nobody knows whether they are there


class Candidates:
    """What there is to recognise, made ready once for all devices."""

    def __init__(self, maps: Mapping[str, DeviceMap]) -> None:
        self._maps = maps
        self._anchors = {id: map_ for id, found in maps.items() if (map_ := _part(found, _anchor(found))) is not None}
        self._common: dict[str, CompiledMap | None] = {}
        self._rows = {id: frozenset(_row(field, found) for field in found.fields) for id, found in maps.items()}

    def find(
        self, unit: int, ask: Ask, among: Collection[str] | None = None, without: Collection[str] = ()
    ) -> list[Candidate]:
        """Those that it may be, the likeliest first; confirmed maps and those that tell most come first.

        ask      one transaction; raises DriverError
        among    ids, all as a rule: then only meters that are at work are recognised
        without  ids that it cannot be
        """
        wanted = [id for id in (self._anchors if among is None else among) if id not in without]
        anchored = [id for id in wanted if among is not None or self.looks_right(id, unit, ask)]
        seen = [one for id in anchored if (one := self._examine(id, unit, ask, named=among is not None)) is not None]
        left = [one for one in self._distinguish(seen, unit, ask) if among is not None or len(one.likely) > 1]
        left = [one for one in left if not any(self._knows_more(other, one) for other in left)]
        return sorted(left, key=lambda one: (not one.is_confirmed, -len(one.likely), one.id))

    def preferred(self, likely: Sequence[Candidate]) -> str:
        """Of models of one maker that differ in nothing that can be read, the one whose table is known; else ""."""
        maps = [self._maps[one.id] for one in likely]
        if len({(found.maker, _shown(found), found.word_order, found.byte_order) for found in maps}) != 1:
            return ""
        confirmed = [one.id for one in likely if one.is_confirmed]
        return confirmed[0] if len(confirmed) == 1 and not likely[0].has_dark_phase else ""

    def looks_right(self, id: str, unit: int, ask: Ask) -> bool:
        """Whether its first measure is that of a meter at work: one small read that most maps share with others."""
        told = _read(self._anchors[id], unit, ask) or NOTHING
        return bool(told) and all(is_likely(quantity, n) for quantity, n in told.items() if quantity in ANCHORS)

    def _examine(self, id: str, unit: int, ask: Ask, *, named: bool) -> Candidate | None:
        """What it shows of what every meter shows; None when some of it is impossible."""
        found = self._maps[id]
        if id not in self._common:
            self._common[id] = _part(found, [field for field in found.fields if field.quantity in SHOWN_AT_WORK])
        common = self._common[id]
        told = _read(common, unit, ask) or NOTHING
        known = {quantity: n for quantity, n in told.items() if n is not None and quantity in SHOWN_AT_WORK}
        dark = {quantity for quantity in known if quantity in OTHER_PHASES and known[quantity] == 0}
        if not named and any(not is_likely(quantity, n) for quantity, n in known.items() if quantity not in dark):
            return None
        rows = {field.quantity: _row(field, found) for field in found.fields}
        likely = frozenset(rows[quantity] for quantity in known if quantity not in dark)
        return Candidate(id, found.trust != "provisional", likely, likely, bool(dark))

    def _distinguish(self, seen: Sequence[Candidate], unit: int, ask: Ask) -> Iterable[Candidate]:
        """Each is asked for rows that not all of them have; one whose rows are refused is out."""
        if len(seen) < 2:
            return seen
        shared = frozenset.intersection(*(self._rows[one.id] for one in seen))
        return [full for one in seen if (full := self._probe(one, shared, seen, unit, ask)) is not None]

    def _probe(
        self,
        one: Candidate,
        shared: frozenset[Row],
        seen: Sequence[Candidate],
        unit: int,
        ask: Ask,
    ) -> Candidate | None:
        found = self._maps[one.id]
        holders = {row: sum(row in self._rows[other.id] for other in seen) for row in self._rows[one.id]}
        own = [field for field in found.fields if field.role == "value" and _row(field, found) not in shared]
        own.sort(key=lambda field: (field.quantity not in SHOWN_AT_WORK, holders[_row(field, found)], field.at))
        answered = set(one.answered)
        for field in own[:DIFFERENCES]:
            told = _read(_part(found, [field]), unit, ask)
            if told is None:
                return None
            answered |= {_row(field, found)} if told.get(field.quantity) else set()
        return replace(one, answered=frozenset(answered))

    def _knows_more(self, one: Candidate, other: Candidate) -> bool:
        """Whether ``one`` has all that ``other`` shows, and the device answers what only ``one`` has."""
        if one.has_dark_phase or not other.likely <= self._rows[one.id]:
            return False
        return bool(one.answered - self._rows[other.id]) and not other.answered - self._rows[one.id]


def _anchor(found: DeviceMap) -> list[Field]:
    """The row that every meter of the kind shows first."""
    by_quantity = {field.quantity: field for field in found.fields}
    return [by_quantity[quantity] for quantity in ANCHORS if quantity in by_quantity][:1]


def _part(found: DeviceMap, fields: Sequence[Field]) -> CompiledMap | None:
    """A map of a few rows and of the parameters that scale them; None without rows."""
    if not fields:
        return None
    names = {name for field in fields for name in parameter_names(field)}
    scaling = [field for field in found.fields if field.role == "parameter" and field.name in names]
    rows = tuple(dict.fromkeys((*fields, *scaling)))
    return compile_map(replace(found, fields=rows, derived=(), commands=(), gap_words=0), gap_words=0)


def _read(part: CompiledMap | None, unit: int, ask: Ask) -> Mapping[str, int | str | None] | None:
    """Quantity -> count; empty when the device falls silent, None when it refuses all of it."""
    if part is None:
        return NOTHING
    try:
        values = OneReading(part, DeviceSettings(), unit, ask).run()
    except Refused:
        return None
    except DriverError:
        return NOTHING
    return dict(zip(part.quantities, values.values_n, strict=True))


def _shown(found: DeviceMap) -> frozenset[Field]:
    return frozenset(field for field in found.fields if field.role != "identity")


def _row(field: Field, found: DeviceMap) -> Row:
    return field.space, field.at, field.type, found.word_order
