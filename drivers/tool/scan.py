"""Who answers on a bus, and what it is likely to be: for ``wattkeeper scan``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from drivers.line import Line
from drivers.tool.candidates import Candidate, Candidates
from drivers.tool.ownname import OwnName, read_own_name
from runtime.clock import Clock
from runtime.core.map.devicemap import DeviceMap
from runtime.core.modbus.identification import Identification, read_identification
from runtime.core.modbus.registers import TEXT
from runtime.core.modbus.request import Request
from runtime.core.source.query import Query
from runtime.errors import BadAnswer, DriverError, LinkDown, NoAnswer, Refused

FIRST_S = 1.5  # a gateway says after its own time-out, mostly a second, that it found nobody
SERIAL_S = 0.4
LEAST_S = 0.15
LEARNT_AFTER = 3  # silent units after which the time-out follows what was seen
QUICK_S = 0.3  # for a network where nobody has answered yet
NOBODY = (10, 11)  # exceptions by which a gateway says that it found nobody there
WAITS_AT_ONCE = 2  # reads that one device may leave unanswered before it is left alone
DEAF = 2  # units that answer and leave function 43 unanswered: then whatever is between does not know it
LOST = "link_lost"  # by one that hangs up at registers that it does not have
SHOWN = 4


@dataclass(frozen=True, slots=True)
class ScannedDevice:
    """One unit that answers.

    took_s  of its first answer
    sure    it named itself, by a register or by its identification; else its values look like a meter's
    models  ids of maps, the likeliest first
    chosen  the one of them that it is as far as can be told, "" when several are left
    identification  what it says of itself by function 43/14, where it was asked
    """

    unit: int
    took_s: float
    sure: bool = False
    models: tuple[str, ...] = ()
    chosen: str = ""
    identification: Identification = Identification()


class TimeOut:
    """How long to wait for a unit that may not be there: long at first, then by the slowest answer seen."""

    def __init__(self, first_s: float) -> None:
        self._first_s = first_s
        self._slowest_s = 0.0
        self._gateway_s = 0.0
        self._silent = 0

    @property
    def seconds(self) -> float:
        if self._slowest_s:
            return min(self._first_s, max(LEAST_S, 3 * self._slowest_s, 3 * self._gateway_s))
        return self._first_s if self._silent < LEARNT_AFTER else min(self._first_s, QUICK_S)

    def answered(self, took_s: float) -> None:
        self._slowest_s = max(self._slowest_s, took_s)

    def nobody(self, took_s: float) -> None:
        """A gateway said that nobody is there; that may take it longer than any device, or no time at all."""
        self._gateway_s = max(self._gateway_s, took_s)

    def passed(self) -> None:
        self._silent += 1


class Scan:
    """One pass over a bus. Reads only, one unit after the other.

    line  not open yet; the caller closes it
    maps  what there is to recognise
    """

    def __init__(self, line: Line, clock: Clock, maps: Mapping[str, DeviceMap], *, is_serial: bool) -> None:
        self._line = line
        self._clock = clock
        self._maps = maps
        self._candidates = Candidates(maps)
        self._timeout = TimeOut(SERIAL_S if is_serial else FIRST_S)
        self._deaf = 0  # units that left function 43 unanswered
        self._is_known = False  # somebody answered it

    def run(self, units: Iterable[int], tell: Callable[[int], None] = lambda unit: None) -> Iterator[ScannedDevice]:
        """Those that answer, in order. Raises LinkDown when the bus itself cannot be reached.

        tell  gets each unit before it is asked
        """
        for unit in units:
            tell(unit)
            began = self._clock.monotonic()
            try:
                took_s = self._presence_s(unit)
            except LinkDown as error:
                if error.code != LOST:
                    raise
                hangs_up = self._recognise(unit, self._clock.monotonic() - began)
                yield from [hangs_up] if hangs_up.models else []
                continue
            if took_s is not None:
                yield self._recognise(unit, took_s)

    def _presence_s(self, unit: int) -> float | None:
        """Whether anything speaks there: a refusal is an answer, too."""
        began = self._clock.monotonic()
        try:
            self._ask(Request(unit, 3, 0, 1))
        except Refused as refused:
            if refused.exception in NOBODY:
                self._timeout.nobody(self._clock.monotonic() - began)
                return None
        except NoAnswer:
            self._timeout.passed()
            return None
        except BadAnswer:
            pass  # something is there, and perhaps two of it
        took_s = self._clock.monotonic() - began
        self._timeout.answered(took_s)
        return took_s

    def _ask(self, request: Query) -> bytes:
        if not self._line.is_open:
            self._line.open()
        return self._line.transact(request, self._timeout.seconds)

    def _recognise(self, unit: int, took_s: float) -> ScannedDevice:
        """By registers first, then by values, and by its identification where these leave a doubt."""
        ask = _Asked(self._ask)
        own = self._believed(read_own_name(self._maps, unit, ask.answer), unit, ask)
        if len(own.named) == 1 and own.is_sure:
            return ScannedDevice(unit, took_s, True, own.named, own.named[0])
        likely, chosen = self._likely(unit, ask, own)
        identification = self._read_identification(unit, ask)
        fitting = self._fitting(identification, own)
        if fitting:
            likely = self._candidates.find(unit, ask, fitting) if len(fitting) > 1 else []
            chosen = fitting[0] if len(fitting) == 1 else self._choose(likely)
        models = tuple(each.id for each in likely) or fitting or own.named
        is_named = bool(fitting) or bool(own.named) and own.is_sure
        return ScannedDevice(unit, took_s, is_named, models[:SHOWN], chosen, identification)

    def _believed(self, own: OwnName, unit: int, ask: _Asked) -> OwnName:
        """Without those that a mere number names while they measure what no meter does: another device has it there."""
        loose = (id for id in own.named if all(each.optional and each.type != TEXT for each in self._maps[id].identify))
        chance = {id for id in loose if not self._candidates.looks_right(id, unit, ask)}
        return replace(own, named=tuple(id for id in own.named if id not in chance)) if chance else own

    def _likely(self, unit: int, ask: _Asked, own: OwnName) -> tuple[list[Candidate], str]:
        """Those that it may be by its values, and which is chosen: none that it denies to be."""
        likely = self._candidates.find(unit, ask, own.named or None, own.excluded)
        chosen = self._choose(likely)
        return likely, "" if chosen in own.denied else chosen

    def _choose(self, likely: list[Candidate]) -> str:
        """The one that is left, or preferred among those that cannot be told apart; "" for somebody to say."""
        if len(likely) == 1:
            return "" if likely[0].has_dark_phase else likely[0].id
        return self._candidates.preferred(likely) if likely else ""

    def _read_identification(self, unit: int, ask: _Asked) -> Identification:
        """Empty for a device that does not know the function, or has left something unanswered before."""
        if ask.is_silent or not self._is_known and self._deaf >= DEAF:
            return Identification()
        try:
            found = read_identification(unit, ask)
        except DriverError:
            self._deaf += ask.is_silent
            return Identification()
        self._is_known = True
        return found

    def _fitting(self, identification: Identification, own: OwnName) -> tuple[str, ...]:
        """Models that the identification names, of those that its registers leave."""
        return tuple(
            id
            for id, found in self._maps.items()
            if (id in own.named or not own.named and id not in own.denied)
            and any(probe.fits(identification) for probe in found.identifications)
        )


class _Asked:
    """Reads of one unit, each asked once. One that stays silent, or hangs up, is asked sparingly."""

    def __init__(self, ask: Callable[[Query], bytes]) -> None:
        self._ask = ask
        self._answers: dict[Query, bytes | DriverError] = {}
        self._unanswered = 0

    @property
    def is_silent(self) -> bool:
        """Whether it has left anything unanswered so far."""
        return self._unanswered > 0

    def answer(self, request: Query) -> bytes | None:
        """None when it was refused, or the unit has fallen silent."""
        try:
            return self(request)
        except DriverError:
            return None

    def __call__(self, request: Query) -> bytes:
        """Raises DriverError, also for what was not asked any more."""
        if request not in self._answers:
            self._answers[request] = self._read(request)
        answer = self._answers[request]
        if isinstance(answer, DriverError):
            raise answer
        return answer

    def _read(self, request: Query) -> bytes | DriverError:
        if self._unanswered >= WAITS_AT_ONCE:
            return NoAnswer("no_answer", "it left other reads unanswered")
        try:
            return self._ask(request)
        except Refused as refusal:
            return refusal
        except DriverError as error:
            self._unanswered += 1
            return error
