"""Makes live devices of what is configured: each is read by its map, or there is a reason why it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.core.clock.clocktrust import ClockView
from runtime.core.decode.decoder import Decoder
from runtime.core.device.livedevice import LiveDevice
from runtime.core.site.installation import DeviceSpec

STALE_LEAST_S, STALE_PERIODS = 30, 3


@dataclass(frozen=True, slots=True)
class Unread:
    """A device that is not polled. ``code`` is empty where it is switched off."""

    spec: DeviceSpec
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DeviceMaker:
    """maps           what each device is read by: by device id, else by model
    interval_of    the sample interval of a time
    energy_s       period in which counters are read: a value is stale after three of them
    is_on          the gateway is
    """

    maps: Mapping[Any, Decoder]
    interval_of: Callable[[int], tuple[int, int]]
    energy_s: float
    is_on: bool

    def begin(self, spec: DeviceSpec, now_ts: int, clock: ClockView) -> LiveDevice | Unread:
        """``now_ts`` UTC seconds; ``clock`` what is known of it."""
        decoder = self.maps.get(spec.id) or self.maps.get(spec.model)
        if not (self.is_on and spec.on):
            return Unread(spec)
        if decoder is None:
            detail = f"no driver knows the model {spec.model}: check its name, and that its plugin is loaded"
            return Unread(spec, "model_unknown", detail)
        try:
            return LiveDevice(spec, decoder, self.interval_of, now_ts, self._stale_after_s(decoder), clock)
        except ValueError as error:
            return Unread(spec, "address_wrong", str(error))

    def _stale_after_s(self, decoder: Decoder) -> int:
        slowest_s = max((block.period_s for block in decoder.blocks), default=0.0)
        return max(STALE_LEAST_S, round(STALE_PERIODS * self.energy_s), round(STALE_PERIODS * slowest_s))
