from dataclasses import replace
from pathlib import Path

import pytest

from runtime.core.decode.compiled import compile_map
from runtime.core.map.devicemap import parse_map, register_maps
from runtime.core.modbus.request import READ_FUNCTIONS
from runtime.errors import ConfigError
from runtime.plugin.plugins import load_plugins
from tests.frames.frame import FOLDER, ORIGINS, decode, read_frame

PLUGINS = load_plugins(Path(__file__).parents[2] / "plugins.toml")
IDS = sorted(register_maps(PLUGINS.maps))  # what is heard has frames of its own kind


def map_of(id):
    return PLUGINS.map_of(id, read_frame(id).parameters if id in PLUGINS.makers else None)


def test_every_map_has_a_frame_and_every_frame_a_map():
    assert sorted(file.stem for file in FOLDER.glob("*.toml")) == IDS


@pytest.mark.parametrize("id", IDS)
def test_a_map_has_a_title_a_maker_a_source_and_a_trust(id):
    found = PLUGINS.maps[id]
    assert found.title and found.source
    assert found.maker or id == "generic-modbus-meter"
    assert found.trust in ("published", "field", "provisional")


@pytest.mark.parametrize("id", IDS)
def test_a_frame_means_what_its_document_says(id):
    frame = read_frame(id)
    assert frame.origin in ORIGINS
    assert decode(compile_map(map_of(id)), frame) == frame.expected_n()


@pytest.mark.parametrize("id", IDS)
def test_a_frame_means_the_same_however_its_registers_are_cut_into_reads(id):
    frame = read_frame(id)
    assert decode(compile_map(map_of(id), gap_words=0), frame) == frame.expected_n()


@pytest.mark.parametrize("id", IDS)
def test_a_frame_holds_every_register_of_its_map(id):
    frame = read_frame(id)
    for field in map_of(id).fields:
        for at, words in field.addresses:
            assert frame.covers(READ_FUNCTIONS[field.space], at, words), field.quantity


@pytest.mark.parametrize(
    "id", ["legrand-412045", "ime-5000", "socomec-c550", "socomec-c702", "sunspec-20x", "sunspec-21x"]
)
def test_a_frame_of_each_scheme_is_typed_from_its_source(id):
    """The energies of the C650 group stand in the frame of the C550 scheme."""
    assert read_frame(id).origin == "document"


def test_a_station_whose_limit_counts_hundredths_shows_none():
    """EVSE-WB-DIN, firmware 17 and later, bit 7 of register 2005: 16 A reads 1600."""
    shown = read_frame("evse-wb-din")
    hundredths = replace(shown, registers={**shown.registers, (3, 1000): (1600).to_bytes(2, "big")})
    compiled = compile_map(map_of("evse-wb-din"))
    assert decode(compiled, shown)["limit_a"] == 16_000 and decode(compiled, hundredths)["limit_a"] is None


def test_a_map_without_a_source_is_refused_whatever_its_trust():
    row = {"quantity": "voltage_l1_v", "at": 0, "type": "u16"}
    for trust in ("published", "field", "provisional"):
        for head in ({}, {"source": ""}, {"source": "  "}):
            with pytest.raises(ConfigError) as refused:
                parse_map({"id": "acme", "title": "ACME", "trust": trust, **head, "field": [row]}, file="acme")
            assert [fault.key for fault in refused.value.faults] == ["source"], (trust, head)
