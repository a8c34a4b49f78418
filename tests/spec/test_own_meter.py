"""A meter that is not in the catalogue: filled in row by row, tried on the device, saved, used, kept over a restart."""

from urllib.error import HTTPError

import pytest

from tests.spec.workshop import workshop
from tests.webui.api.described import operation, validator

ROWS = [
    {"quantity": "voltage_l1_v", "function": 4, "register": "0x0000", "type": "f32"},
    {"quantity": "active_energy_import_wh", "function": 4, "register": "48h", "type": "f32", "factor": "1000"},
]
FORM = {"title": "ACME M3", "source": "the maker's list", "rows": ROWS}


@pytest.fixture
def shop(tmp_path):
    with workshop(tmp_path, ts=1_773_219_300) as played:
        played.start()
        played.eventually(lambda: played.device("Saws")["state"] == "on")
        yield played


def lives(shop):
    children = shop.server.views.get("supervisor").children
    return {child.name: child.incarnation for child in children if child.name.startswith(("gateway", "bus"))}


def test_a_form_with_faults_is_told_row_by_row_and_saves_nothing(shop):
    wrong = {**FORM, "rows": [ROWS[0], {**ROWS[1], "register": "1"}]}
    (fault,) = shop.ask("/maps/check", "POST", wrong)["faults"]
    assert (fault["row"], fault["field"]) == (2, "register") and "overlaps" in fault["message"]
    with pytest.raises(HTTPError) as refused:
        shop.ask("/maps", "POST", wrong)
    refused.value.close()
    assert refused.value.code == 400 and shop.get("/maps") == []


def test_it_is_tried_on_a_device_before_anything_is_saved(shop):
    told = shop.ask("/maps/test", "POST", {**FORM, "gateway": 2, "unit": 1}, timeout_s=20)
    live = shop.device("Saws")["readings"]
    assert told["ok"]
    assert told["readings"]["voltage_l1_v"]["value"] == pytest.approx(live["voltage_l1_v"]["value"], abs=5)
    assert shop.get("/maps") == []


def test_once_saved_it_is_a_model_like_any_other_and_nobody_was_disturbed(shop):
    before = lives(shop)
    saved = shop.ask("/maps", "POST", FORM)
    assert lives(shop) == before
    assert saved["id"] in [model["id"] for model in shop.get("/catalogue")["models"]]
    shop.ask(f"/devices/{shop.id_of('Saws')}", "PATCH", {"model": saved["id"]})
    shop.eventually(lambda: set(shop.device("Saws")["readings"]) == {row["quantity"] for row in ROWS})
    shop.eventually(lambda: shop.device("Saws")["readings"]["voltage_l1_v"]["value"])
    assert not shop.device("Saws")["error"]
    with pytest.raises(HTTPError) as used:
        shop.ask(f"/maps/{saved['id']}", "DELETE")
    used.value.close()
    assert used.value.code == 409


def test_it_survives_a_restart_and_can_be_changed_and_removed(shop):
    id = shop.ask("/maps", "POST", FORM)["id"]
    shop.stop()
    shop.start()
    one = shop.get(f"/maps/{id}")
    validator(operation("/api/v1/maps/1")["responses"]["200"]["content"]["application/json"]["schema"]).validate(one)
    assert [row["register"] for row in one["rows"]] == ["0x0000", "0x0048"] and one["usable"]
    assert shop.ask(f"/maps/{id}", "PUT", {**FORM, "rows": ROWS[:1]})["quantities"] == 1
    shop.ask(f"/maps/{id}", "DELETE")
    assert shop.get("/maps") == []
