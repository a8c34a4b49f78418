"""The page of a device that can be told things."""

import re
from dataclasses import replace

import pytest

from runtime.core.site.defaults import complete
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import DeviceView
from runtime.store.env import open_store
from tests.webui.edited import EditedSite
from tests.webui.stage import NOW_TS
from tests.webui.stage import installation as usual
from tests.webui.stock import STOCK
from webui.app import build
from webui.http.caller import Caller
from webui.pages.display.devices import charge_symbol
from webui.pages.frame.switching import errors_shown, switching

BOARD, STATION, STATE, CONTROL = 4, 5, 6, 7
DEVICES = (
    DeviceSpec(BOARD, "Board", 1, 40, "legrand-026136", labels={"output_1": "Gate", "input_2": "Fire panel"}),
    DeviceSpec(STATION, "Station", 1, 41, "legrand-greenup-domestic"),
    DeviceSpec(STATE, "Pump breaker", 1, 2, "legrand-414929"),
    DeviceSpec(CONTROL, "Pump", 1, 2, "legrand-414932"),
)


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    made = EditedSite(store, complete(replace(usual(devices=0), devices=DEVICES)))
    made.bridge = replace(made.bridge, demo=True)
    made.app = build(made.bridge, stock=STOCK)
    for spec in DEVICES:
        compiled = made.map_of(spec.id)
        shows(made, spec, {}, compiled.quantities)
    yield made
    store.close()


def shows(site, spec, told, quantities=None):
    quantities = quantities or site.map_of(spec.id).quantities
    values = tuple(
        told.get(id, "" if id in ("rfid", "firmware", "hardware", "serial_number") else 0) for id in quantities
    )
    view = DeviceView(
        spec.id, spec.name, spec.gateway, "on", quantities, values, (NOW_TS * 1000,) * len(quantities),
        (0,) * len(quantities), model=spec.model, address=spec.address, trust="provisional",
    )  # fmt: skip
    site.views.publish(f"device.{spec.id}", view)


def page(site, id):
    return site.get(f"/devices/{id}").text


def test_what_a_neighbour_switches_is_named_as_what_it_is_not_as_the_neighbour_alone(site):
    spoken = re.findall(r'aria-label="([^"]*)"', page(site, STATE).partition('id="part-state"')[2])
    switches = [name for name in spoken if name.startswith("Pump")]
    assert len(switches) == len(set(switches)) >= 2 and all(name.startswith("Pump · ") for name in switches)


def test_outputs_and_inputs_bear_the_installers_names(site):
    text = page(site, BOARD)
    assert "Gate" in text and "Fire panel" in text
    assert 'id="tab-inputs"' in text and 'id="tab-outputs"' in text and 'id="tab-configuration"' in text


def test_an_output_has_a_knob_and_its_settings_a_form(site):
    text = page(site, BOARD)
    assert text.count('data-command="output_1"') == 1
    assert text.count("data-output>") == 6
    assert 'data-command="output_1_on_time"' in text


def test_a_module_offers_what_its_neighbour_carries(site):
    text = page(site, STATE)
    assert f'data-device="{CONTROL}" data-command="control"' in text
    assert "At the same address" in text


def test_a_station_shows_its_errors_as_lists(site):
    shows(site, DEVICES[1], {"station_errors": 1 << 7, "charge_errors": 0})
    text = page(site, STATION)
    assert "The contactor of the EV plug does not open" in text and "No errors" in text
    assert 'data-command="limit"' in text and 'data-command="unlock"' in text


def test_who_may_only_see_gets_no_knobs(site):
    site.caller = Caller("ada", 2, frozenset({("panel_board", "see")}))
    assert "data-knob" not in page(site, BOARD)


def test_a_locked_device_says_so_and_offers_a_trial_to_installers(site):
    site.app = build(replace(site.bridge, demo=False), stock=STOCK)
    assert "Commands are locked" in page(site, BOARD) and "data-unlock" in page(site, BOARD)
    site.caller = Caller("ada", 2, frozenset({("panel_board", "act")}))
    assert "data-unlock" not in page(site, BOARD)


def test_a_trial_is_shown_with_its_end(site):
    bridge = replace(site.bridge, demo=False)
    spec = replace(DEVICES[0], trial_until_ts=NOW_TS + 600)
    site._followed(replace(site.installation, devices=(spec, *DEVICES[1:])))
    site.app = build(bridge, stock=STOCK)
    assert switching(bridge, spec).trial_until_ts == NOW_TS + 600
    assert "Trial until" in page(site, BOARD) and "data-relock" in page(site, BOARD)


def test_errors_are_bits():
    assert errors_shown({"station_errors": (0b110, "good", False)}, "station_errors") == ("lock_fault", "unlock_fault")
    assert errors_shown({"station_errors": (None, "good", False)}, "station_errors") == ()


def test_the_board_shows_what_each_device_does(site):
    shows(site, DEVICES[1], {"charge_state": 2, "station_errors": 2})
    text = site.get("/devices").text
    assert "Charging" in text and 'class="charge charging"' in text
    assert text.count("#command") == 3


@pytest.mark.parametrize(
    ("n", "symbol"), [(0, "available"), (2, "charging"), (1, "waiting"), (4, "waiting"), (None, "")]
)
def test_a_charge_is_available_charging_or_waiting(n, symbol):
    assert charge_symbol(n) == symbol
