"""The site as it is now: what is drawn and produced, by load, what an hour of it costs, today against other days."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from runtime.core.clock.timegrid import local
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import DeviceView
from webui.model.billing import rules_in_force
from webui.model.bridge import Bridge
from webui.model.consumption.query import ConsumptionReader, Query
from webui.model.consumption.sofar import SoFar, sum_until
from webui.model.fluid import fluid_of
from webui.model.staleness import is_stale

POWER, CHARGE = "active_power_w", "charge_state"
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
    cost_p               of an hour like this in 10^-12 of the currency, what flows out taken off; None = no price holds
    silent               meters that should tell their power and do not
    charging, stations   sides of charging stations that charge, and all of them
    """

    drawn_n: int | None
    produced_n: int | None
    loads: tuple[LoadNow, ...]
    cost_p: int | None
    silent: int
    charging: int
    stations: int

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
        drawn: Counter[int] = Counter()
        produced_n = told = silent = 0
        for spec, view in self._metering():
            power_n = self._power_n(view)
            if power_n is None:
                silent += 1
                continue
            told += 1
            if power_n < 0:
                produced_n -= power_n
            else:
                drawn[spec.load] += power_n
        charges = [self._value_n(view, CHARGE) for view in self._bridge.devices() if CHARGE in view.quantities]
        drawn_n = sum(drawn.values())
        return SiteNow(
            drawn_n if told else None, produced_n if told else None, self._loads(drawn),
            self._cost_p(drawn_n, produced_n) if told else None, silent, charges.count(_CHARGING), len(charges),
        )  # fmt: skip

    def a_year_before(self, query: Query) -> SoFar:
        """The same day of the week a year before, until this time of day."""
        earlier = self._reader.of_one(replace(query, date=query.date - SAME_WEEKDAY))
        zone = self._bridge.zone
        return sum_until(earlier.bins, "day", local(self._bridge.clock.now_ts(), zone), zone)

    def _metering(self) -> Iterable[tuple[DeviceSpec, DeviceView]]:
        """Electric meters that count in the total and tell a power; those that are off do not."""
        site = self._bridge.installation()
        for spec, view in zip(site.devices, self._bridge.devices(), strict=True):
            counts = not spec.excluded and spec.id not in site.doubted and view.state != "off"
            if counts and POWER in view.quantities and fluid_of(view.quantities) == "electricity":
                yield spec, view

    def _power_n(self, view: DeviceView) -> int | None:
        power_n = self._value_n(view, POWER)
        return power_n if isinstance(power_n, int) else None

    def _value_n(self, view: DeviceView, quantity: str) -> int | str | None:
        at = view.quantities.index(quantity)
        is_old = is_stale(quantity, view.ts_ms[at], self._bridge.clock.now_ms(), view.stale_after_s)
        return None if is_old or view.trouble is not None else view.values_n[at]

    def _loads(self, drawn: Counter[int]) -> tuple[LoadNow, ...]:
        """From the largest on."""
        names = {load.id: load.name for load in self._bridge.installation().loads}
        return tuple(LoadNow(load, names.get(load, ""), power_n) for load, power_n in drawn.most_common() if power_n)

    def _cost_p(self, drawn_n: int, produced_n: int) -> int | None:
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
        earned_p = produced_n * amounts.get("export", 0)
        return (drawn_n * amounts["electricity"] - earned_p) * _COST_OF_STEP
