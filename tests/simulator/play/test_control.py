import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.simulator.conftest import NOW_MS


def get(stage, path, **query):
    with urllib.request.urlopen(f"{stage.control.url}{path}?{urllib.parse.urlencode(query)}", timeout=60) as reply:
        return json.load(reply)


def post(stage, **wish):
    request = urllib.request.Request(f"{stage.control.url}/fault", json.dumps(wish).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)


def refusal(call, *arguments, **keywords):
    with pytest.raises(urllib.error.HTTPError) as caught:
        call(*arguments, **keywords)
    with caught.value as reply:
        return reply.status, json.load(reply)["error"]


def test_the_truth_of_a_moment_is_the_plants(stage):
    at = NOW_MS / 1000 - 3600.25
    truth = get(stage, "/truth", device="Presses", at=at)
    flow = stage.site.branches["Presses"].at(round(at * 1000))
    assert truth["active_energy_import_n"] == sum(flow.energy) and truth["active_energy_export_n"] == 0
    assert truth["active_power_n"] * 100 == pytest.approx(sum(flow.power), abs=200)
    assert truth["shown_n"]["active_energy_import_wh"] <= truth["active_energy_import_n"]


def test_without_a_moment_it_is_the_present(stage):
    assert get(stage, "/truth", device="Main")["at_ms"] == NOW_MS


def test_the_energy_between_two_moments_is_the_difference(stage):
    first, last = NOW_MS // 1000 - 7200, NOW_MS // 1000
    between = get(stage, "/truth", device="Roof", **{"from": first, "to": last})["active_energy_export_n"]
    ends = [get(stage, "/truth", device="Roof", at=at)["active_energy_export_n"] for at in (first, last)]
    assert between == ends[1] - ends[0] > 0


def test_all_devices_can_be_asked_for_at_once(stage):
    assert list(get(stage, "/truth")["devices"]) == list(stage.site.devices)


def test_faults_are_made_mended_and_listed(stage):
    post(stage, gateway="Hall", mode="unplugged")
    post(stage, gateway="Slow", unit=1, mode="silent")
    state = get(stage, "/gateways")
    assert state["Hall"]["mode"] == "unplugged" and state["Slow"]["units"] == {"1": "silent"}
    assert post(stage, gateway="Hall", mode="normal")["Hall"]["mode"] == "normal"


def test_faults_of_a_gateway_are_exchanged_told_and_ended(stage):
    assert post(stage, gateway="Hall", faults={"late": 0.25, "late_s": [1, 2]})["Hall"]["faults"] == {
        "late": 0.25,
        "late_s": [1.0, 2.0],
    }
    assert get(stage, "/gateways")["Hall"]["struck"] == {}
    assert refusal(post, stage, gateway="Hall", faults={"late": 2})[1] == "faults.late: 2 is not a number from 0 to 1"
    with urllib.request.urlopen(urllib.request.Request(f"{stage.control.url}/calm", b"", method="POST")) as reply:
        assert json.load(reply)["Hall"]["faults"] == {}


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"gateway": "Hal", "mode": "normal"}, "no gateway 'Hal'"),
        ({"gateway": "Hall", "mode": "broken"}, "unplugged"),
        ({"gateway": "Hall", "unit": 88, "mode": "silent"}, "no unit 88"),
        ({"gateway": "Hall", "unit": 1, "mode": "unplugged"}, "silent"),
        ({}, "no gateway"),
    ],
)
def test_wishes_that_make_no_sense_change_nothing(stage, wish, word):
    status, error = refusal(post, stage, **wish)
    assert status == 400 and word in error
    assert all(gateway["mode"] == "normal" for gateway in get(stage, "/gateways").values())


def test_what_cannot_be_known_is_refused(stage):
    assert refusal(get, stage, "/truth", device="Nobody")[0] == 400
    assert refusal(get, stage, "/truth", device="Main", at="noon")[0] == 400
    assert "begins at" in refusal(get, stage, "/truth", device="Main", at=0)[1]
    assert refusal(get, stage, "/elsewhere")[0] == 404


def world(stage, **wish):
    request = urllib.request.Request(f"{stage.control.url}/world", json.dumps(wish).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)


def test_things_happen_to_devices_on_demand(furnished):
    assert world(furnished, device="Breaker", set={"breaker_state": "tripped"})["shows"]["breaker_state"] == "tripped"
    assert world(furnished, device="Board", set={"input_3_state": "on"})["shows"]["input_3_state"] == "on"
    assert get(furnished, "/world", device="Breaker")["shows"]["trips"] == 1
    contacts = world(furnished, device="Board", set={"output_2_normal": "closed", "output_1_state": "on"})["contacts"]
    assert (contacts["1"], contacts["2"], contacts["3"]) == (True, True, False)


def test_cars_come_and_go_on_demand(furnished):
    came = world(furnished, device="Station", car={"plug": "ev", "wants_a": 10, "energy_wh": 4000, "badge": "04A1"})
    assert (came["charge"], came["shows"]["rfid"], came["shows"]["current_l1_a"]) == ("D", "04A1", 10)
    assert world(furnished, device="Station", car=None)["charge"] == "A"


def test_a_device_takes_writes_as_it_is_told(furnished):
    assert world(furnished, device="Board", writes="contrary")["writes"] == "contrary"


@pytest.mark.parametrize(
    "wish",
    [
        {"device": "Nobody"},
        {"device": "Breaker", "set": {"breaker_state": "ajar"}},
        {"device": "Breaker", "set": {"limit_a": 6}},
        {"device": "Breaker", "set": []},
        {"device": "Breaker", "car": {}},
        {"device": "Station", "car": "red"},
        {"device": "Station", "car": {"wants_a": "all"}},
        {"device": "Board", "writes": "later"},
    ],
)
def test_what_cannot_happen_is_refused(furnished, wish):
    assert refusal(world, furnished, **wish)[0] == 400


def test_what_measures_nothing_has_no_truth(furnished):
    assert refusal(get, furnished, "/truth", device="Breaker") == (400, "Breaker measures nothing")
