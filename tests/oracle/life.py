"""A life of a meter: what it counts, what goes wrong on its way to the server, and what people do meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.oracle.flow import Flow
from tests.oracle.register import Register

FLUIDS = ("electricity", "gas", "water")


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer reaches the server."""

    at_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """Answers that are not what the counter shows: the next ``answers``, or ``share`` of 1,000 until ``until_ms``.

    how    zero, ones (all bits set), count (the value), shift (off by so many counts), bit (turned, of the whole
           register), any bit, any number
    """

    at_ms: int
    how: str
    value: int = 0
    answers: int = 1
    until_ms: int = 0
    share: int = 1000
    seed: int = 0


@dataclass(frozen=True, slots=True)
class OtherMeter:
    """From now on another meter answers, or the same one was set to another index.

    index_m  what it begins at, in thousandths of a Wh or dm3
    """

    at_ms: int
    index_m: int


@dataclass(frozen=True, slots=True)
class Fallback:
    """The meter lost what it had not saved and goes on from a lower index."""

    at_ms: int
    lost_m: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Somebody edits what the index depends on; the server reads by ``register`` from now on. It is also an act.

    what      factor, address, register, words, weight, model, supply, gateway, ct
    index_m   what the counter that is read from now on shows, in its own terms; None = the same meter goes on, and its
              counts mean something else now
    """

    at_ms: int
    what: str
    register: Register
    index_m: int | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """Somebody declares, at ``at_ms``, that the meter was exchanged at ``exchanged_ms``, with both indexes.

    refused  it cannot be true: the server has to ask back and to book nothing for it
    """

    at_ms: int
    exchanged_ms: int
    last_m: int
    first_m: int
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """The sample rate is set to another one."""

    at_ms: int
    interval_s: int


@dataclass(frozen=True, slots=True)
class Restart:
    """The server is started anew: what it had not kept is gone."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class ClockOff:
    """The server's clock is ahead by ``ahead_ms`` until it is put right."""

    at_ms: int
    until_ms: int
    ahead_ms: int


Happening = Silence | Wrong | OtherMeter | Fallback | Edit | Replaced | Rate | Restart | ClockOff
Act = Edit | Replaced | Rate | Restart | ClockOff
ACTS = (Edit, Replaced, Rate, Restart, ClockOff)


@dataclass(frozen=True, slots=True)
class Life:
    """One counter from ``start_ms`` to ``end_ms``.

    first_m     what its index is worth at the start
    rated_m     highest rate that its circuit can carry, 0 = the server does not know
    happenings  by time
    reports     one of each tuple's words must be reported: exchange, reset, roll-over, glitch, return, dip, gap,
                rebased, falling, refused
    """

    name: str
    register: Register
    flow: Flow
    start_ms: int
    end_ms: int
    first_m: int
    zone: str = "Europe/Paris"
    fluid: str = "electricity"
    interval_s: int = 600
    poll_ms: int = 10_000
    rated_m: int = 0
    happenings: tuple[Happening, ...] = ()
    reports: tuple[tuple[str, ...], ...] = ()
    seed: int = 0
    _acts: tuple[Act, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        times = [happening.at_ms for happening in self.happenings]
        assert times == sorted(times), "happenings go by time"
        object.__setattr__(self, "_acts", tuple(each for each in self.happenings if isinstance(each, ACTS)))

    @property
    def acts(self) -> tuple[Act, ...]:
        """What is done to the server, by time."""
        return self._acts

    def polls(self) -> Iterator[int]:
        """Times at which a server could ask and be answered, a little uneven, as polls are."""
        random = Random(self.seed)
        silences = [each for each in self.happenings if isinstance(each, Silence)]
        ts_ms = self.start_ms + random.randrange(self.poll_ms)
        while ts_ms < self.end_ms:
            silence = next((each for each in silences if each.at_ms <= ts_ms < each.until_ms), None)
            if silence is None:
                yield ts_ms
            else:
                ts_ms = silence.until_ms
                continue
            ts_ms += self.poll_ms + random.randrange(-self.poll_ms // 10, self.poll_ms // 10 + 1)
