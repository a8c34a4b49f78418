"""Whether a device is the one that was configured, by the registers in which devices name themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runtime.core.devicemap import DeviceMap, Probe
from runtime.core.identify import fits

Place = tuple[str, int, int]  # space, first register, registers
Answers = Mapping[Place, bytes | None]  # None: refused or silent


@dataclass(frozen=True, slots=True)
class Verdict:
    """``finding`` is "same", "other" or "unknown"; ``like`` are titles of the models it answers like."""

    finding: str
    like: tuple[str, ...] = ()

    def __str__(self) -> str:
        """For people, "" when there is nothing to say."""
        if self.finding != "other":
            return ""
        if not self.like:
            return "does not name itself as the model that is configured"
        return f"answers like {' or '.join(self.like)}"


def place_of(probe: Probe) -> Place:
    return probe.space, probe.at, probe.words


def places(maps: Iterable[DeviceMap]) -> tuple[Place, ...]:
    """Every place where a device of these kinds may name itself, each once; reads, and nothing else."""
    return tuple(dict.fromkeys(place_of(probe) for found in maps for probe in telling(found)))


def telling(found: DeviceMap) -> tuple[Probe, ...]:
    """Its probes that tell it from others; one that takes any answer does not."""
    return tuple(probe for probe in found.identify if probe.equals)


def judge(configured: DeviceMap, maps: Iterable[DeviceMap], answers: Answers) -> Verdict:
    """What the answers say about the device.

    maps  all that it could be. A kind without a name of its own is only doubted when the device names itself as one
          of another maker with other registers: a maker's devices, and those that others sell under their own name,
          may share one name.
    """
    own = [_fit(probe, configured, answers) for probe in telling(configured)]
    if own and all(own):
        return Verdict("same")
    named = [found for found in maps if found.id != configured.id and _is_named(found, answers)]
    if False in own:
        return Verdict("other", _titles(named))
    strangers = [found for found in named if not _related(found, configured)]
    if strangers and len(strangers) == len(named):
        return Verdict("other", _titles(strangers))
    return Verdict("unknown")


def _fit(probe: Probe, found: DeviceMap, answers: Answers) -> bool | None:
    payload = answers.get(place_of(probe))
    return None if payload is None else fits(probe, found, payload)


def _is_named(found: DeviceMap, answers: Answers) -> bool:
    probes = telling(found)
    return bool(probes) and all(_fit(probe, found, answers) for probe in probes)


def _related(one: DeviceMap, other: DeviceMap) -> bool:
    if one.maker == other.maker:
        return True
    rows = {(field.quantity, field.space, field.at) for field in one.fields}
    return any((field.quantity, field.space, field.at) in rows for field in other.fields)


def _titles(maps: Iterable[DeviceMap]) -> tuple[str, ...]:
    return tuple(found.title for found in maps)
