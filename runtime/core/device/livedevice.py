"""One device as its gateway knows it: last values with their time, whether it answers, its open sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from runtime.core.decode.decoder import Decoder
from runtime.core.device.command import Target
from runtime.core.device.serialchange import NAMING, Name
from runtime.core.map.normalise import DeviceSettings
from runtime.core.quantity.quality import Quality
from runtime.core.sample.sampling import Closed, Sampling, SlotOf
from runtime.core.site.installation import DeviceSpec
from runtime.core.source.query import Query
from runtime.core.view import DeviceView, Trouble

FAILURES_SHOWN = 2  # failed polls in a row that make a communication error
DIVISIBLE = ("exception_2", "exception_3")  # a smaller read may do
MISCONFIGURED = ("exception_1", "exception_2", "exception_3")  # asking again changes nothing: wrong model or map


class LiveDevice:
    """State of one device; changed by what its bus tells, shown by ``view``."""

    def __init__(
        self, spec: DeviceSpec, compiled: Decoder, interval_of: SlotOf, now_ts: int, stale_after_s: int
    ) -> None:
        self.spec = spec
        self.compiled = compiled
        self.unit = compiled.address_of(spec)
        self._settings = DeviceSettings(spec.supply, spec.parameters)
        self._slots = [compiled.slots(block, self._settings) for block in range(len(compiled.blocks))]
        self._parameters = [block.kind == "parameter" for block in compiled.blocks]
        self._values = compiled.blank()
        self._ts_ms = [0] * len(self._values)
        self._quality = (0,) * len(self._values)
        self._stale_after_s = stale_after_s
        self._address = spec.address
        self._state = "unknown"
        self._trouble: Trouble | None = None
        self._failures = 0
        self._refused: dict[int, Trouble] = {}
        self._doubt: Trouble | None = None
        self._distrusted = False
        self._version = 0
        self._splits = compiled.reads(self._slots)
        self._naming = _naming(compiled, self._slots)
        self._sampling = Sampling(compiled.shape(self._settings), interval_of, now_ts)

    @property
    def state(self) -> str:
        return self._state

    @property
    def trouble(self) -> Trouble | None:
        return self._trouble

    @property
    def doubt(self) -> Trouble | None:
        """Why it seems to be another device than the one configured."""
        return self._doubt

    @property
    def counter_blocks(self) -> tuple[int, ...]:
        """Blocks to read at the edge of a slot."""
        return self._sampling.counter_blocks

    def reads(self) -> Iterator[tuple[int, str, Query]]:
        """Number, kind and request of each block to read, or of its parts where the device refused the whole."""
        for number in self._splits.active:
            kind = self.compiled.blocks[self._splits.block_of(number)].kind
            yield number, kind, self._splits.request(number, self.unit)

    def reads_of(self, quantity: str) -> Iterator[tuple[int, Query]]:
        """Number and request of the block (or of its parts) that tells one quantity; nothing when none does."""
        slot = self.compiled.quantities.index(quantity) if quantity in self.compiled.quantities else -1
        for number, _, request in self.reads():
            if slot in self._slots[number]:
                yield number, request

    def as_target(self) -> Target:
        return Target(self.spec, self.compiled.commands, self.compiled.trust, self.unit)

    def value_of(self, quantity: str) -> int | str | None:
        """The newest value, a count of the quantity's step."""
        return self._values[self.compiled.quantities.index(quantity)]

    def read(self, block: int, ts_ms: int, payload: bytes) -> tuple[Sequence[Closed], bool]:
        """One block (or part of one) answered. Returns the samples it completes, and whether a parameter changed."""
        values, times = self._values, self._ts_ms
        changed = False
        if self._parameters[block]:
            changed = self._read_parameters(block, ts_ms, payload)
        else:
            self._decode(block, payload)
        for slot in self._slots[block]:
            times[slot] = ts_ms
        if self.compiled.derived:
            self.compiled.derive(values)
            for slot, parts in self.compiled.derived:
                times[slot] = min([times[part] for part in parts])
        if self._failures or self._refused or self._state != "on":
            self._is_well(block)
        return self._believed(self._sampling.read(block, ts_ms, values)), changed

    def exchanged(self, quantity: str) -> None:
        """A counter goes on from another index; what it showed until now is booked elsewhere."""
        self._sampling.exchanged(quantity)

    def name(self, block: int) -> Name:
        """What this block told of who the device is, () when it does not."""
        return tuple([self._values[slot] for slot in self._naming.get(block, ())])

    def failed(self, block: int, ts_ms: int, code: str, detail: str) -> bool:
        """One block did not answer, or not properly. Returns whether it is to be read in other parts from now on."""
        if code in DIVISIBLE and self._divide(block):
            return True
        trouble = Trouble(code, detail, ts_ms)
        if code in MISCONFIGURED:
            self._forget(block)
            self._refused.setdefault(block, trouble)
            self._is_well(-1)
            return False
        self._failures += 1
        if self._failures >= FAILURES_SHOWN:
            self._ail("communication_error", trouble)
        return False

    def cut_off(self, trouble: Trouble) -> None:
        """The link to it is down."""
        self._failures = FAILURES_SHOWN
        self._ail("communication_error", trouble)

    def expire(self, now_ms: int) -> Sequence[Closed]:
        """Samples that wait no longer for counters."""
        return self._believed(self._sampling.expire(now_ms))

    def rebase(self, shift_ms: int, now_ts: int) -> Sequence[Closed]:
        """The clock was put right by so much. Returns what was sampled before; sampling begins anew."""
        self._ts_ms = [ts_ms + shift_ms if ts_ms else 0 for ts_ms in self._ts_ms]
        return self._believed(self._sampling.begin_anew(now_ts))

    def suspect(self, doubt: Trouble | None, now_ts: int, *, sure: bool = True) -> None:
        """It seems to be another device than the one configured; None = it is the right one.

        sure  its values are suspect then and its counters count for nothing; else it is only said
        """
        self._doubt = doubt
        distrusted = doubt is not None and sure
        if distrusted != self._distrusted:
            self._distrusted = distrusted
            self._quality = (int(Quality.SUSPECT if distrusted else Quality.GOOD),) * len(self._values)
            self._sampling.begin_anew(now_ts)  # what was sampled so far came from who knows what
        self._is_well(-1)

    def view(self) -> DeviceView:
        self._version += 1
        spec = self.spec
        return DeviceView(
            spec.id, spec.name, spec.gateway, self._state, self.compiled.quantities, tuple(self._values),
            tuple(self._ts_ms), self._quality, self._trouble, spec.model, self._address, self.compiled.trust,
            self._stale_after_s, self._version,
        )  # fmt: skip

    def _believed(self, samples: Sequence[Closed]) -> Sequence[Closed]:
        if not self._distrusted:
            return samples
        return [
            replace(closed, quality=(int(Quality.SUSPECT),) * len(closed.columns_n), counters={}) for closed in samples
        ]

    def _read_parameters(self, block: int, ts_ms: int, payload: bytes) -> bool:
        """A parameter that changes scales the counters anew: no energy lies between the readings around it."""
        before = [self._values[slot] for slot in self.compiled.parameters]
        self._decode(block, payload)
        after = [self._values[slot] for slot in self.compiled.parameters]
        changed = any(old is not None and old != new for old, new in zip(before, after, strict=True))
        if changed:
            self._sampling.rescaled(ts_ms)
        return changed

    def _decode(self, block: int, payload: bytes) -> None:
        if not self._splits.is_part(block):
            self.compiled.apply(block, payload, self._values, self._settings)
            return
        whole = self._splits.assemble(block, payload)
        self.compiled.apply(self._splits.block_of(block), whole, self._values, self._settings)
        for slot in self._splits.unknown(block):
            self._values[slot] = None

    def _divide(self, block: int) -> bool:
        """Read it in two parts, if it can be divided."""
        parts = self._splits.split(block)
        for part in parts:
            self._slots.append(part.slots)
            self._parameters.append(self._parameters[block])
        if parts:
            self._sampling.split(block, {part.number: part.slots for part in parts})
        return bool(parts)

    def _forget(self, block: int) -> None:
        """What it refuses has no value, and no sample waits for it."""
        self._splits.forget(block)
        self._sampling.excuse(block)
        for slot in self._slots[block]:
            self._values[slot] = None

    def _is_well(self, block: int) -> None:
        """It answers: what it refuses is shown beside that, and is a fault of the configuration when it refuses all."""
        self._failures = 0
        self._refused.pop(block, None)
        refusal = next(iter(self._refused.values()), None)
        if len(self._refused) == len(self._splits.active):
            self._ail("configuration_error", self._doubt or refusal)
        elif self._distrusted:
            self._ail("configuration_error", self._doubt)
        else:
            self._state, self._trouble = "on", self._doubt or refusal

    def _ail(self, state: str, trouble: Trouble | None) -> None:
        """The same trouble keeps the time since when it lasts."""
        same = self._trouble is not None and trouble is not None and self._trouble.code == trouble.code
        if not (same and self._state == state):
            self._state, self._trouble = state, trouble


def _naming(compiled: Decoder, slots: Sequence[Sequence[int]]) -> dict[int, tuple[int, ...]]:
    """Block -> slots in which the device names itself."""
    found = {
        block: tuple(slot for slot in own if compiled.quantities[slot] in NAMING) for block, own in enumerate(slots)
    }
    return {block: own for block, own in found.items() if own}
