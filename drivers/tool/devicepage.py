"""The page ``docs/devices.md``, a card per model and a row per catalogue number.

``python -m drivers.tool.devicepage tests/frames > docs/devices.md``
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from drivers.families.plugin import families
from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.family import Family
from runtime.core.map.labels import FAMILIES, CatalogueEntry
from runtime.core.quantity.catalogue import QUANTITIES

_HEAD = """# Devices

Every model that can be read, and how far it can be trusted. Written by `make pages`; a
test holds it true. The quantities are those of [quantities.md](quantities.md); how to add a model is told in
[HOWTO.md](../drivers/HOWTO.md).

- *published*: the registers are from the maker's own table.
- *field*: the registers are from open code or documents that others use with real devices; a meter's map has two
  sources that do not depend on each other.
- *provisional*: some of it is inferred or not confirmed. Its values show as unconfirmed and stay out of totals until an
  installer has held them against the device's display; nothing is ever written to such a device.

The *frame* is what tests the map: answers of a *device*, answers typed from a *document*, or *synthetic* ones, which
prove the decoding and nothing about the device.

"""
_SOURCES = """
## Sources

Where the registers of each map are from, and how its sources agree: *agree*, with what one alone tells; *differ*,
and which rows; *one source*; *no table* where nothing public confirms the registers.

| map | trust | frame | sources | agreement |
|---|---|---|---|---|
"""
_CATALOGUE = """
## Catalogue numbers

What stands on a label leads to a model above. *Asks for*: what an installer has to tell beside the name; *via*: the
module that the device needs to communicate. How they are kept is told in [catalogue.md](catalogue.md).
"""
_COLUMNS = """
| number | what | functions | phases | asks for | via | model | trust |
|---|---|---|---|---|---|---|---|
"""
_TRUSTS = ("published", "field", "provisional")
_PHASE = re.compile(r"_(l1|l12)(?=_|$)")
_NUMBER = re.compile(r"(?<=_)\d+(?=_|`)")
_OTHER_PHASES = {"l1": ("l2", "l3"), "l12": ("l23", "l31")}


def page(frames: Path) -> str:
    """The whole page, Markdown. ``frames`` is the folder of the frames that test the maps."""
    shown = list(families())
    maps = [found for family in shown for found in _maps_of(family)]
    models = sum(len(found.models) for found in maps)
    counts = Counter(found.trust for found in maps)
    parts = [
        _HEAD,
        f"{len(maps)} maps for {models} models: {', '.join(f'{counts[trust]} {trust}' for trust in _TRUSTS)}.\n",
    ]
    for family in shown:
        parts.append(f"\n## {family.title}\n")
        parts += [card(found, _origin(frames, found)) for found in sorted(_maps_of(family), key=_rank)]
    parts += [_SOURCES, *(sources(found, _origin(frames, found)) for found in sorted(maps, key=_rank))]
    trusts = {found.id: found.trust for found in maps}
    return "".join(parts) + "".join(_entries([entry for family in shown for entry in family.entries], trusts))


def _maps_of(family: Family) -> list[DeviceMap]:
    return [found for found in family.maps if isinstance(found, DeviceMap)]


def _entries(listed: Sequence[CatalogueEntry], trusts: Mapping[str, str]) -> Iterator[str]:
    yield _CATALOGUE
    for family, title in FAMILIES.items():
        rows = [row(entry, trusts[entry.map]) for entry in listed if entry.family == family]
        if rows:
            yield f"\n### {title}\n{_COLUMNS}{''.join(rows)}"


def row(entry: CatalogueEntry, trust: str) -> str:
    cells = (
        entry.number,
        entry.designation + (f", {entry.inputs} pulse inputs" if entry.inputs > 1 else ""),
        ", ".join(entry.functions),
        str(entry.phases or ""),
        ", ".join(name.replace("_", " ") for name in entry.parameters),
        entry.via,
        f"`{entry.map}`",
        trust,
    )
    return f"| {' | '.join(cells)} |\n"


def card(found: DeviceMap, origin: str) -> str:
    lines = [
        f"\n### {found.title}\n",
        f"`{found.id}` · {found.maker or 'any maker'} · **{found.trust}** · frame: {origin}",
    ]
    lines += [f"- Models: {', '.join(found.models)}"] if found.models else []
    lines.append(f"- Source: {found.source}")
    lines += [f"- Agreement: {found.agreement}"] if found.agreement else []
    lines += [f"- Note: {found.note}"] if found.note else []
    lines += [f"- {what}: {', '.join(ids)}" for what, ids in _quantities(found)]
    if found.commands:
        lines.append("- Can be told: " + ", ".join(_series([f"`{command.name}`" for command in found.commands])))
    return "\n".join(lines) + "\n"


def sources(found: DeviceMap, origin: str) -> str:
    """The map's row in the table of sources."""
    told = " | ".join(text.replace("|", "\\|") for text in (found.source, found.agreement))
    return f"| `{found.id}` | {found.trust} | {origin} | {told} |\n"


def _rank(found: DeviceMap) -> tuple[str, str]:
    return found.maker.casefold(), found.id


def _origin(frames: Path, found: DeviceMap) -> str:
    return str(tomllib.loads((frames / f"{found.id}.toml").read_text(encoding="utf-8"))["origin"])


def _quantities(found: DeviceMap) -> Iterator[tuple[str, list[str]]]:
    """What the device tells, by kind, in the order of the catalogue."""
    settings = {field.quantity for field in found.fields if field.role != "value"}
    told = [*(field.quantity for field in found.fields), *(row.quantity for row in found.derived)]
    told.sort(key=lambda id: QUANTITIES[id].number)
    kinds = {"Counts": ("counter",), "Measures": ("gauge",), "Tells": ("state", "text")}
    for what, wanted in kinds.items():
        ids = [id for id in told if QUANTITIES[id].kind in wanted and id not in settings]
        if ids:
            yield what, _series(_phases_as_one(ids))
    if settings:
        yield "Is set to", _phases_as_one([id for id in told if id in settings])


def _series(words: Sequence[str]) -> list[str]:
    """``pulses_1`` to ``pulses_7`` as one word."""
    found: dict[str, list[int]] = {}
    for word in words:
        number = _NUMBER.search(word)
        found.setdefault(_NUMBER.sub("{}", word) if number else word, []).append(int(number[0]) if number else 0)
    return [
        stem.replace("{}", f"{numbers[0]}…{numbers[-1]}" if len(numbers) > 1 else str(numbers[0]))
        for stem, numbers in found.items()
    ]


def _phases_as_one(ids: Iterable[str]) -> list[str]:
    """``voltage_l1_v``, ``voltage_l2_v`` and ``voltage_l3_v`` as one word."""
    left = dict.fromkeys(ids)
    words = []
    for id in list(left):
        if id not in left:
            continue
        match = _PHASE.search(id)
        others = [_PHASE.sub(f"_{other}", id) for other in _OTHER_PHASES[match[1]]] if match else []
        if match and all(other in left for other in others):
            for other in others:
                del left[other]
            id = _PHASE.sub(f"_{'/'.join((match[1], *_OTHER_PHASES[match[1]]))}", id)
        words.append(f"`{id}`")
    return words


if __name__ == "__main__":
    sys.stdout.write(page(Path(sys.argv[1])))
