"""Adding, changing, switching, erasing over HTTP: what comes back, what is refused and how."""

import pytest

from runtime.core.site.audit import AuditEntry
from runtime.core.site.defaults import complete
from runtime.errors import StoreError
from runtime.store.env import open_store
from tests.webui.api.described import checked
from tests.webui.edited import EditedSite, codes
from tests.webui.stage import installation as usual

METER = {"gateway": 1, "unit": 40, "model": "eastron-sdm120"}


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield EditedSite(store)
    store.close()


def add(site, kind, values):
    path = f"/api/v1/{kind}s"
    return checked(site.send("POST", path, values), path, "post")


def change(site, path, values, etag=""):
    return checked(site.patch(path, values, etag), path, "patch")


def erase(site, path, etag=""):
    return checked(site.get(path, "DELETE", **({"if_match": etag} if etag else {})), path, "delete")


def test_a_device_is_added_with_a_number_and_read_back(site):
    made = add(site, "device", {**METER, "name": "Oven", "load": 1})
    assert made.status == 201
    assert (made.json["id"], made.json["name"], made.json["load"], made.json["address"]) == (4, "Oven", 1, "40")
    again = checked(site.get("/api/v1/devices/4"), "/api/v1/devices/4")
    assert again.headers["Etag"] == f'"{made.json["etag"]}"'
    assert again.json["etag"] in {each["etag"] for each in site.get("/api/v1/devices").json}


@pytest.mark.parametrize(
    ("kind", "values", "changed"),
    [
        ("gateway", {"url": "10.0.0.9", "description": "Roof"}, {"name": "Roof", "most_polls_per_s": 5}),
        ("gateway", {"url": "10.0.0.9", "description": "Roof"}, {"name": "Roof", "timeout_ms": 500}),
        ("load", {"name": "Ovens"}, {"on": False}),
        ("group", {"name": "South", "description": "all"}, {"description": None}),
        ("board", {"name": "Roof board"}, {"name": "TD 1"}),
        ("device", METER, {"on": False, "supply": "downstream", "labels": {"input_1": "Door"}}),
    ],
)
def test_each_kind_is_added_changed_and_erased(site, kind, values, changed):
    made = add(site, kind, values).json
    path = f"/api/v1/{kind}s/{made['id']}"
    after = change(site, path, changed, made["etag"]).json
    assert after["etag"] != made["etag"]
    assert {name: after[name] for name in changed} == {
        name: value or "" if value is None else value for name, value in changed.items()
    }
    assert erase(site, path).json == {}
    assert checked(site.get(path), path).status == 404


def test_an_empty_name_takes_the_address(site):
    assert add(site, "device", METER).json["name"] == "40"
    assert add(site, "gateway", {"url": "tcp://10.0.0.9:502"}).json["name"] == "10.0.0.9"


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"unit": 2}, ("unit", "address_taken")),
        ({"name": "Meter 1"}, ("name", "name_taken")),
        ({"gateway": 9}, ("gateway", "gateway_unknown")),
        ({"model": "nonsense"}, ("model", "model_unknown")),
        ({"load": 99}, ("load", "load_unknown")),
        ({"groups": [99]}, ("groups", "group_unknown")),
        ({"groups": [1, 2, 3, 4, 5, 6]}, ("groups", "groups_too_many")),
        ({"unit": "forty"}, ("unit", "type_wrong")),
        ({"colour": "red"}, ("colour", "key_unknown")),
        ({"name": "a\u202eb"}, ("name", "name_unprintable")),
        ({"name": "x" * 10_000}, ("name", "name_too_long")),
        ({"model": "generic-modbus-meter", "parameters": {"function": 3, "register": "zz", "words": 2, "factor": 1}},
         ("parameters.register", "parameter_wrong")),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_with_its_field_and_nothing_is_saved(site, values, fault):
    before = site.installation
    refusal = add(site, "device", {**METER, **values})
    assert refusal.status == 422
    assert fault in codes(refusal)
    assert refusal.json["error"]["code"] == refusal.json["error"]["faults"][0]["code"]
    assert site.installation is before


