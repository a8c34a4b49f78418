"""What becomes of devices that a loop of servers leads to: nothing that they count is believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from actors.message.servertree import LoopReported
from runtime.core.device.livedevice import Heard, LiveDevice
from runtime.core.map.labels import LINKED
from runtime.core.view import Trouble

CODE = "server_loop"


def judge(devices: Iterable[LiveDevice], message: LoopReported, now_ms: int) -> Iterator[Heard]:
    """Those of other servers that are believed otherwise from now on."""
    for device in devices:
        doubt = device.health.doubt
        is_refused = doubt is not None and doubt.code == CODE
        if device.spec.model == LINKED and is_refused != bool(message.path):
            device.suspect(Trouble(CODE, message.path, now_ms) if message.path else None, now_ms // 1000)
            yield Heard(device, now_ms)
