"""What a device names itself by registers: which models that leaves, and which it rules out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from runtime.core.identity.identify import fits, probe_request
from runtime.core.map.devicemap import DeviceMap, Probe
from runtime.core.modbus.request import Request

Answer = Callable[[Request], bytes | None]  # None: refused or silent
_BLANKS = ({0x00}, {0x20}, {0xFF})  # what registers that a device lacks may read as


@dataclass(frozen=True, slots=True)
class OwnName:
    """What its registers say of itself, by ids of models.

    named     those that most of it fits
    denied    those that some of it does not fit; they are not chosen for anybody
    excluded  those of them that must show something else
    is_sure   of a single one that is named: it does more than share its maker's mark with models that the device is not
    """

    named: tuple[str, ...] = ()
    denied: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    is_sure: bool = True


def read_own_name(maps: Mapping[str, DeviceMap], unit: int, answer: Answer) -> OwnName:
    """Ask for each register by which one of the maps knows its devices; each is asked once by ``answer``."""
    verdicts = {id: list(_verdicts(found, unit, answer)) for id, found in maps.items()}
    denied = frozenset(id for id, listed in verdicts.items() if any(fit is False for _, fit in listed))
    excluded = frozenset(id for id in denied if any(fit is False and not probe.optional for probe, fit in verdicts[id]))
    scores = {id: sum(fit is True for _, fit in listed) for id, listed in verdicts.items() if id not in denied}
    best = {id: score for id, score in scores.items() if score and _has_required(verdicts[id])}
    named = tuple(id for id, score in best.items() if score == max(best.values()))
    return OwnName(named, denied, excluded, not (len(named) == 1 and _is_rest(named[0], denied, maps)))


def _verdicts(found: DeviceMap, unit: int, answer: Answer) -> Iterator[tuple[Probe, bool | None]]:
    """Each probe that tells something, and whether its answer fits; None where there is none."""
    for probe in found.identify:
        if not probe.equals:
            continue
        payload = answer(probe_request(probe, unit))
        if payload is None:
            yield probe, None
        elif fits(probe, found, payload):
            yield probe, True
        else:
            yield probe, None if set(payload) in _BLANKS else False


def _has_required(verdicts: list[tuple[Probe, bool | None]]) -> bool:
    return all(fit for probe, fit in verdicts if not probe.optional)


def _is_rest(id: str, denied: frozenset[str], maps: Mapping[str, DeviceMap]) -> bool:
    """Whether it is what remains of those with its mark, all of which have a name beside that the device has not."""
    own = set(maps[id].identify)
    return any(own == {probe for probe in maps[other].identify if not probe.optional} for other in denied)
