"""The JSON Schema of device maps, made from the grammar: ``make pages``.

Editors that know TOML complete and check with it. What needs more than one row (overlaps, impossible scales) is told by
``wattkeeper map check``.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from typing import Any

from runtime.core.map.commandrow import SPACES as COMMAND_SPACES
from runtime.core.map.devicemap import ID, TRUSTS
from runtime.core.map.row import ROLES, SIGNS
from runtime.core.map.statistic import STATISTICS
from runtime.core.modbus.registers import BIT, MAX_BITS, MAX_WORDS, SPACES, TEXT, TYPES
from runtime.core.quantity.catalogue import QUANTITIES

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_ADDRESS: Schema = {"type": "integer", "minimum": 0, "maximum": 0xFFFF}
_ORDER: Schema = {"enum": ["big", "little"]}
_FACTOR: Schema = {"$ref": "#/$defs/factor"}
_SERIES: Schema = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
_STRIDE: Schema = {"type": "integer", "minimum": 1, "maximum": 0xFFFF}
_RANGE: Schema = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
_MARKER: Schema = {"anyOf": [{"type": "number"}, _RANGE]}
_MARKERS: Schema = {"anyOf": [{"type": "number"}, {"type": "array", "items": _MARKER}]}


def schema() -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wattkeeper device map",
        "description": "What one kind of device tells and where. Keys are explained in drivers/HOWTO.md.",
        **_table(_head(), "id", "title", "source", "trust"),
        "anyOf": [{"required": ["field"]}, {"required": ["extends"]}],
        "$defs": {
            "id": {"type": "string", "pattern": f"^{ID.pattern}$", "maxLength": 48},
            "quantity": {"enum": sorted(QUANTITIES)},
            "quantities": {"enum": sorted(_numbered()), "description": "a series: {} stands for its numbers"},
            "factor": {
                "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?(/\d+)?$"}],
                "description": 'exact: 10, 0.01 or "1/3"',
            },
            "band": _band(),
            "row": _row(),
            "derived": _derived(),
            "probe": _probe(),
            "command": _command(),
        },
    }


def _numbered() -> set[str]:
    """The ids of which there are several, with {} in place of the number."""
    found = Counter(re.sub(r"\d+(?!.*\d)", "{}", id) for id in QUANTITIES if re.search(r"_\d+(_|$)", id))
    return {template for template, count in found.items() if count > 1}


def _table(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _listed(of: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{of}"}}


def _head() -> Schema:
    id = {"$ref": "#/$defs/id"}
    return {
        "id": id,
        "title": _TEXT,
        "maker": _TEXT,
        "models": _TEXTS,
        "source": _TEXT,
        "agreement": _TEXT,
        "trust": {"enum": list(TRUSTS)},
        "note": _TEXT,
        "extends": id,
        "drop": {"type": "array", "items": {"$ref": "#/$defs/quantity"}},
        "aliases": {"type": "array", "items": id},
        "space": {"enum": list(SPACES)},
        "word_order": _ORDER,
        "byte_order": _ORDER,
        "max_words": {"type": "integer", "minimum": 1, "maximum": MAX_BITS},
        "gap_words": {"type": "integer", "minimum": 0, "maximum": MAX_BITS},
        "breaks": {"type": "array", "items": _ADDRESS},
        "invalid": {"type": "object", "properties": dict.fromkeys(TYPES, _MARKERS), "additionalProperties": False},
        "bands": {"type": "object", "additionalProperties": {"$ref": "#/$defs/band"}},
        "identify": _listed("probe"),
        "field": _listed("row"),
        "derive": _listed("derived"),
        "command": _listed("command"),
        "interface_stride": {"type": "integer", "minimum": 0, "maximum": 247},
        "side_stride": _ADDRESS,
        "beside": {"type": "array", "items": id},
    }


def _row() -> Schema:
    properties: Schema = {
        "quantity": {"anyOf": [{"$ref": "#/$defs/quantity"}, {"$ref": "#/$defs/quantities"}]},
        "at": _ADDRESS,
        "type": {"enum": [*TYPES, TEXT, BIT]},
        "words": {"type": "integer", "minimum": 1, "maximum": MAX_WORDS},
        "space": {"enum": list(SPACES)},
        "scale": _FACTOR,
        "scale_at": _ADDRESS,
        "factor": {**_TEXTS, "minItems": 1},
        "scale_band": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/band"}]},
        "sign_at": _ADDRESS,
        "sign": {"enum": list(SIGNS)},
        "low_at": _ADDRESS,
        "high_at": _ADDRESS,
        "high_factor": {"type": "integer", "minimum": 2, "maximum": 1 << 48},
        "invalid": _MARKERS,
        "bits": {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
            ]
        },
        "enum": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
        "role": {"enum": list(ROLES)},
        "name": _TEXT,
        "net": {"type": "boolean"},
        "digits": {"type": "integer", "minimum": 1, "maximum": 18},
        "record": {"enum": [True, False, *STATISTICS]},
        "record_minmax": {"type": "boolean"},
        "series": _SERIES,
        "stride": _STRIDE,
    }
    places = [{"required": ["at"]}, {"required": ["low_at", "high_at"]}]
    return {**_table(properties, "quantity"), "oneOf": places}


def _band() -> Schema:
    pairs = {"type": "array", "items": _FACTOR, "minItems": 2, "maxItems": 2}
    below = {"type": "array", "items": pairs, "minItems": 1}
    return _table({"of": _TEXTS, "below": below, "else": _FACTOR}, "of", "below", "else")


def _derived() -> Schema:
    parts = {"type": "array", "items": {"$ref": "#/$defs/quantity"}, "minItems": 1}
    ways = {"sum": parts, "mean": parts, "ratio": {**parts, "minItems": 2, "maxItems": 2}}
    return {
        **_table({"quantity": {"$ref": "#/$defs/quantity"}, **ways}, "quantity"),
        "oneOf": [{"required": [way]} for way in ways],
    }


def _probe() -> Schema:
    whole = [name for name, kind in TYPES.items() if not kind.real]
    properties: Schema = {
        "space": {"enum": list(SPACES)},
        "at": _ADDRESS,
        "type": {"enum": [*whole, TEXT]},
        "words": {"type": "integer", "minimum": 1, "maximum": MAX_WORDS},
        "equals": {"type": "array", "items": {"type": ["integer", "string"]}},
        "optional": {"type": "boolean"},
    }
    named: Schema = {"vendor": _TEXT, "product": {"type": "array", "items": _TEXT, "minItems": 1}}
    return {"anyOf": [_table(properties, "at", "type", "equals"), _table(named, "vendor", "product")]}


def _command() -> Schema:
    quantity: Schema = {"anyOf": [{"$ref": "#/$defs/quantity"}, {"$ref": "#/$defs/quantities"}]}
    properties: Schema = {
        "command": _TEXT,
        "quantity": quantity,
        "read_back": quantity,
        "space": {"enum": list(COMMAND_SPACES)},
        "at": _ADDRESS,
        "type": {"enum": [*TYPES, BIT]},
        "scale": _FACTOR,
        "values": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
        "least": _FACTOR,
        "most": _FACTOR,
        "multiple": {"type": "boolean"},
        "pulse": {"type": "boolean"},
        "refresh_s": {"type": "integer", "minimum": 0, "maximum": 86_400},
        "series": _SERIES,
        "stride": _STRIDE,
    }
    told = [{"required": ["quantity"]}, {"required": ["read_back"]}]
    return {**_table(properties, "command", "at"), "anyOf": told}


def page() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
