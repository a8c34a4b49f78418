"""By what a device's counters are read: whatever of it is edited begins their ledgers at another index."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.core.energy.counterbase import ROW
from runtime.core.energy.counterlimits import CounterFacts
from runtime.core.site.installation import DeviceSpec
from runtime.core.site.spec import RATED_A

RATINGS = (RATED_A,)  # parameters that change what is plausible, and no index


def base_of(spec: DeviceSpec, facts: Mapping[str, CounterFacts]) -> Mapping[str, str]:
    """Name of what can be edited -> how it is."""
    parameters = {name: str(value) for name, value in sorted(spec.parameters.items()) if name not in RATINGS}
    address = "/".join(str(part) for part in (spec.unit, spec.interface, spec.side, spec.position) if part)
    rows = {ROW + quantity: fact.row for quantity, fact in facts.items() if fact.row}
    own = {"model": spec.model, "gateway": str(spec.gateway), "address": address, "supply": spec.supply}
    return {**own, **parameters, **rows}
