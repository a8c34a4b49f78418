"""What a gateway tells of its devices: that they go and come back, talk at once, were set otherwise."""

from __future__ import annotations

from collections.abc import Callable

from actors.message.device import BlockFailed, EventReported
from runtime.clock import Clock
from runtime.core.device.flapping import Flapping, Verdict
from runtime.core.device.livedevice import LiveDevice
from runtime.core.device.modelcheck import Verdict as Identity
from runtime.core.device.serialchange import Names
from runtime.core.device.sharedaddress import GARBLED, Outcomes
from runtime.core.view import Trouble


class Reporter:
    """What flaps is told a few times and counted from then on.

    send  takes the events to keep
    """

    def __init__(self, clock: Clock, send: Callable[[EventReported], object]) -> None:
        self._clock = clock
        self._send = send
        self._outcomes = Outcomes()
        self._flapping = Flapping()
        self._names = Names()

    def note(self, ts_ms: int, device: LiveDevice, code: str, detail: str) -> None:
        subject = f"device.{device.spec.id}"
        verdict = self._flapping.judge((subject, code), self._clock.monotonic())
        if verdict is Verdict.FLAPS:
            code, detail = f"{code}_flaps", "it happens again and again; it is counted from now on"
        if verdict is not Verdict.COUNT:
            self._send(EventReported(ts_ms, subject, code, detail))

    def note_state(self, ts_ms: int, device: LiveDevice, before: str) -> None:
        """Tell when the device went or came back since it was in the state ``before``."""
        if device.state == before:
            return
        if device.state == "communication_error":
            self.note(ts_ms, device, "communication_error", device.trouble.message if device.trouble else "")
        elif before == "communication_error":
            self.note(ts_ms, device, "communication_restored", "")

    def note_name(self, ts_ms: int, device: LiveDevice, block: int) -> bool:
        """Whether the device calls itself as never before; two that take turns have one address."""
        name = device.name(block)
        said = self._names.note(device.spec.id, block, name, self._clock.monotonic()) if name else "same"
        shown = ", ".join(str(part) for part in name)
        if said == "changed":
            self.note(ts_ms, device, "device_exchanged", f"it is {shown} now")
        elif said == "alternates":
            detail = f"two devices take turns at the address {device.spec.unit}: {shown} is back"
            self.note(ts_ms, device, "address_doubled", detail)
        return said == "changed"

    def note_verdict(self, ts_ms: int, device: LiveDevice, identity: Identity) -> None:
        """Mark a device that names itself as another than the configured one, or is the right one again."""
        before, told = device.doubt, str(identity)
        if told and (before is None or before.message != told):
            device.suspect(Trouble("model_other", told, ts_ms), ts_ms // 1000, sure=identity.sure)
            self.note(ts_ms, device, "model_other", told)
        elif before is not None and not told:
            device.suspect(None, ts_ms // 1000)
            self.note(ts_ms, device, "model_right", "")

    def note_answer(self, device: int) -> None:
        self._outcomes.note(device, False)

    def cause_of(self, device: LiveDevice, message: BlockFailed) -> tuple[str, str]:
        """Code and detail of a failure: what its address tells may say more than the answer itself."""
        garbled = message.code in GARBLED
        self._outcomes.note(message.device, garbled)
        if not (garbled and self._outcomes.is_shared(message.device)):
            return message.code, message.detail
        detail = f"two devices seem to have the address {device.spec.unit}: {message.detail}"
        if device.trouble is None or device.trouble.code != "address_doubled":
            self.note(message.ts_ms, device, "address_doubled", detail)
        return "address_doubled", detail

    def report_calmed(self) -> None:
        for (subject, code), times in self._flapping.calmed(self._clock.monotonic()):
            self._send(
                EventReported(self._clock.now_ms(), subject, f"{code}_calmed", f"{times} times, then not any more")
            )
