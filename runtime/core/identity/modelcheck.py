"""Whether a device is the one that was configured, by the registers in which devices name themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from runtime.core.identity.identify import fits
from runtime.core.identity.phases import PhaseProbe
from runtime.core.map.devicemap import DeviceMap, Probe
from runtime.core.modbus.request import READ_FUNCTIONS, Request

Place = tuple[str, int, int]  # space, first register, registers
Answers = Mapping[Place, bytes | None]  # None: refused or silent
SILENCES = 2  # reads that a device may leave unanswered before it is left alone
_LONG_BITS = 32


@dataclass(frozen=True, slots=True)
class Verdict:
    """``finding`` is "same", "other" or "unknown"; ``like`` are titles of the models it answers like.

    sure  the device lacks its own name or has another's, and not just a short number that another may have as well
    more_phases  it shows a voltage where those models have their second phase, and its own has none
    """

    finding: str
    like: tuple[str, ...] = ()
    sure: bool = True
    more_phases: bool = False

    def __str__(self) -> str:
        """For people, "" when there is nothing to say."""
        if self.finding != "other":
            return ""
        if self.more_phases:
            return f"has more than the one phase that is read: it answers like {' or '.join(self.like)}"
        if not self.like:
            return "does not name itself as the model that is configured"
        return f"answers like {' or '.join(self.like)}"


def address_of(probe: Probe) -> Place:
    return probe.space, probe.at, probe.words


def addresses_of(maps: Iterable[DeviceMap]) -> tuple[Place, ...]:
    """Every place where a device of these kinds may name itself, each once; reads, and nothing else."""
    return tuple(dict.fromkeys(address_of(probe) for found in maps for probe in names_itself(found)))


def names_itself(found: DeviceMap) -> tuple[Probe, ...]:
    """Its probes that tell it from others; one that takes any answer does not, nor does one for searches alone."""
    return tuple(probe for probe in found.identify if probe.equals and not probe.optional)


def judge(
    configured: DeviceMap, maps: Iterable[DeviceMap], answers: Answers, phases: Iterable[PhaseProbe] = ()
) -> Verdict:
    """What the answers say about the device.

    maps  all that it could be. A kind without a name of its own is only doubted when the device names itself as one
          of another maker with other registers: a maker's devices, and those that others sell under their own name,
          may share one name. A map without maker is somebody's own, for just this device.
    """
    own = [_fit(probe, configured, answers) for probe in names_itself(configured)]
    if own and all(own):
        return Verdict("same")
    named = [found for found in maps if found.id != configured.id and _is_named(found, answers)]
    if False in own:
        return Verdict("other", _titles(named))
    if not own and not configured.maker:
        return Verdict("unknown")
    strangers = [found for found in named if not _related(found, configured)]
    if strangers and len(strangers) == len(named):
        return Verdict("other", _titles(strangers), any(map(_is_long, strangers)))
    answered = [(probe, payload) for probe in phases if (payload := answers.get(_address_of_phase(probe))) is not None]
    like = [title for probe, payload in answered if probe.fits(payload) for title in probe.like]
    return Verdict("other", tuple(like), sure=False, more_phases=True) if like else Verdict("unknown")


@dataclass(frozen=True, slots=True)
class KnownModels:
    """What devices are checked against.

    configured  device -> the map that it is read by; those that are taken as they are do not stand here
    known       all that a device could be: the maps that tell
    phases      device -> where it is asked for a second phase that its map does not read
    """

    configured: Mapping[int, DeviceMap]
    known: tuple[DeviceMap, ...] = ()
    phases: Mapping[int, tuple[PhaseProbe, ...]] = field(default_factory=dict)


class Enquiry:
    """The questions to one device, one after the other, and what its answers say. One that names itself as it should
    is asked no further, one that does not answer neither.
    """

    def __init__(self, configured: DeviceMap, maps: Collection[DeviceMap], phases: Collection[PhaseProbe] = ()) -> None:
        self._configured = configured
        self._maps = maps
        self._phases = phases
        own = addresses_of([configured])
        self._own = len(own)
        self._wanted: Sequence[Place] = tuple(
            dict.fromkeys((*own, *addresses_of(maps), *map(_address_of_phase, phases)))
        )
        self._said: dict[Place, bytes | None] = {}
        self._silences = 0

    @property
    def is_incomplete(self) -> bool:
        """The device left something unanswered: what it said may be less than it could."""
        return self._silences > 0

    def next(self) -> Place | None:
        """Where to read now; None when it is over."""
        asked = len(self._said)
        if asked == len(self._wanted) or self._silences >= SILENCES:
            return None
        return None if asked == self._own and self.verdict().finding == "same" else self._wanted[asked]

    def next_request(self, unit: int) -> Request | None:
        """The same as the read that asks the device at an address."""
        position = self.next()
        if position is None:
            return None
        space, at, words = position
        return Request(unit, READ_FUNCTIONS[space], at, words)

    def take(self, payload: bytes | None, *, is_silent: bool = False) -> None:
        """The answer to what ``next`` gave; None = refused, or damaged, or silent."""
        self._said[self._wanted[len(self._said)]] = payload
        self._silences += is_silent

    def verdict(self) -> Verdict:
        return judge(self._configured, self._maps, self._said, self._phases)


def _address_of_phase(probe: PhaseProbe) -> Place:
    return probe.row.space, probe.row.at, probe.row.words


def _fit(probe: Probe, found: DeviceMap, answers: Answers) -> bool | None:
    payload = answers.get(address_of(probe))
    return None if payload is None else fits(probe, found, payload)


def _is_named(found: DeviceMap, answers: Answers) -> bool:
    probes = names_itself(found)
    return bool(probes) and all(_fit(probe, found, answers) for probe in probes)


def _related(one: DeviceMap, other: DeviceMap) -> bool:
    if one.maker == other.maker:
        return True
    rows = {(field.quantity, field.space, field.at) for field in one.fields}
    return any((field.quantity, field.space, field.at) in rows for field in other.fields)


def _titles(maps: Iterable[DeviceMap]) -> tuple[str, ...]:
    return tuple(found.title for found in maps)


def _is_long(found: DeviceMap) -> bool:
    """Whether no other device is likely to answer the same by chance."""
    return sum(16 * probe.words for probe in names_itself(found)) >= _LONG_BITS
