import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from drivers.families.catalogue import ENTRIES, FOLDER
from drivers.tool.mapschema import page, schema
from runtime.core.map.commandrow import KEYS as COMMAND_KEYS
from runtime.core.map.devicemap import KEYS as MAP_KEYS
from runtime.core.map.row import KEYS as ROW_KEYS

HOUSE = Path(__file__).parents[3]
FILES = [
    *(file for file in FOLDER.rglob("*.toml") if file.parent != ENTRIES),
    HOUSE / "drivers" / "_blueprint" / "map.toml",
]
CHECK = jsonschema.Draft202012Validator(schema())
GOOD = {
    "id": "acme-m3", "title": "ACME M3", "source": "by hand", "trust": "published",
    "field": [{"quantity": "active_energy_import_wh", "low_at": 0, "high_at": 2, "type": "u32", "scale": "1/3"}],
}  # fmt: skip


def test_the_schema_in_the_docs_is_that_of_the_grammar():
    assert (HOUSE / "docs" / "map.schema.json").read_text(encoding="utf-8") == page()


def test_the_schema_knows_the_keys_of_the_grammar_and_no_others():
    told = schema()
    assert set(told["properties"]) == set(MAP_KEYS)
    assert set(told["$defs"]["row"]["properties"]) == set(ROW_KEYS)
    assert set(told["$defs"]["command"]["properties"]) == set(COMMAND_KEYS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_map_that_comes_along_keeps_to_the_schema(file):
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    assert [error.message for error in CHECK.iter_errors(json.loads(json.dumps(table)))] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"trsut": "published"},
        {"id": "Acme M3"},
        {"trust": "perhaps"},
        {"source": " "},
        {"field": [{"quantity": "voltage_l4_v", "at": 0, "type": "u16"}]},
        {"field": [{"quantity": "voltage_l1_v", "at": 0x10000, "type": "u16"}]},
        {"field": [{"quantity": "voltage_l1_v", "type": "u16"}]},
        {"field": [{"quantity": "voltage_l1_v", "at": 0, "type": "u24"}]},
        {"field": [{"quantity": "voltage_l1_v", "at": 0, "type": "u16", "scale": "ten"}]},
        {"derive": [{"quantity": "active_power_w"}]},
        {"command": [{"command": "limit", "at": 0, "type": "u16"}]},
        {"command": [{"command": "limit", "read_back": "limit_a", "at": 0, "type": "text"}]},
    ],
    ids=str,
)
def test_what_the_grammar_refuses_in_one_row_the_schema_refuses(wrong):
    assert CHECK.is_valid(GOOD)
    assert not CHECK.is_valid({**GOOD, **wrong})
