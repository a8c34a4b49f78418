"""What a gateway shows beside its live devices: a view of itself, and of the devices that it does not read."""

from __future__ import annotations

from collections.abc import Sequence

from actors.gateway.begindevices import Unread
from actors.message.device import BlockRead
from runtime.core.sample.interval import MINUTE_MS
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.core.view import BusView, DeviceView, GatewayView, Trouble


class Pace:
    """What was read of devices that nobody looks at waits until it is shown with what else is read in a moment.

    Of each block the newest is kept, and the newest before the last minute ended: an interval may have ended then.
    Times are monotonic seconds.
    """

    def __init__(self, view_s: float) -> None:
        """``view_s`` lies between two views of a device at least."""
        self._view_s = view_s
        self._shown_at: dict[int, float] = {}
        self._waiting: dict[int, dict[tuple[int, int], BlockRead]] = {}

    def wait_s(self, read: BlockRead, now: float) -> float | None:
        """How long it waits; 0.0 = not at all, None = with others that wait already."""
        waiting, key = self._waiting.get(read.device), (read.block, read.ts_ms // MINUTE_MS)
        if waiting is not None:
            waiting[key] = read
            return None
        wait_s = max(0.0, self._shown_at.get(read.device, -self._view_s) + self._view_s - now)
        if wait_s:
            self._waiting[read.device] = {key: read}
        else:
            self._shown_at[read.device] = now
        return wait_s

    def take(self, device: int, now: float) -> Sequence[BlockRead]:
        """What waits of a device; it is shown now."""
        waiting = self._waiting.pop(device, None)
        if waiting is None:
            return ()
        self._shown_at[device] = now
        return tuple(waiting.values())


def gateway_view(
    spec: GatewaySpec, devices: Sequence[DeviceSpec], link: Trouble | None, bus: BusView | None
) -> GatewayView:
    """``link`` is why nothing can be reached, None when it can; ``bus`` the view of its bus, if there is one."""
    state = "off" if not spec.on else "on" if link is None else "communication_error"
    round_s = 0.0 if bus is None else bus.round_s
    ids = tuple(device.id for device in devices)
    return GatewayView(spec.id, spec.name, spec.url, state, ids, round_s, link)


def unread_view(unread: Unread, now_ms: int) -> DeviceView:
    spec = unread.spec
    trouble = Trouble(unread.code, unread.detail, now_ms) if unread.code else None
    state = "configuration_error" if trouble else "off"
    return DeviceView(spec.id, spec.name, spec.gateway, state, trouble=trouble, model=spec.model, address=spec.address)
