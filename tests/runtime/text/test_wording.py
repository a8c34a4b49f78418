from __future__ import annotations

from runtime.core.map.labels import FAMILIES
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.resources import RESOURCES
from runtime.text import wording
from runtime.text.language import LANGUAGES, Catalogues
from runtime.text.wording import label_parts
from runtime.text.words import catalogue, setup
from runtime.text.words import quantity as words_of_quantities
from tests.webui.edited import PLUGINS
from tests.webui.stage import QUANTITIES as USUAL
from webui.model.panel import TABS, tabs_of

FRENCH = Catalogues().of(LANGUAGES["fr"])


def test_every_sentence_of_the_tables_has_french() -> None:
    advice = [
        *wording.TROUBLES.values(),
        *wording.REFUSALS.values(),
        *wording.ERROR_PAGES.values(),
        wording.UNKNOWN_TROUBLE,
        wording.BAD_REQUEST,
    ]
    sentences = {text for each in advice for text in (each.what, each.todo)}
    same_in_both = {"Total", "THD", "V, A, Hz", "Configuration", "Charge"}
    for table in (
        wording.EVENTS,
        wording.STATES,
        wording.QUALITIES,
        wording.FLUIDS,
        wording.PERIODS,
        wording.CHILD_STATES,
        TABS,
    ):
        sentences |= set(table.values())
    assert not {text for text in sentences - same_in_both if FRENCH.gettext(text) == text}


def test_every_label_of_the_catalogue_of_quantities_is_made_of_known_words() -> None:
    known = {*words_of_quantities.STEMS}
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


def test_every_resource_has_words_and_french() -> None:
    words = {resource.word for resource in RESOURCES}
    assert words | {"site"} == set(setup.RESOURCES)
    assert {resource.word for resource in RESOURCES.edited} == set(setup.PLURALS)
    said = {*setup.RESOURCES.values(), *setup.PLURALS.values()} - {"Site"}
    assert not {text for text in said if FRENCH.gettext(text) == text}


def test_every_designation_and_family_of_the_catalogue_has_words_and_french() -> None:
    entries = [entry for family in PLUGINS.families for entry in family.entries]
    assert {entry.designation for entry in entries} == set(catalogue.DESIGNATIONS)
    listed = {entry.map for entry in entries}
    chosen_by_model = {family.id for family in PLUGINS.families if {found.id for found in family.maps} - listed}
    assert {*FAMILIES, *chosen_by_model} <= setup.FAMILIES.keys()
    said = {*catalogue.DESIGNATIONS, *setup.FAMILIES.values()}
    assert not {text for text in said if FRENCH.gettext(text) == text}