def test_whoever_takes_a_name_or_an_address_is_to_blame_also_when_he_was_there_first(site):
    before = site.installation
    for path, values, fault in (
        ("devices/1", {"name": site.installation.devices[-1].name}, (1, "name", "name_taken")),
        ("gateways/1", {"name": site.installation.gateways[-1].name}, (1, "name", "name_taken")),
    ):
        refusal = site.send("PATCH", f"/api/v1/{path}", values)
        told = [(each["id"], each["field"], each["code"]) for each in refusal.json["error"]["faults"]]
        assert (refusal.status, told) == (422, [fault])
    assert site.installation is before


def test_all_faults_are_told_at_once(site):
    refusal = add(site, "device", {**METER, "name": "Meter 1", "load": 99, "unit": 2})
    assert {field for field, _ in codes(refusal)} == {"name", "load", "unit"}


def test_a_device_without_a_model_is_saved(site):
    assert add(site, "device", {**METER, "model": ""}).status == 201
    assert add(site, "device", {"gateway": 1, "unit": 41}).json["model"] == ""


def test_fourteen_loads_are_the_most(site):
    for number in range(8):
        assert add(site, "load", {"name": f"own {number}"}).status == 201
    assert codes(add(site, "load", {"name": "one more"})) == [("name", "loads_too_many")]


def test_what_must_stay_is_not_erased(site):
    local = next(gateway.id for gateway in site.installation.gateways if gateway.local)
    predefined = next(load.id for load in site.installation.loads if load.predefined)
    for path, code in (
        ("/api/v1/gateways/1", "gateway_has_devices"),
        (f"/api/v1/gateways/{local}", "local_kept"),
        (f"/api/v1/loads/{predefined}", "load_predefined"),
    ):
        refusal = erase(site, path)
        assert (refusal.status, refusal.json["error"]["code"]) == (422, code)
    assert change(site, f"/api/v1/loads/{predefined}", {"on": False}).json["on"] is False
    assert change(site, f"/api/v1/gateways/{local}", {"url": "tcp://x"}).json["error"]["code"] == "local_fixed"


def test_the_slower_of_two_editors_learns_who_was_faster_and_when(site):
    seen = site.get("/api/v1/devices/1").json["etag"]
    assert change(site, "/api/v1/devices/1", {"name": "Incomer"}, seen).status == 200
    refusal = change(site, "/api/v1/devices/1", {"name": "Other"}, seen)
    assert (refusal.status, refusal.json["error"]["code"]) == (409, "version_stale")
    assert refusal.json["error"]["changed"]["by"] == "local"
    assert refusal.json["error"]["changed"]["at"]
    assert erase(site, "/api/v1/devices/1", seen).status == 409
    assert change(site, "/api/v1/devices/1", {"name": "Other"}).status == 200  # a program that does not ask


def test_an_editor_of_another_object_is_not_in_the_way(site):
    seen = site.get("/api/v1/devices/1").json["etag"]
    change(site, "/api/v1/devices/2", {"name": "Kiln"})
    assert change(site, "/api/v1/devices/1", {"name": "Incomer"}, seen).status == 200


@pytest.mark.parametrize("content", [[1], "text", 7])
def test_a_body_that_is_no_object_is_refused(site, content):
    refusal = add(site, "load", content)
    assert (refusal.status, refusal.json["error"]["code"]) == (400, "body_wrong")


def test_a_store_that_refuses_leaves_everything_as_it_was(site):
    site.fails = StoreError("store_full", "no room left")
    refusal = add(site, "load", {"name": "Ovens"})
    assert (refusal.status, refusal.json["error"]["code"]) == (503, "store_full")
    assert all(load.name != "Ovens" for load in site.installation.loads)


def test_a_saved_device_tells_how_long_its_bus_takes(site, tmp_path):
    quick = add(site, "device", METER).json["bus"]
    assert (quick["gateway"], quick["warning"]) == (1, None)
    store = open_store(tmp_path / "many")
    many = EditedSite(store, complete(usual(devices=220)))
    slow = add(many, "device", {**METER, "unit": 240}).json["bus"]
    store.close()
    assert slow["round_s"] > 30 > quick["round_s"] > 0
    assert slow["warning"]["code"] == "round_long"


