"""The permit that every write to a wire must carry: which unit may be changed, and until when.

Only ``permit_for`` and ``permit_for_master`` give one, and a bus writes nothing without: a map that nobody has proven
never reaches a wire by way of a forgotten check.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from runtime.core.site.installation import DeviceSpec
from runtime.core.source.query import Query
from runtime.errors import WattkeeperError

MOST_TRIAL_S = 86_400  # a trial ends by itself after a day at the latest


@dataclass(frozen=True, slots=True)
class Permit:
    """``until_ts`` is UTC seconds, 0 = without end; ``device`` 0 = whatever is there, for another master."""

    device: int
    unit: int
    until_ts: int = 0

    def allows(self, request: Query, now_ts: int) -> bool:
        return request.unit == self.unit and (self.until_ts == 0 or now_ts < self.until_ts)


def permit_for(spec: DeviceSpec, unit: int, trust: str, now_ts: int, *, demo: bool) -> Permit:
    """The permit to write to a device by a map of that trust.

    unit    its address on the wire
    demo    nothing real hangs on these wires
    raises  WattkeeperError(map_provisional) when the map is provisional and no trial of the device is running
    """
    if trust != "provisional" or demo:
        return Permit(spec.id, unit)
    if not is_on_trial(spec, now_ts):
        detail = f"the register table of {spec.model} is not confirmed, so nothing is written to {spec.name}"
        raise WattkeeperError("map_provisional", detail)
    return Permit(spec.id, unit, spec.trial_until_ts)


def permit_for_master(unit: int, permitted: Container[int]) -> Permit | None:
    """The permit of other masters to write to a unit; None = it is not among those that the settings permit.

    The unit is theirs to know: no map of ours says what they write.
    """
    return Permit(0, unit) if unit in permitted else None


def is_on_trial(spec: DeviceSpec, now_ts: int) -> bool:
    """A trial that ends later than one may be set to was never set on a right clock."""
    return now_ts < spec.trial_until_ts <= now_ts + MOST_TRIAL_S
