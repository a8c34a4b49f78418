"""Who answers on a bus, and what it is likely to be: for ``wattkeeper scan``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from drivers.line import Line
from runtime.clock import Clock
from runtime.core.decode.compiled import compile_map
from runtime.core.identity.identify import block_request, fits, identity_block, likeness, probe_request
from runtime.core.map.devicemap import DeviceMap
from runtime.core.modbus.request import Request
from runtime.errors import BadAnswer, DriverError, NoAnswer, Refused

FIRST_S = 1.5  # a gateway says after its own time-out, mostly a second, that it found nobody
SERIAL_S = 0.4
LEAST_S = 0.15
LEARNT_AFTER = 3  # silent units after which the time-out follows what was seen
QUICK_S = 0.3  # for a network where nobody has answered yet
NOBODY = (10, 11)  # exceptions by which a gateway says that it found nobody there
WAITS_AT_ONCE = 2  # reads that one device may leave unanswered before it is left alone
SHOWN = 4


@dataclass(frozen=True, slots=True)
class ScannedDevice:
    """One unit that answers.

    took_s  of its first answer
    sure    the models were told by an identification register, else by values that look like a meter's
    models  ids of maps, the likeliest first
    """

    unit: int
    took_s: float
    sure: bool = False
    models: tuple[str, ...] = ()


class TimeOut:
    """How long to wait for a unit that may not be there: long at first, then by the slowest answer seen."""

    def __init__(self, first_s: float) -> None:
        self._first_s = first_s
        self._slowest_s = 0.0
        self._silent = 0

    @property
    def seconds(self) -> float:
        if self._slowest_s:
            return min(self._first_s, max(LEAST_S, 3 * self._slowest_s))
        return self._first_s if self._silent < LEARNT_AFTER else min(self._first_s, QUICK_S)

    def answered(self, took_s: float) -> None:
        self._slowest_s = max(self._slowest_s, took_s)

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
        self._compiled = {id: compile_map(found) for id, found in maps.items()}
        self._timeout = TimeOut(SERIAL_S if is_serial else FIRST_S)

    def run(self, units: Iterable[int], tell: Callable[[int], None] = lambda unit: None) -> Iterator[ScannedDevice]:
        """Those that answer, in order. Raises LinkDown when the bus itself cannot be reached.

        tell  gets each unit before it is asked
        """
        for unit in units:
            tell(unit)
            took_s = self._presence_s(unit)
            if took_s is not None:
                sure = self._identified(unit)
                yield ScannedDevice(unit, took_s, bool(sure), sure or self._likely(unit))

    def _presence_s(self, unit: int) -> float | None:
        """Whether anything speaks there: a refusal is an answer, too."""
        began = self._clock.monotonic()
        try:
            self._ask(Request(unit, 3, 0, 1))
        except Refused as refused:
            self._timeout.answered(self._clock.monotonic() - began)
            if refused.exception in NOBODY:
                return None
        except NoAnswer:
            self._timeout.passed()
            return None
        except BadAnswer:
            pass  # something is there, and perhaps two of it
        took_s = self._clock.monotonic() - began
        self._timeout.answered(took_s)
        return took_s

    def _ask(self, request: Request) -> bytes:
        if not self._line.is_open:
            self._line.open()
        return self._line.transact(request, self._timeout.seconds)

    def _identified(self, unit: int) -> tuple[str, ...]:
        """Models that an identification register names; one that takes any answer does not tell enough."""
        said = _Asked(self._ask)
        named = []
        for id, found in self._maps.items():
            answers = [(probe, said.answer(probe_request(probe, unit))) for probe in found.identify if probe.equals]
            if answers and all(payload is not None and fits(probe, found, payload) for probe, payload in answers):
                named.append(id)
        return tuple(named[:SHOWN])

    def _likely(self, unit: int) -> tuple[str, ...]:
        """Models whose voltage, frequency … look like those of a meter at work: confirmed ones, and the most, first."""
        said = _Asked(self._ask)
        scores: dict[str, int] = {}
        for id, compiled in self._compiled.items():
            block = identity_block(compiled)
            payload = None if block is None else said.answer(block_request(compiled.blocks[block], unit))
            if block is not None and payload is not None:
                scores[id] = likeness(compiled, block, payload)
        likely = [id for id, score in scores.items() if score > 1]
        likely.sort(key=lambda id: (self._maps[id].trust == "provisional", -scores[id], id))
        return tuple(likely[:SHOWN])


class _Asked:
    """Reads of one unit, each asked once."""

    def __init__(self, ask: Callable[[Request], bytes]) -> None:
        self._ask = ask
        self._said: dict[Request, bytes | None] = {}
        self._unanswered = 0

    def answer(self, request: Request) -> bytes | None:
        """None when it was refused, or the unit has fallen silent."""
        if request not in self._said:
            self._said[request] = self._read(request)
        return self._said[request]

    def _read(self, request: Request) -> bytes | None:
        if self._unanswered >= WAITS_AT_ONCE:
            return None
        try:
            return self._ask(request)
        except Refused:
            return None
        except DriverError:
            self._unanswered += 1
            return None
