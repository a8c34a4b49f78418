"""One device as its gateway knows it, and what each answer of it, or its silence, lets be known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from runtime.core.clock.clocktrust import ClockView
from runtime.core.decode.decoder import Decoder, settings_of
from runtime.core.device.command import Target
from runtime.core.device.counterbase import base_of
from runtime.core.device.health import DIVISIBLE, HANG_UPS, LOSSES, LOST, MISCONFIGURED, SILENCES, SILENT, DeviceHealth
from runtime.core.device.sampler import DeviceSampler, is_won
from runtime.core.device.serialchange import Names
from runtime.core.device.sharedaddress import SHARED
from runtime.core.device.statechange import Event, StateChanges
from runtime.core.device.values import DeviceValues
from runtime.core.identity.modelcheck import Verdict
from runtime.core.quantity.quality import Quality
from runtime.core.sample.sampling import Closed, SlotOf
from runtime.core.site.installation import DeviceSpec
from runtime.core.source.query import Query
from runtime.core.view import DeviceView, Trouble

TRUSTED = ClockView()


@dataclass(frozen=True, slots=True)
class Heard:
    """What became known of a device.

    ts_ms     UTC of the events
    events    code and detail of what happened, oldest first
    samples   what may be recorded
    answered  it said something, if only no
    came_back it had not answered before, or it names itself otherwise now: it may be another device
    renamed   number of the read in which it names itself otherwise; None = it does not
    replan    its reads are others from now on
    """

    device: LiveDevice
    ts_ms: int = 0
    events: Sequence[Event] = ()
    samples: Sequence[Closed] = ()
    answered: bool = False
    came_back: bool = False
    renamed: int | None = None
    replan: bool = False


class LiveDevice:
    """Each step takes what its bus tells and returns what is heard by it; ``view`` shows how it is.

    interval_of  slots of the site's time
    clock    what is known of it at the beginning
    """

    def __init__(
        self,
        spec: DeviceSpec,
        compiled: Decoder,
        interval_of: SlotOf,
        now_ts: int,
        stale_after_s: int,
        clock: ClockView = TRUSTED,
    ) -> None:
        self.spec = spec
        self.compiled = compiled
        self.unit = compiled.address_of(spec)
        settings = settings_of(spec)
        self.values = DeviceValues(compiled, settings)
        self.health = DeviceHealth()
        shape = compiled.shape(settings)
        self.facts = shape.facts  # of its counters
        self.sampler = DeviceSampler(shape, interval_of, now_ts, clock)
        self._states = StateChanges(compiled.quantities)
        self._names = Names()
        self._stale_after_s = stale_after_s
        self._version = 0
        self._hang_ups = 0
        self._losses = 0
        self._silences: dict[int, int] = {}  # by number of the read
        self._no_news = Heard(self, answered=True)

    # ---- steps

    def read(self, number: int, ts_ms: int, payload: bytes, now: float, *, suspect: bool = False) -> Heard:
        """One of its reads was answered. ``now`` is monotonic seconds.

        suspect  it may be the answer to an earlier request: it is shown as suspect, and nothing is made of it
        """
        values, health = self.values, self.health
        if suspect:
            return self._read_suspect(number, ts_ms, payload)
        rescaled = values.take(number, ts_ms, payload)
        before = health.state
        health.answered(number, values.active)
        samples = self.sampler.take(number, ts_ms, values.values_n, now, rescaled=rescaled, suspects=values.suspects)
        events = self._states.look(values.values_n)
        name = values.name(number)
        if not (samples or events or rescaled or name or health.state != before):
            return self._no_news
        renamed, renaming = self._rename(number, name, now)
        scaling = [("parameter_changed", "a parameter that scales its counters changed")] if rescaled else []
        return Heard(
            self, ts_ms, (*events, *scaling, *self._turn(before), *renaming), samples, answered=True,
            came_back=renamed or before == "communication_error", renamed=number if renamed else None,
        )  # fmt: skip

    def doubted(self, number: int) -> Heard:
        """What one of its reads brought last may have been the answer to another request."""
        if number in self.values.active:
            self.values.doubt(number)
        return Heard(self)

    def failed(self, number: int, ts_ms: int, code: str, detail: str) -> Heard:
        """One of its reads was not answered, or not properly."""
        health, before, trouble = self.health, self.health.state, Trouble(code, detail, ts_ms)
        known = health.trouble is not None and health.trouble.code == code
        shared = [(code, detail)] if code == SHARED and not known else []
        replan = self._may_divide(number, code) and self._split(number)
        if not replan and code in MISCONFIGURED:
            self._forget(number, trouble)
        elif not replan:
            health.failed(trouble)
        return Heard(
            self, ts_ms, (*shared, *self._turn(before)), answered=code in MISCONFIGURED,
            came_back=before == "communication_error", replan=replan,
        )  # fmt: skip

    def cut_off(self, trouble: Trouble) -> Heard:
        """The link to it is down."""
        before = self.health.state
        self.health.cut_off(trouble)
        return Heard(self, trouble.since_ms, self._turn(before))

    def identified(self, verdict: Verdict, ts_ms: int) -> Heard:
        """It was asked what it is: another than configured, or the right one again."""
        before, sentence = self.health.doubt, str(verdict)
        if sentence and (before is None or before.message != sentence):
            self.suspect(Trouble("model_other", sentence, ts_ms), ts_ms // 1000, sure=verdict.sure)
            return Heard(self, ts_ms, [("model_other", sentence)])
        if before is not None and before.code == "model_other" and not sentence:
            self.suspect(None, ts_ms // 1000)
            return Heard(self, ts_ms, [("model_right", "")])
        return Heard(self, ts_ms)

    def suspect(self, doubt: Trouble | None, now_ts: int, *, sure: bool = True) -> None:
        """It seems to be another device than the one configured; None = it is the right one.

        sure  its values are suspect then and its counters count for nothing; else it is only said
        """
        if self.health.suspect(doubt, self.values.active, sure=sure):
            distrusted = self.health.distrusted
            self.values.mark(Quality.SUSPECT if distrusted else Quality.GOOD)
            self.sampler.believe(not distrusted, now_ts)

    def expire(self, now_ms: int) -> Heard:
        """Time has passed: samples that wait no longer."""
        return Heard(self, now_ms, samples=self.sampler.expire(now_ms))

    def follow(self, clock: ClockView, now_ms: int) -> Heard:
        """More is known of the clock: once it is trusted, what was dated before is put right."""
        if is_won(self.sampler.clock, clock):
            self.values.shift(clock.shift_ms)
        return Heard(self, now_ms, samples=self.sampler.follow(clock, now_ms))

    def hand_over(self) -> Heard:
        """Somebody else reads it from now on: what its counters showed is not lost."""
        return Heard(self, samples=self.sampler.hand_over())

    # ---- what others ask

    def reads(self) -> Iterator[tuple[int, str, Query]]:
        """Number, kind and request of each block to read, or of its parts where the device refused the whole."""
        return self.values.reads(self.unit)

    def reads_of(self, quantity: str) -> Iterator[tuple[int, Query]]:
        """Number and request of the block (or of its parts) that tells one quantity; nothing when none does."""
        for number, _, request in self.reads():
            if self.values.brings(number, quantity):
                yield number, request

    @property
    def base(self) -> Mapping[str, str]:
        """By what its counters are read."""
        return base_of(self.spec, self.facts)

    def as_target(self) -> Target:
        return Target(self.spec, self.compiled.commands, self.compiled.trust, self.unit)

    def count(self) -> None:
        """It answered; what it said is taken with the next view or replaced by what comes after it."""
        self._version += 1

    def view(self) -> DeviceView:
        self._version += 1
        spec, values, health = self.spec, self.values, self.health
        return DeviceView(
            spec.id, spec.name, spec.gateway, health.state, self.compiled.quantities, tuple(values.values_n),
            tuple(values.ts_ms), values.quality, health.trouble, spec.model, spec.address, self.compiled.trust,
            self._stale_after_s, self._version,
        )  # fmt: skip

    # ---- parts of steps

    def _read_suspect(self, number: int, ts_ms: int, payload: bytes) -> Heard:
        before = self.health.state
        if self.values.block_of(number).kind != "parameter":  # those scale the counters
            self.values.take(number, ts_ms, payload)
        self.values.doubt(number)
        self.health.answered(number, self.values.active)
        return Heard(self, ts_ms, self._turn(before), answered=True)

    def _turn(self, before: str) -> Sequence[Event]:
        """It went, or came back, since it was in the state ``before``."""
        state, trouble = self.health.state, self.health.trouble
        if state == before:
            return ()
        if state == "communication_error":
            return [(state, trouble.message if trouble else "")]
        return [("communication_restored", "")] if before == "communication_error" else ()

    def _rename(self, number: int, name: tuple[int | str | None, ...], now: float) -> tuple[bool, Sequence[Event]]:
        """Whether it names itself as never before; two that take turns have one address."""
        change = self._names.note(number, name, now) if name else "same"
        shown = ", ".join(str(part) for part in name)
        if change == "changed":
            return True, [("device_exchanged", f"it is {shown} now")]
        if change == "alternates":
            detail = f"two devices take turns at the address {self.spec.unit}: {shown} is back"
            return False, [(SHARED, detail)]
        return False, ()

    def _may_divide(self, number: int, code: str) -> bool:
        """Whether a smaller read may do: also where one that was never answered may touch what the device lacks, and
        the device hangs up at that, or stays silent while it answers others.
        """
        if code in DIVISIBLE:
            return True
        if not self.values.is_unread(number):
            return False
        if code == SILENT and self.health.state == "on":
            self._silences[number] = self._silences.get(number, 0) + 1
        if code == LOST:
            self._losses += 1
        speaks = any(self.values.ts_ms)  # else something between may be to blame, such as another who holds the link
        loses = code == LOST and (speaks or self._losses >= LOSSES)
        if loses or self._silences.get(number, 0) >= SILENCES:
            self._hang_ups += 1
            return self._hang_ups <= HANG_UPS
        return False

    def _split(self, number: int) -> bool:
        parts = self.values.split(number)
        if parts:
            self.sampler.split(number, parts)
        return bool(parts)

    def _forget(self, number: int, trouble: Trouble) -> None:
        """What it refuses has no value, and no sample waits for it."""
        self.values.forget(number)
        self.sampler.excuse(number)
        self.health.refused(number, trouble, self.values.active)
