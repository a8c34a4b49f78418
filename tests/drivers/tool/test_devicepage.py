from pathlib import Path

from drivers.families.catalogue import load_maps
from drivers.tool.devicepage import card, page, sources
from tests.frames.frame import FOLDER


def test_the_page_of_devices_is_that_of_the_maps_and_their_frames():
    written = Path(__file__).parents[3] / "docs" / "devices.md"
    assert written.read_text(encoding="utf-8") == page(FOLDER)


def test_a_card_says_trust_source_origin_and_quantities():
    told = card(load_maps()["legrand-412045"], "document")
    assert "`legrand-412045` · Legrand · **field** · frame: document" in told
    assert "- Source: Legrand, EMDX3 Multifunction meter ModbusTable 412045" in told
    assert "- Agreement: agree on the rows, with IME's protocol too" in told
    assert "- Models: 4 120 45" in told
    assert "`voltage_l1/l2/l3_v`" in told and "`voltage_l12/l23/l31_v`" in told and "`active_power_w`" in told
    assert "- Is set to: `ct_ratio`, `vt_ratio`" in told


def test_a_row_says_where_the_registers_of_a_map_are_from_and_how_the_sources_agree():
    told = sources(load_maps()["gavazzi-em24"], "document")
    assert told.startswith("| `gavazzi-em24` | field | document | victronenergy/dbus-cgwacs")
    assert " | agree, but that mbmd takes the partial counter" in told and told.endswith(" |\n")


def test_the_page_counts_at_least_180_models():
    assert int(page(FOLDER).split(" maps for ")[1].split()[0]) >= 180


def test_a_phase_that_stands_alone_is_named_as_it_is():
    assert "`voltage_l1_v`, `frequency_hz`" in card(load_maps()["orno-we514"], "synthetic").replace(
        "`current_l1_a`, ", ""
    )
