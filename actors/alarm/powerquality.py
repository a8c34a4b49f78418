"""The week by EN 50160 of the EQ device of each gateway, as a condition: judged once it is over."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from runtime.clock import Clock
from runtime.core.alarm.condition import Cause
from runtime.core.quantity.catalogue import to_float
from runtime.core.sample.en50160 import KO, QUANTITIES, Sample, check, last_week
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.view import DEVICE_VIEWS
from runtime.errors import WattkeeperError
from runtime.store.history import History
from runtime.viewboard import Views

LATE_S = 900  # after the end of a week: what is recorded late is in then

log = logging.getLogger("wattkeeper.alarms")


class PowerQualityWatch:
    """Lives in the thread of the owner of alarms. One device is judged a look: it takes a part of a second."""

    def __init__(self, history: History, clock: Clock, views: Views) -> None:
        self._history, self._clock, self._views = history, clock, views
        self._verdicts: dict[int, tuple[int, str]] = {}  # device -> (end of the week, verdict)

    def causes(self, site: Installation) -> Mapping[Cause, str]:
        """Cause -> English detail of all weeks that were not as the norm asks."""
        zone = zone_of(site)
        week = last_week(self._clock.now_ts() - LATE_S, zone)
        devices = {gateway.eq_device for gateway in site.gateways if gateway.eq_device and gateway.on}
        self._verdicts = {device: known for device, known in self._verdicts.items() if device in devices}
        due = [device for device in sorted(devices) if self._verdicts.get(device, (0, ""))[0] != week[1]]
        for device in due[:1]:
            self._judge(device, week)
        failed = [device for device, (_, verdict) in self._verdicts.items() if verdict == KO]
        return {Cause("en50160", f"device.{device}"): "the last week was not as EN 50160 asks" for device in failed}

    def _judge(self, device: int, week: tuple[int, int]) -> None:
        """A device that nobody has read yet is judged when it was."""
        view = self._views.get(DEVICE_VIEWS.of(device))
        recorded = set(QUANTITIES) & set(view.quantities if view else ())
        if not recorded:
            return
        try:
            samples = {quantity: list(self._samples(device, quantity, week)) for quantity in sorted(recorded)}
        except WattkeeperError as error:
            log.warning("the week of device %d cannot be read: %s", device, error)
            return
        self._verdicts[device] = week[1], check(week, samples, recorded).verdict

    def _samples(self, device: int, quantity: str, week: tuple[int, int]) -> Iterator[Sample]:
        for sample in self._history.samples(device, quantity, *week):
            n = sample.values_n.get("mean")
            if n is not None:
                yield sample.start_ts, sample.end_ts, to_float(quantity, n)
