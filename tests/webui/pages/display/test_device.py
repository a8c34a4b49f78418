"""The page of one device of every catalogue number, with all that its map can tell."""

import re
from dataclasses import replace

import pytest

from runtime.core.decode.compiled import compile_map
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins
from tests.webui.stage import stage

PLUGINS = load_plugins(default_plugins())
ENTRIES = [entry for family in PLUGINS.families for entry in family.entries]
STATION = next(entry for entry in ENTRIES if entry.number == "0 590 35")


def spec_of(id, entry):
    parameters = {"concentrator": "4 120 65"} if "concentrator" in entry.parameters else {}
    if "remote_id" in entry.parameters:
        parameters = {"remote_id": 10_001}
    if "register" in entry.parameters:
        parameters = {"function": 3, "register": "0000", "words": 2, "factor": 1}
    return DeviceSpec(
        id, entry.number, id // 200 + 1, id % 200 + 1, entry.map, number=entry.number, parameters=parameters,
        position=1 if "position" in entry.parameters else 0, side="left" if "side" in entry.parameters else "",
        phase=1 if "phase" in entry.parameters else 0,
    )  # fmt: skip


SPECS = [spec_of(id, entry) for id, entry in enumerate(ENTRIES, 1)]
MAPS = {spec.id: compile_map(PLUGINS.map_of(spec.model, spec.map_parameters)) for spec in SPECS}


def value_of(id):
    quantity = QUANTITIES[id]
    return "A1" if quantity.kind == "text" else 1


@pytest.fixture(scope="module")
def site(store):
    gateways = tuple(GatewaySpec(id, f"Hall {id}", f"tcp://10.0.0.{id}:502") for id in (1, 2))
    made = stage(store, map_of=MAPS.get, devices=0, gateways=0)
    made.installation = Installation(gateways=gateways, devices=tuple(SPECS))
    made.bridge = replace(made.bridge, demo=True)  # nothing is locked, so that each command is offered
    for spec in SPECS:
        told = MAPS[spec.id].quantities
        made.publishes(spec.id, quantities=told, values_n=tuple(value_of(id) for id in told), trust=MAPS[spec.id].trust)
    return made


def test_every_catalogue_number_has_a_page_with_all_that_it_tells(site):
    assert len(SPECS) > 200
    for spec in SPECS:
        answer = site.get(f"/devices/{spec.id}")
        assert answer.status == 200, (spec.number, answer.text[-300:])
        shown = set(re.findall(r'data-(?:quantity|errors)="([a-z0-9_]+)"', answer.text))
        configured = {id for id in MAPS[spec.id].quantities if id.startswith(("output_", "link_"))}
        assert set(MAPS[spec.id].quantities) - configured <= shown, spec.number


def test_my_panel_board_has_a_card_for_each(site):
    assert len(re.findall(r'data-device="\d+"', site.get("/devices?by=all").text)) == len(SPECS)


def test_a_station_says_what_it_is_under_about(site):
    id = next(spec.id for spec in SPECS if spec.number == STATION.number)
    text = site.get(f"/devices/{id}").text
    about = text.split('id="part-about"')[1].split('role="tabpanel"')[0]
    assert {"rated_current_a", "firmware", "hardware"} <= set(re.findall(r'data-quantity="([a-z_]+)"', about))
