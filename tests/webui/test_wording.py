from __future__ import annotations

from runtime.core.quantities import QUANTITIES
from tests.webui.stage import QUANTITIES as USUAL
from webui import wording
from webui.language import load_languages
from webui.panel import TABS, tabs_of
from webui.wording import label_parts

FRENCH = load_languages()["fr"].catalogue


def test_every_sentence_of_the_tables_has_french() -> None:
    advice = [*wording.TROUBLES.values(), *wording.ERROR_PAGES.values(), wording.UNKNOWN_TROUBLE, wording.BAD_REQUEST]
    sentences = {text for each in advice for text in (each.what, each.todo)}
    same_in_both = {"Total", "THD", "V, A, Hz"}
    for table in (wording.STATES, wording.QUALITIES, wording.FLUIDS, wording.PERIODS, wording.CHILD_STATES, TABS):
        sentences |= set(table.values())
    assert not {text for text in sentences - same_in_both if FRENCH.gettext(text) == text}


def test_every_label_of_the_catalogue_of_quantities_is_made_of_known_words() -> None:
    known = {*wording.QUANTITY_STEMS}
    parts = {"", *wording.PARTS} | {f"L{n}" for n in (1, 2, 3)} | {"L1 to L2", "L2 to L3", "L3 to L1"}
    for quantity in QUANTITIES.values():
        stem, part, _ = label_parts(quantity.label)
        assert stem in known and part in parts, quantity.label


def test_every_name_of_a_state_has_words() -> None:
    names = {name for quantity in QUANTITIES.values() for name in quantity.states}
    assert names <= wording.STATE_VALUES.keys()


def test_readings_are_grouped_as_the_manual_does() -> None:
    tabs = {tab.id: [row.stem for row in tab.rows] for tab in tabs_of(USUAL)}
    assert list(tabs) == ["energy", "power", "vahz", "thd"]
    assert tabs["power"] == ["Active power", "Reactive power", "Apparent power", "Power factor"]
    assert tabs["vahz"] == ["Voltage", "Current", "Frequency", "Voltage between phases"]


def test_every_quantity_finds_a_tab() -> None:
    shown = {cell.quantity for tab in tabs_of(QUANTITIES) for row in tab.rows for cell in row.cells}
    assert shown == set(QUANTITIES)
