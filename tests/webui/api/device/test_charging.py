"""Charging now, over HTTP: areas, stations, decisions, and orders for the present charge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from actors.mailbox.reply import answer, refuse
from actors.message.charging import LimitCircuit, OrderCharge
from runtime.errors import WattkeeperError
from runtime.store.env import open_store
from tests.webui.api.described import checked
from tests.webui.carpark import car_park, publish
from tests.webui.stage import Answer, Stage


@pytest.fixture
def park(tmp_path: Path) -> Iterator[Stage]:
    store = open_store(tmp_path)
    yield car_park(store)
    store.close()


def asked(site: Stage, path: str) -> Answer:
    return checked(site.get(path), path)


def order(site: Stage, station: int, **orders: object) -> Answer:
    path = f"/api/v1/charging/stations/{station}"
    return checked(site.send("PATCH", path, orders), path, "patch")


def test_each_phase_has_its_area_since_when_and_its_thresholds(park: Stage) -> None:
    (circuit,) = asked(park, "/api/v1/charging").json["circuits"]
    assert (circuit["at_work"], circuit["longest_excess_s"], circuit["stations"]) == (True, 44, [1, 2])
    first, second, third = circuit["phases"]
    assert (first["area"], first["level_a"], first["charging_a"], first["available_a"]) == ("yellow", 44, 40, 63)
    assert first["since"] == "2026-11-20T14:02:00.000+01:00"
    assert second["area"] == "green"
    assert (third["area"], third["level_a"]) == (None, None), "its current is not measured"


def test_areas_are_not_known_while_nobody_shares_current(park: Stage) -> None:
    park.clock.goes_on(11)
    charging = asked(park, "/api/v1/charging").json
    assert charging["at"] is None
    assert [phase["area"] for phase in charging["circuits"][0]["phases"]] == [None] * 3
    assert asked(park, "/api/v1/charging/decisions").json == []


def test_stations_say_what_they_may_draw_and_why_not_more(park: Stage) -> None:
    charging, waiting = asked(park, "/api/v1/charging/stations").json
    assert (charging["state"], charging["limit_a"], charging["currents_a"]) == ("charging", 24, [24, 24, 23.9])
    assert (charging["session"]["energy_wh"], charging["session"]["charged_ah"]) == (7500, 10)
    assert charging["session"]["rfid"] == "04A1"
    assert (waiting["state"], waiting["priority"], waiting["limit_a"]) == ("waiting", True, 0)
    assert waiting["reason"] == {
        "code": "wait_yellow", "circuit": 1, "phase": 1, "since": "2026-11-20T14:02:00.000+01:00",
    }  # fmt: skip


def test_decisions_are_the_newest_first_with_the_moment_of_the_wall_clock(park: Stage) -> None:
    newest, before = asked(park, "/api/v1/charging/decisions").json
    assert (newest["rule"], newest["station"], newest["area"]) == ("wait_yellow", 2, "yellow")
    assert (before["rule"], before["to_a"], before["at"]) == ("start_green", 32, "2026-11-20T13:10:00.000+01:00")
    assert len(asked(park, "/api/v1/charging/decisions?limit=1").json) == 1


def test_an_order_goes_to_the_station_and_the_answer_shows_it(park: Stage) -> None:
    ordered = []

    def station(name: str, message: object) -> bool:
        assert isinstance(message, OrderCharge)
        ordered.append((name, message.allowed, message.priority))
        publish(park, allowed=False)
        answer(message.reply, True)
        return True

    park.peers = station
    shown = order(park, 1, allowed=False)
    assert (ordered, shown.json["allowed"]) == ([("station.1", False, None)], False)
    assert order(park, 1, allowed=None, priority=True).status == 200
    assert ordered[1:] == [("station.1", None, True)]


@pytest.mark.parametrize(
    ("station", "orders", "status", "code"),
    [
        (9, {"allowed": False}, 404, "station_unknown"),
        (1, {"allowed": "no"}, 400, "bad_parameter"),
        (1, {"limit_a": 16}, 400, "field_unknown"),
        (1, {"allowed": False}, 409, "station_off"),
    ],
)
def test_what_cannot_be_ordered_is_refused(park: Stage, station: int, orders: dict, status: int, code: str) -> None:
    park.peers = lambda name, message: False
    refused = order(park, station, **orders)
    assert (refused.status, refused.json["error"]["code"]) == (status, code)


@pytest.mark.parametrize(("code", "status"), [("no_charge", 409), ("station_silent", 503)])
def test_what_a_station_refuses_is_refused(park: Stage, code: str, status: int) -> None:
    def station(name: str, message: object) -> bool:
        refuse(message.reply, WattkeeperError(code, "it cannot"))  # type: ignore[attr-defined]
        return True

    park.peers = station
    refused = order(park, 2, allowed=False)
    assert (refused.status, refused.json["error"]["code"]) == (status, code)


def test_a_station_whose_circuit_is_off_is_off(tmp_path: Path) -> None:
    store = open_store(tmp_path / "other")
    site = car_park(store)
    circuit = site.installation.others["charging_circuits"][0]
    off = {**site.installation.others, "charging_circuits": (replace(circuit, on=False),)}
    site.installation = replace(site.installation, others=off)
    assert [each["state"] for each in asked(site, "/api/v1/charging/stations").json] == ["off", "off"]
    assert not asked(site, "/api/v1/charging").json["circuits"][0]["at_work"]
    store.close()


def limit(site: Stage, circuit: int = 1, **fields: object) -> Answer:
    path = f"/api/v1/charging/circuits/{circuit}/limit"
    return checked(site.send("PUT", path, fields), path, "put")


def test_a_limit_goes_to_who_shares_the_current_and_is_shown_until_it_ends(park: Stage) -> None:
    given = []

    def share(name: str, message: object) -> bool:
        assert isinstance(message, LimitCircuit)
        given.append((name, message.circuit, message.limit_ma, message.author))
        answer(message.reply, True)
        return True

    park.peers = share
    assert limit(park, limit_a=20.5, for_s=1800).json == {"limit_a": 20.5, "until": "2026-11-20T15:00:00.000+01:00"}
    assert limit(park, limit_a=None).json == {"limit_a": None, "until": None}
    assert given == [("chargeshare", 1, 20_500, "local"), ("chargeshare", 1, None, "local")]
    publish(park, limit_ma=20_000)
    (circuit,) = asked(park, "/api/v1/charging").json["circuits"]
    assert (circuit["limit_a"], circuit["limit_until"]) == (20, "2026-11-20T15:00:00.000+01:00")
    assert circuit["phases"][0]["available_a"] == 20


@pytest.mark.parametrize(
    ("circuit", "fields", "status", "code"),
    [
        (9, {"limit_a": 20, "for_s": 60}, 404, "not_found"),
        (1, {"limit_a": -1, "for_s": 60}, 400, "out_of_range"),
        (1, {"limit_a": 20, "for_s": 700_000}, 400, "out_of_range"),
        (1, {"limit_a": 20}, 400, "missing_parameter"),
        (1, {"limit_a": 20, "for_s": 60}, 409, "station_off"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(park: Stage, circuit: int, fields: dict, status: int, code: str) -> None:
    park.peers = lambda name, message: False
    refused = limit(park, circuit, **fields)
    assert (refused.status, refused.json["error"]["code"]) == (status, code)
