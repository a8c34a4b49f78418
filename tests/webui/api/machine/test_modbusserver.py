"""The Modbus server over the API: its settings, its state, and what a master can pick."""

from __future__ import annotations

import csv
import io

import pytest

from runtime.core.modbusserver.allocation import ALLOCATION_VIEW, Allocation, allocate
from runtime.core.modbusserver.serverview import MODBUS_SERVER_VIEW, MasterState, ModbusServerView
from runtime.core.view import Trouble
from runtime.store.env import open_store
from tests.webui.api.described import checked
from tests.webui.edited import EditedSite, codes
from tests.webui.stage import NOW_TS, stage
from webui.model.modbus.tablecsv import table_csv

SETTINGS, STATE = "/api/v1/modbus_servers", "/api/v1/modbus-server"


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield EditedSite(store)
    store.close()


def test_it_is_switched_on_with_its_first_settings_and_changed_after(site):
    assert checked(site.get(SETTINGS), SETTINGS, "get").json == []
    made = site.send("POST", SETTINGS, {"on": True, "port": 1502, "clients": "10.0.0.0/24"})
    assert made.status == 201, made.json
    assert (made.json["id"], made.json["on"]) == (1, True)
    one = f"{SETTINGS}/1"
    changed = site.patch(one, {"port": 502}, made.json["etag"])
    assert (changed.status, changed.json["port"], changed.json["clients"]) == (200, 502, "10.0.0.0/24")
    assert checked(site.get(one), one, "get").json["port"] == 502
    assert codes(site.patch(one, {"clients": "here"}, changed.json["etag"])) == [("clients", "network_wrong")]
    assert codes(site.get(one, "DELETE")) == [("", "modbus_server_kept")]


def test_its_state_names_the_masters(store):
    site = stage(store)
    assert checked(site.get(STATE), STATE, "get").json["listens"] is False
    master = MasterState("10.0.0.9", 2, 700, NOW_TS * 1000)
    site.views.publish(MODBUS_SERVER_VIEW, ModbusServerView("0.0.0.0", 1502, (master,), 3))
    state = checked(site.get(STATE), STATE, "get").json
    assert (state["listens"], state["port"], state["connections"], state["refused"]) == (True, 1502, 2, 3)
    assert state["masters"][0]["requests"] == 700
    trouble = Trouble("modbus_port_denied", "port 502 needs a capability", 1)
    site.views.publish(MODBUS_SERVER_VIEW, ModbusServerView(trouble=trouble))
    assert checked(site.get(STATE), STATE, "get").json["error"]["code"] == "modbus_port_denied"


def test_the_objects_are_those_that_count_energy_and_all_loads_and_groups(store):
    site = stage(store)
    site.publishes(1)
    path = f"{STATE}/objects"
    answer = checked(site.get(path), path, "get").json
    ids = [each["remote_id"] for each in answer["objects"]]
    assert answer["unit"] == 247 and ids[0] == 29_999 and 10_001 in ids
    assert {id // 10_000 for id in ids} == {1, 2, 3}


def test_the_register_table_is_a_file_with_a_row_for_each_item(store):
    site = stage(store)
    path = f"{STATE}/table"
    assert (site.get(path).status, site.get(path).json["error"]["code"]) == (409, "modbus_server_off")
    allocation, _ = allocate(Allocation(), {1: ("active_power_w", "breaker_state"), 77: ("active_power_w",)})
    site.views.publish(ALLOCATION_VIEW, allocation)
    answer = site.get(path)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["Content-Type"].startswith("text/csv")
    block = allocation.blocks[0]
    (value, quality, age) = [row for row in rows if row["device"] == "1" and row["quantity"] == "active_power_w"]
    assert (value["address"], value["words"], value["type"]) == (str(block.at + 8), "2", "f32")
    assert (quality["item"], age["item"], age["unit_of_measure"]) == ("quality", "age", "s")
    spans = sorted((int(row["address"]), int(row["words"])) for row in rows)
    ends = [at + words for at, words in spans]
    assert all(end <= at for end, (at, _) in zip(ends, spans[1:], strict=False)) and ends[-1] == allocation.end


def test_a_name_that_a_spreadsheet_would_run_is_text(store):
    allocation, _ = allocate(Allocation(), {1: ("active_power_w",)})
    assert ",'=cmd()," in table_csv(allocation, {1: "=cmd()"})
