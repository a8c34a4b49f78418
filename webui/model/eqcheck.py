"""The check of the last week by EN 50160, of the device that its gateway names as EQ device."""

from __future__ import annotations

from collections.abc import Collection

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.sample import en50160
from runtime.core.sample.en50160 import Sample, WeekCheck, check, last_week
from runtime.text.figures import json_number
from webui.model.bridge import Bridge

KEPT_S = 600  # what is recorded late is seen after so long

_Key = tuple[tuple[int, int], int, frozenset[str]]


class EqChecks:
    """Judgement when somebody looks, and kept for each device."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._kept: dict[int, tuple[_Key, WeekCheck]] = {}

    def of(self, id: int) -> WeekCheck | None:
        """None = it is not the EQ device of its gateway."""
        installation = self._bridge.installation()
        device = installation.device(id)
        gateway = installation.gateway(device.gateway) if device is not None else None
        if gateway is None or gateway.eq_device != id:
            return None
        now_ts = self._bridge.clock.now_ts()
        key = last_week(now_ts, self._bridge.zone), now_ts // KEPT_S, frozenset(self._recorded(id))
        kept = self._kept.get(id)
        if kept is None or kept[0] != key:
            kept = self._kept[id] = key, self._judge(id, key[0], key[2])
        return kept[1]

    def _judge(self, id: int, week: tuple[int, int], recorded: Collection[str]) -> WeekCheck:
        return check(week, {quantity: self._samples(id, quantity, week) for quantity in sorted(recorded)}, recorded)

    def _recorded(self, id: int) -> set[str]:
        """Those of the norm that its map keeps; of a device that is not read, those that it told."""
        compiled, view = self._bridge.map_of(id), self._bridge.device(id)
        told = {quantity for quantity, statistic in compiled.recorded if statistic == "mean"} if compiled else set()
        return set(en50160.QUANTITIES) & (told or set(view.quantities if view else ()))

    def _samples(self, id: int, quantity: str, week: tuple[int, int]) -> list[Sample]:
        exp10 = QUANTITIES[quantity].exp10
        return [
            (sample.start_ts, sample.end_ts, float(json_number(n, exp10)))
            for sample in self._bridge.history.samples(id, quantity, *week)
            if (n := sample.values_n.get("mean")) is not None
        ]
