"""A device map as an installer fills it in: rows of a form become a map file, its faults those of the rows."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from runtime.core.map.devicemap import DeviceMap, parse_map
from runtime.core.text.edge import whole_of
from runtime.errors import ConfigError, Fault

MOST_ROWS = 250
PREFIX = "own-"
SPACES: Mapping[int, str] = {1: "coil", 2: "discrete", 3: "holding", 4: "input"}
USUAL_SIGN = "positive"
SOURCE = "entered by an installer"
_KEYS = {"at": "register", "space": "function", "scale": "factor"}  # of a map file -> of the form
_ROW = re.compile(r"field\[(\d+)\](?:\.(\w+))?")
_ROW_CODE = "map_row"
_CODES: Mapping[str, str] = {
    "quantity": "map_quantity", "register": "map_register", "type": "map_type", "words": "map_words",
    "factor": "map_factor", "invalid": "map_marker", "title": "map_title",
}  # fmt: skip
_KINDS = {"quantity": str, "space": str, "type": str, "at": int, "words": int, "sign": str, "net": bool}  # in a form
_SHOWN = ("quantity", "at", "space", "type", "words", "scale", "invalid", "sign", "net")  # of a row
_TEXTS = ("quantity", "type", "name")


@dataclass(frozen=True, slots=True)
class RowFault:
    """``row`` counts from 1, 0 = the map as a whole; ``field`` is one of the form, "" = the row.

    code  what is wrong, one of few, for pages that say it in their own language
    """

    row: int
    field: str
    message: str
    hint: str = ""
    code: str = _ROW_CODE


def id_of(title: str, taken: Collection[str]) -> str:
    """A free id made of a title; accents and signs are left out."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = PREFIX + ("-".join(re.findall(r"[a-z0-9]+", plain))[:38].strip("-") or "meter")
    ids = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(id for id in ids if id not in taken)


