"""What was opened or closed, by looks at all devices one after the other: breakers, contactors, controlled circuits."""

from __future__ import annotations

from runtime.core.device.statechange import SWITCHED, StateChanges
from runtime.core.site.installation import Installation
from runtime.core.view import DEVICE_VIEWS
from runtime.viewboard import Views


class Switching:
    """How a device is at the first look is no change; what cannot be read for a while is compared with how it was."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[tuple[str, ...], StateChanges]] = {}

    def look(self, site: Installation, views: Views) -> list[tuple[int, str]]:
        """(device, code of the event) of what was switched since the look before."""
        found, known = list[tuple[int, str]](), dict[int, tuple[tuple[str, ...], StateChanges]]()
        for device in site.devices:
            view = views.get(DEVICE_VIEWS.of(device.id))
            if view is None:
                continue
            before = self._known.get(device.id)
            if before is None or before[0] != view.quantities:
                before = view.quantities, StateChanges(view.quantities)
            known[device.id] = before
            found += [(device.id, code) for code, _ in before[1].look(view.values_n) if code in SWITCHED]
        self._known = known
        return found