def test_after_one_side_of_a_station_the_other_is_suggested(site):
    station = {"gateway": 1, "unit": 60, "model": "legrand-greenup-old", "side": "left"}
    first = add(site, "device", station)
    assert first.json["suggest"] == {
        "gateway": 1, "model": "legrand-greenup-old", "number": None, "unit": 60, "side": "right", "phase": None,
    }  # fmt: skip
    assert add(site, "device", {**station, "side": "right"}).json["suggest"] is None


def test_who_changed_what_is_in_the_trail(site):
    change(site, "/api/v1/devices/1", {"load": 2})
    entry = site.trail.last()
    assert isinstance(entry, AuditEntry)
    assert (entry.author, entry.changes[0].kind, entry.changes[0].fields) == ("local", "device", {"load": (1, 2)})


def test_a_catalogue_number_says_the_model_and_that_water_has_no_load(site):
    meter = add(site, "device", {"gateway": 1, "unit": 90, "number": "4 120 68"})
    assert (meter.status, meter.json["model"]) == (201, "legrand-412068")
    water = next(entry for entry in site.bridge.offer().entries.values() if entry.fluid == "water")
    wired = {"parameters": {"concentrator": "0 046 87"}, "position": 1} if "position" in water.parameters else {}
    made = add(site, "device", {"gateway": 1, "unit": 91, "number": water.number, "load": 1, **wired})
    assert (made.status, made.json["load"]) == (201, None)


CATALOGUED = {"name": "New", "gateway": 1, "unit": 60}
WATER = {**CATALOGUED, "number": "Water counter", "position": 3, "parameters": {"concentrator": "0 046 87"}}


@pytest.mark.parametrize("unit", [0, 248, 255])
def test_an_address_out_of_the_range_of_a_serial_bus_is_refused_with_its_field(site, unit):
    serial = next(gateway.id for gateway in site.installation.gateways if gateway.local)
    refusal = add(site, "device", {**METER, "gateway": serial, "unit": unit})
    assert (refusal.status, codes(refusal)) == (422, [("unit", "unit_range")])


@pytest.mark.parametrize("unit", [-1, 256])
def test_an_address_out_of_any_range_is_refused_with_its_field(site, unit):
    refusal = add(site, "device", {**METER, "unit": unit})
    assert (refusal.status, codes(refusal)) == (422, [("unit", "out_of_range")])


def test_a_position_that_is_taken_is_refused_with_its_field(site):
    assert add(site, "device", WATER).status == 201
    refusal = add(site, "device", {**WATER, "name": "Other"})
    assert (refusal.status, codes(refusal)) == (422, [("position", "address_taken")])
    assert add(site, "device", {**WATER, "name": "Other", "position": 4}).status == 201


@pytest.mark.parametrize("position", [0, 8])
def test_a_position_that_the_concentrator_does_not_have_is_refused_with_its_field(site, position):
    refusal = add(site, "device", {**WATER, "position": position})
    assert refusal.status == 422
    assert {field for field, _ in codes(refusal)} <= {"position", "parameters.position"}


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("4 120 53", {"side": "left"}),
        ("0 590 35", {"side": "right", "phase": 1}),
        ("0 590 42", {"side": "middle", "phase": 1}),
        ("0 590 42", {"phase": 1}),
    ],
)
def test_a_side_that_the_model_does_not_have_is_refused_with_its_field(site, number, told):
    refusal = add(site, "device", {**CATALOGUED, "number": number, **told})
    assert refusal.status == 422
    assert [field for field, _ in codes(refusal)] == ["side"]


def test_a_group_at_an_address_of_another_function_is_refused_with_its_field(site):
    module = {**CATALOGUED, "number": "4 149 29"}
    refusal = add(site, "device", {**module, "unit": 2})
    assert (refusal.status, codes(refusal)) == (422, [("unit", "address_taken")])
    assert add(site, "device", module).status == 201
    again = add(site, "device", {**module, "name": "Same again"})
    assert (again.status, codes(again)) == (422, [("unit", "function_doubled")])
    assert add(site, "device", {**module, "name": "Measure", "number": "4 149 19"}).status == 201
