"""The register table of unit 246 as integrators load it into their systems: a CSV file, one row an item."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from runtime.core.modbusserver.allocation import Allocation, Block
from runtime.core.modbusserver.registerrow import LIVE_UNIT, type_of, words_of
from runtime.core.quantity.catalogue import Quantity
from runtime.core.text.spreadsheet import spreadsheet_text

COLUMNS = ("unit", "address", "words", "type", "device", "name", "quantity", "item", "unit_of_measure", "meaning")
_STATES = "0 unknown, 1 on, 2 off, 3 communication error, 4 configuration error, 5 gone"
_QUALITIES = "0 good, 1 estimated, 2 substituted, 3 suspect, 4 clock untrusted, 255 no value"
_HEAD = (
    (0, 1, "u16", "sign", "", "22347 (WK)"),
    (1, 1, "u16", "layout", "", "version of the layout"),
    (2, 2, "u32", "blocks", "", "grows with each block that is given"),
    (4, 1, "u16", "devices", "", ""),
    (5, 1, "u16", "end", "", "address behind the last register, 65535 at the most"),
    (6, 4, "u64", "moment", "ms", "UTC since 1970, when this image was made"),
)
_BLOCK = (
    (0, 1, "u16", "device", "", "its number"),
    (1, 1, "u16", "state", "", _STATES),
    (2, 1, "u16", "age", "s", "of the newest value; 65535 never"),
    (3, 1, "u16", "quantities", "", "in this block"),
    (4, 4, "i64", "energy", "Wh", "ledger of the positive active energy, as unit 247; lowest number: none"),
)
_NONE = {"i64": "lowest number: no value", "f32": "NaN: no value", "u32": "4294967295: no value"}


def table_csv(allocation: Allocation, names: Mapping[int, str]) -> str:
    """``names``: of the devices that are configured. English: machines read it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for at, words, type, item, unit, meaning in _HEAD:
        writer.writerow((LIVE_UNIT, at, words, type, "", "", "", item, unit, meaning))
    writer.writerows(
        row for block in allocation.blocks for row in _rows(block, spreadsheet_text(names.get(block.device, "")))
    )
    return out.getvalue()


def _rows(block: Block, name: str) -> Iterator[tuple[object, ...]]:
    for offset, words, type, item, unit, meaning in _BLOCK:
        yield LIVE_UNIT, block.at + offset, words, type, block.device, name, "", item, unit, meaning
    for quantity, at, quality_at, age_at in block.rows():
        head = (block.device, name, quantity.id)
        yield LIVE_UNIT, at, words_of(quantity), type_of(quantity), *head, "value", quantity.unit, _meaning(quantity)
        yield LIVE_UNIT, quality_at, 1, "u16", *head, "quality", "", _QUALITIES
        yield LIVE_UNIT, age_at, 1, "u16", *head, "age", "s", "65535 never"


def _meaning(quantity: Quantity) -> str:
    states = ", ".join(f"{number} {state}" for number, state in enumerate(quantity.states))
    return "; ".join(text for text in (quantity.label, states, _NONE[type_of(quantity)]) if text)
