"""The site as it is now: what is drawn and produced, by load, what an hour of it costs, today against other days."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from runtime.core.clock.timegrid import local
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.view import DeviceView
from webui.model.billing import rules_in_force
from webui.model.bridge import Bridge
from webui.model.consumption.flow import Flow, Key, Stream, draw_flow
from webui.model.consumption.metertree import Part, parts_of, roots, tree_of
from webui.model.consumption.query import ConsumptionReader, Query
from webui.model.consumption.sofar import SoFar, sum_until
from webui.model.staleness import is_stale

CHARGE = "charge_state"
REST: Key = ("rest", 0)
_CHARGING = QUANTITIES[CHARGE].states.index("charging")
SAME_WEEKDAY = datetime.timedelta(days=364)  # a year before
_COST_OF_STEP = 100  # 0.1 W for an hour in 0.001 Wh


@dataclass(frozen=True, slots=True)
class LoadNow:
    """``load`` 0 = what has none; ``power_n`` in 0.1 W."""

    load: int
    name: str
    power_n: int


@dataclass(frozen=True, slots=True)
class SiteNow:
    """Of the meters that count in the total, in 0.1 W.

    drawn_n, produced_n  both 0 or more; None = no meter tells its power
    rest_n               what meters with others below them draw beyond those, and no load has
    cost_p               of an hour like this in 10^-12 of the currency, what flows out taken off; None = no price holds
    silent               meters that should tell their power and do not
    charging, stations   sides of charging stations that charge, and all of them
    flow                 the same as a picture; None = nothing flows
    """

    drawn_n: int | None
    produced_n: int | None
    loads: tuple[LoadNow, ...]
    rest_n: int
    cost_p: int | None
    silent: int
    charging: int
    stations: int
    flow: Flow | None = None

    @property
    def grid_n(self) -> int | None:
        """What comes from the grid; below 0 it goes there."""
        return None if self.drawn_n is None or self.produced_n is None else self.drawn_n - self.produced_n


class SiteReader:
    """Of the installation and its views as they are."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._reader = ConsumptionReader(bridge)

    def now(self) -> SiteNow:
        tree = tree_of(self._bridge)
        counting = [meter for meter in tree.values() if meter.counts]
        tops_n = [meter.power_n for meter in roots(tree) if meter.power_n is not None]
        parts = tuple(parts_of(tree))
        produced_n = sum(-part.power_n for part in parts if part.power_n < 0 and not part.is_rest)
        drawn_n = max(sum(tops_n) + produced_n, 0)
        streams = tuple(self._streams(parts))
        charges = [self._value_n(view, CHARGE) for view in self._bridge.devices() if CHARGE in view.quantities]
        return SiteNow(
            drawn_n if tops_n else None, produced_n if tops_n else None, self._loads(streams),
            sum(each.power_n for each in streams if each.load == REST), self._cost_p(tops_n) if tops_n else None,
            sum(meter.own_n is None for meter in counting), charges.count(_CHARGING), len(charges),
            draw_flow(drawn_n - produced_n, _producing(parts), streams),
        )  # fmt: skip

    def a_year_before(self, query: Query) -> SoFar:
        """The same day of the week a year before, until this time of day."""
        earlier = self._reader.of_one(replace(query, date=query.date - SAME_WEEKDAY))
        zone = self._bridge.zone
        return sum_until(earlier.bins, "day", local(self._bridge.clock.now_ts(), zone), zone)

    def _value_n(self, view: DeviceView, quantity: str) -> int | str | None:
        at = view.quantities.index(quantity)
        is_old = is_stale(quantity, view.ts_ms[at], self._bridge.clock.now_ms(), view.stale_after_s)
        return None if is_old or view.trouble is not None else view.values_n[at]

    def _streams(self, parts: Iterable[Part]) -> Iterable[Stream]:
        """What is drawn: a rest goes to the load of its meter, or to none."""
        boards = {gateway.id: gateway.board for gateway in self._bridge.installation().gateways}
        for part in (part for part in parts if part.power_n > 0):
            load = REST if part.is_rest and not part.device.load else ("load", part.device.load)
            board = boards.get(part.device.gateway, 0)
            middle = ("board", board) if board else ("meter", part.board) if part.board else ("site", 0)
            yield Stream(middle, load, part.power_n)

    def _loads(self, streams: Iterable[Stream]) -> tuple[LoadNow, ...]:
        """From the largest on."""
        names = {load.id: load.name for load in self._bridge.installation().loads}
        drawn = Counter[int]()
        for stream in streams:
            if stream.load != REST:
                drawn[stream.load[1]] += stream.power_n
        return tuple(LoadNow(load, names.get(load, ""), power_n) for load, power_n in drawn.most_common())

    def _cost_p(self, tops_n: Sequence[int]) -> int | None:
        """Of an hour like this: what is drawn at the top of the tree, less what flows out there, each at its price."""
        site = self._bridge.installation()
        today = self._reader.today()
        amounts: dict[str, int] = {}
        for rule in rules_in_force(self._bridge):
            tariff = next(tariff for tariff in site.tariffs if tariff.id == rule.tariff)
            version = tariff.version_on(today)
            held = (price.amount_u for price in tariff.prices if price.version == version)
            amount_u = next(held, None)
            if amount_u is not None:
                amounts[tariff.fluid] = amount_u
        if "electricity" not in amounts:
            return None
        drawn_n, out_n = (sum(n for n in tops_n if n > 0), sum(-n for n in tops_n if n < 0))
        return (drawn_n * amounts["electricity"] - out_n * amounts.get("export", 0)) * _COST_OF_STEP


def _producing(parts: Iterable[Part]) -> dict[int, int]:
    return {part.device.id: -part.power_n for part in parts if part.power_n < 0 and not part.is_rest}
