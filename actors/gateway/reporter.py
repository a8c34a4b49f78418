"""What a gateway tells the recorder of its devices: their samples, and what happened to them."""

from __future__ import annotations

from collections.abc import Iterator

from actors.message.device import EventReported, SampleClosed
from runtime.core.device.flapping import Flapping, Verdict
from runtime.core.device.livedevice import Heard, LiveDevice
from runtime.core.sample.sampling import Closed


class Reporter:
    """What flaps is told a few times and counted from then on. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._flapping = Flapping()

    def events(self, heard: Heard, now: float) -> Iterator[EventReported]:
        subject = f"device.{heard.device.spec.id}"
        for code, detail in heard.events:
            verdict = self._flapping.judge((subject, code), now)
            if verdict is Verdict.TELL:
                yield EventReported(heard.ts_ms, subject, code, detail)
            elif verdict is Verdict.FLAPS:
                detail = "it happens again and again; it is counted from now on"
                yield EventReported(heard.ts_ms, subject, f"{code}_flaps", detail)

    def calmed(self, now_ms: int, now: float) -> Iterator[EventReported]:
        for (subject, code), times in self._flapping.calmed(now):
            yield EventReported(now_ms, subject, f"{code}_calmed", f"{times} times, then not any more")


def samples_of(heard: Heard, poll_ms: int) -> Iterator[SampleClosed]:
    """``poll_ms``: how often the device's counters are read."""
    for closed in heard.samples:
        yield _sample(heard.device, closed, poll_ms)


def _sample(device: LiveDevice, closed: Closed, poll_ms: int) -> SampleClosed:
    recorded = () if closed.is_open else device.compiled.recorded
    return SampleClosed(
        device.spec.id, closed.start_ts, closed.end_ts, recorded, closed.columns_n, closed.quality,
        closed.counters, poll_ms, closed.rescaled_ms, closed.doubt, device.facts, closed.resumed, closed.steady,
        device.base, closed.begun_ms, closed.turned_ms, closed.is_open,
    )  # fmt: skip
