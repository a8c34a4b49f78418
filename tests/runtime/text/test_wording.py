from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from runtime.core.map.labels import FAMILIES
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.resource.reference import IN_USE
from runtime.core.site.resources import RESOURCES
from runtime.text import wording
from runtime.text.language import LANGUAGES, Catalogues
from runtime.text.wording import label_parts
from runtime.text.words import catalogue, ownmap, setup
from runtime.text.words import quantity as words_of_quantities
from tests.webui.edited import PLUGINS
from tests.webui.stage import QUANTITIES as USUAL
from webui.model.panel import TABS, tabs_of

FRENCH = Catalogues().of(LANGUAGES["fr"])
ROOT = Path(__file__).parents[3]
TELLING = {
    "EventReported", "Note", "Finding", "_Step", "add_event", "note", "_note_event", "_finish", "_job_ended"
}  # fmt: skip
ANSWERING = {"_describe_finding", "_describe_clock", "unacceptable", "_judged"}  # functions that return a code
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")


def _source(*folders: str) -> Iterator[ast.AST]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _codes(node: ast.AST) -> Iterator[str]:
    """Texts under ``node`` that look like codes; attributes and names do not count."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and CODE.fullmatch(each.value):
            yield each.value


def _event_codes() -> set[str]:
    """What is told as an event anywhere: arguments of calls that tell, results of functions that choose a code."""
    found = {
        "verify_failed",
        "counter_reset",
        "counter_exchanged",
        "communication_error",
    }  # put together or chosen before they are told
    for node in _source("actors", "runtime", "drivers", "webui"):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in TELLING:
                found.update(code for argument in node.args for code in _codes(argument))
    for node in _source("actors", "runtime", "drivers"):
        if isinstance(node, ast.FunctionDef) and node.name in ANSWERING:
            returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value]
            found.update(code for value in returned for code in _codes(value))
    return found


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


def test_every_event_that_is_told_anywhere_has_words() -> None:
    told = _event_codes()
    assert {"communication_error", "child_stuck", "meter_replaced", "clock_trusted", "counter_glitch"} <= told
    assert told <= wording.EVENTS.keys()


def test_every_refusal_of_the_recorder_s_desk_has_words() -> None:
    refused = {
        code
        for node in _source("runtime/store", "actors")
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "WattkeeperError"
        for code in _codes(node.args[0])
    }
    assert {"meter_unknown", "correction_negative", "recompute_busy"} <= refused
    assert refused <= wording.REFUSALS.keys() | wording.TROUBLES.keys()


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


def test_every_rule_that_an_edit_can_break_has_words() -> None:
    found = {"name_too_long", "name_unprintable", "type_wrong", "key_unknown", "missing", "value_wrong"}
    places = {"report": 3, "edit_fault": 3, "refused": 3, "Fault": 4}
    for node in _source(*(f"runtime/core/{room}" for room in ("validation", "edit", "resource", "site", "tariff"))):
        if isinstance(node, ast.Call) and (code := places.get(getattr(node.func, "id", ""))):
            found.update(
                argument.value
                for argument in node.args[code : code + 1]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value
            )
    found |= {IN_USE.code, *(resource.unknown for resource in RESOURCES)}
    found |= {each.held.code for resource in RESOURCES for each in resource.references if each.held}
    assert {"address_taken", "local_kept", "loads_too_many", "default_taken", "local_missing"} <= found
    assert {"group_unknown", "reference_unknown", "tariff_in_use", "gateway_has_devices"} <= found
    assert found <= wording.REFUSALS.keys()


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


def test_every_code_that_a_request_can_be_refused_with_has_words() -> None:
    """What the front, the pages and the API refuse with, and what the workers behind them answer."""
    places = {"Refused": 1, "RequestRefused": 1, "WattkeeperError": 0, "Fault": 4}
    found = {
        code
        for node in _source("webui", "actors", "drivers/gateways")
        if isinstance(node, ast.Call) and (place := places.get(getattr(node.func, "id", ""))) is not None
        for argument in node.args[place : place + 1]
        for code in _codes(argument)
    }
    assert {"bad_request", "too_large", "url_invalid", "version_stale", "scan_busy"} <= found
    at_start_only = {"http_address", "http_version"}  # no form: a command line, a program that speaks no HTTP
    assert found - at_start_only <= wording.REFUSALS.keys() | wording.TROUBLES.keys()


def test_every_fault_of_a_register_table_has_words() -> None:
    source = (ROOT / "runtime/core/map").glob("*.py")
    told = set(re.findall(r"[\"'](map_[a-z]+)[\"']", "".join(file.read_text("utf-8") for file in source)))
    assert told - {"map_id"} == ownmap.FAULTS.keys()
