"""A telegram: all groups between STX and ETX, and nothing of it when one of them is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from runtime.core.tic.group import Group, read_group
from runtime.core.tic.label import HISTORIQUE, LABELS, STANDARD

_FIRST = {"ADCO": HISTORIQUE, "ADIR1": HISTORIQUE, "ADIR2": HISTORIQUE, "ADIR3": HISTORIQUE, "ADSC": STANDARD}
OVERRUNS = ("ADPS", "ADIR1", "ADIR2", "ADIR3")


@dataclass(frozen=True)
class Telegram:
    """What a meter said at once. ``groups``: by label, in the order in which they came."""

    mode: str
    groups: Mapping[str, Group]

    @cached_property
    def is_short(self) -> bool:
        """Of the bursts that a three-phase meter sends while a phase takes too much: no index, no power."""
        return any(label.startswith("ADIR") for label in self.groups)

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """Labels that nobody knows; their check sums were right."""
        return tuple(label for label, group in self.groups.items() if not group.is_known)

    def text(self, label: str) -> str | None:
        group = self.groups.get(label)
        return group.datum.decode("ascii") if group is not None and group.is_known else None

    def number(self, label: str, base: int = 10) -> int | None:
        text = self.text(label)
        return None if text is None else int(text, base)


def read_telegram(content: bytes) -> Telegram:
    """All between STX and ETX, seven bits each. Raises ValueError, for people, when any of it is damaged.

    A telegram with one wrong group is given up as a whole: the next one comes within two seconds, and check sums of six
    bits are worth more where many must be right at once.
    """
    bodies = list(_bodies(content))
    mode = _mode_of(bodies[0])
    groups: dict[str, Group] = {}
    for body in bodies:
        group = read_group(body, mode)
        if group.label in groups:
            raise ValueError(f"{group.label} stands in it twice")
        groups[group.label] = group
    return Telegram(mode, groups)


def _bodies(content: bytes) -> Iterator[bytes]:
    if len(content) < 2 or content[:1] != b"\n" or content[-1:] != b"\r":
        raise ValueError("its groups do not begin and end as they should")
    yield from content[1:-1].split(b"\r\n")


def _mode_of(first: bytes) -> str:
    name = first.replace(b"\t", b" ").partition(b" ")[0].decode("ascii", "replace")
    if name not in _FIRST:
        raise ValueError(f"it begins with {first[:20]!r} and not with the meter's address")
    return _FIRST[name]


def pack(telegram: Telegram) -> bytes:
    """A telegram as one payload: its mode, then label, moment and datum of each group, a line each."""
    lines = [telegram.mode.encode()]
    lines += [b"%s\t%s\t%s" % (each.label.encode(), each.horodate, each.datum) for each in telegram.groups.values()]
    return b"\n".join(lines)


def unpack(payload: bytes) -> Telegram:
    """Raises ValueError for what ``pack`` did not make."""
    mode, *lines = payload.split(b"\n")
    if mode.decode() not in LABELS:
        raise ValueError(f"{mode[:20]!r} is no mode")
    known, groups = LABELS[mode.decode()], {}
    for line in lines:
        name, horodate, datum = line.split(b"\t", 2)
        label = name.decode()
        groups[label] = Group(label, datum, horodate, label in known)
    return Telegram(mode.decode(), groups)