def table_of(id: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """The table of a map file. What is wrong in it is told by ``checked``.

    form  title, source, word_order, byte_order, and rows of quantity, function 1 to 4, register, type, words, factor,
          invalid, sign and net. A register is a number, or a text: hexadecimal with 0x before or h behind, else decimal
    """
    head = {key: form[key] for key in ("word_order", "byte_order") if form.get(key)}
    rows = form.get("rows")
    fields = [_row(row) for row in rows[:MOST_ROWS]] if isinstance(rows, list) else rows
    source = str(form.get("source") or "").strip() or SOURCE
    title = str(form.get("title") or "").strip()
    return {"id": id, "title": title, "source": source, "trust": "field", **head, "field": fields}


def with_rest(table: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The table with what no form shows of the one that it replaces: of the map, and of each row of its quantity."""
    if not isinstance(table["field"], list):
        return dict(table)
    rest = {
        row.get("quantity"): {key: value for key, value in row.items() if key not in _SHOWN} for row in before["field"]
    }
    rows = [{**rest.get(row.get("quantity"), {}), **row} if isinstance(row, dict) else row for row in table["field"]]
    return {**before, **table, "trust": before.get("trust", table["trust"]), "field": rows}


def is_form(table: Mapping[str, Any]) -> bool:
    """Whether a form can show a map file, which somebody may have written by hand; it may have faults all the same."""
    rows = table.get("field")
    heads = (table.get(key, "") for key in ("title", "source", "space", "word_order", "byte_order"))
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(isinstance(head, str) for head in heads):
        return False
    return bool(table.get("title")) and all(isinstance(row, dict) and _is_row(row) for row in rows)


def _is_row(row: Mapping[str, Any]) -> bool:
    return all(isinstance(row.get(key, kind()), kind) for key, kind in _KINDS.items()) and isinstance(
        row.get("scale", 1), int | str | Decimal
    )


def form_of(table: Mapping[str, Any]) -> dict[str, Any]:
    """The form that a map file was made from, of one that ``is_form``."""
    functions = {space: function for function, space in SPACES.items()}
    default = table.get("space", "holding")
    rows = [
        {
            "quantity": row.get("quantity", ""),
            "function": functions.get(row.get("space", default), 3),
            "register": f"0x{row.get('at', 0):04X}",
            "type": row.get("type", ""),
            "words": row.get("words"),
            "factor": str(row.get("scale", 1)),
            "invalid": str(row["invalid"]) if "invalid" in row else "",
            "sign": row.get("sign", USUAL_SIGN),
            "net": row.get("net", False),
        }
        for row in table.get("field", [])
    ]
    orders = {key: table.get(key, "big") for key in ("word_order", "byte_order")}
    return {"title": table.get("title", ""), "source": table.get("source", ""), **orders, "rows": rows}


def check_map(table: Mapping[str, Any]) -> tuple[DeviceMap | None, Sequence[RowFault]]:
    """By the same rules as map files. The map, or every fault where the form has it."""
    faults = [_describe_fault(fault) for fault in _before(table)]
    try:
        return (parse_map(table, file="map") if not faults else None), faults
    except ConfigError as error:
        return None, [_describe_fault(fault) for fault in error.faults]


def text_of(table: Mapping[str, Any]) -> str:
    """A map file. Texts are written as JSON does, which TOML reads alike."""
    lines = [f"{key} = {_toml(value)}" for key, value in table.items() if key != "field"]
    lines.append("\nfield = [")
    for row in table["field"]:
        lines.append("  {" + ", ".join(f"{key} = {_toml(value)}" for key, value in row.items()) + "},")
    return "\n".join([*lines, "]", ""])


def _row(row: Any) -> Any:
    if not isinstance(row, Mapping):
        return row
    made: dict[str, Any] = {key: row[key] for key in _TEXTS if row.get(key)}
    if row.get("register") not in (None, ""):
        made["at"] = _register(row["register"])
    made["space"] = SPACES.get(_whole(row.get("function", 3)), str(row.get("function")))
    if made.get("type") == "text" and row.get("words"):
        made["words"] = _whole(row["words"])
    if str(row.get("factor") or "1").strip() != "1":
        made["scale"] = str(row["factor"]).strip().replace(",", ".")
    if str(row.get("invalid") or "").strip():
        made["invalid"] = _register(row["invalid"])
    if row.get("sign") not in (None, "", USUAL_SIGN):
        made["sign"] = row["sign"]
    if row.get("net"):
        made["net"] = row["net"]
    return made


def _register(told: Any) -> Any:
    """A number; what is none stays as it is and is told by the check."""
    text = str(told).strip().lower()
    try:
        if text.startswith("0x"):
            return whole_of(text, 16)
        return whole_of(text[:-1], 16) if text.endswith("h") else whole_of(text)
    except ValueError:
        return told


def _whole(given: Any) -> Any:
    """As of ``_register``, decimal only."""
    try:
        return whole_of(given) if isinstance(given, str) else given
    except ValueError:
        return given


def _before(table: Mapping[str, Any]) -> Sequence[Fault]:
    """What the rules of map files cannot be asked about."""
    rows = table["field"]
    if not isinstance(rows, list) or not rows:
        return [Fault("map", "", "a meter needs one row at least")]
    if not table["title"]:
        return [Fault("map", "title", "is missing")]
    return [Fault("map", f"field[{n}]", "is no row") for n, row in enumerate(rows, 1) if not isinstance(row, Mapping)]


def _describe_fault(fault: Fault) -> RowFault:
    place = _ROW.match(fault.key)
    if place is None:
        return RowFault(0, fault.key, fault.message, fault.hint, _code(fault, fault.key))
    field = _KEYS.get(place[2] or "", place[2] or "")
    said = re.sub(r"field\[(\d+)\]", r"row \1", fault.message)
    return RowFault(int(place[1]), field, said, fault.hint, _code(fault, field))


def _code(fault: Fault, field: str) -> str:
    return fault.code if fault.code.startswith("map_") else _CODES.get(field, _ROW_CODE)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value) if isinstance(value, int | Decimal) else json.dumps(value, ensure_ascii=False)
