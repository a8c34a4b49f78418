"""EV-5: stations that call in over OCPP 1.6J and 2.0.1: they charge within their limit, and fall back by themselves.

The stations are stand-ins of our own on real sockets (tests/ocppstation.py): no package with whole stations is kept
well enough to stand on. Of what they do with profiles, cars and clocks they share nothing with the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from websockets.exceptions import InvalidStatus

from runtime.core.charging.station.view import STATION_VIEWS
from runtime.core.view import DEVICE_VIEWS
from tests.freeport import free_port
from tests.ocppstation import STATIONS, Station
from tests.spec.workshop import Workshop, workshop

CAR_PARK = Path(__file__).with_name("charging.toml")
START_TS = 1_773_223_080  # 2026-03-11 10:58 in Paris
METER = 1
CIRCUIT = {"name": "Car park", "meter": METER, "available_ma": 63_000, "charging_ma": 60_000, "guaranteed_mah": 0}
CONTROLLED: dict[str, Any] = {
    "wiring": "l1l2l3",
    "circuit": 1,
    "rated_ma": 32_000,
    "fallback_ma": 6_000,
    "watchdog_s": 15,
}
MODEL = "ocpp-charge-point"
BADGE = "04A2B3C4"
STRANGER = "CP-0"
SAFE_A = 6.0


class Park:
    """A server with a circuit and a station of each version, each a device that shares the current of the circuit."""

    def __init__(self, shop: Workshop) -> None:
        self.shop, self.port = shop, 0
        self.passwords, self.devices = dict[str, str](), dict[str, int]()
        self.stations, self.pair = list[Station](), dict[str, Station]()

    def configure(self) -> None:
        self._add("charging_circuits", CIRCUIT)
        self._add("ocpp_servers", {"on": True, "host": "127.0.0.1", "port": free_port(), "tls": False, "badges": BADGE})
        for version in STATIONS:
            identity = identity_of(version)
            device = {"name": identity, "gateway": self._lead(identity), "unit": 1, "model": MODEL}
            self.devices[version] = self._add("devices", device)["id"]
            self._add("charging_stations", {"device": self.devices[version], **CONTROLLED})
        self._lead(STRANGER)
        self.shop.ask("/charging_circuits/1", "PATCH", {"on": True})
        self.listens()

    def _lead(self, identity: str) -> int:
        gateway = self._add("gateways", {"name": identity, "url": f"ocpp://{identity}"})
        made = self.shop.ask(f"/ocpp/stations/{identity}/password", "POST")
        assert made["url"].startswith("ws://") and made["url"].endswith(f"/ocpp/{identity}")
        self.passwords[identity] = made["password"]
        return int(gateway["id"])

    def listens(self) -> None:
        self.port = self.shop.eventually(lambda: self.shop.get("/ocpp")["port"])

    def station(self, version: str, *, identity: str = "", password: str = "") -> Station:
        identity = identity or identity_of(version)
        made = STATIONS[version](
            identity, self.port, password or self.passwords[identity],
            now_ts=lambda: self.shop.clock.now_ms() / 1000, badge=BADGE,
        )  # fmt: skip
        self.stations.append(made)
        return made

    def refusal(self, password: str) -> int:
        """The status that the stranger gets with it."""
        station = self.station("1.6", identity=STRANGER, password=password)
        with pytest.raises(InvalidStatus) as refused:
            station.call_in()
        return refused.value.response.status_code

    def values(self, version: str) -> dict[str, Any]:
        assert self.shop.server is not None
        view = self.shop.server.views.get(DEVICE_VIEWS.of(self.devices[version]))
        return dict(zip(view.quantities, view.values_n, strict=True)) if view else {}

    def state(self, version: str) -> str:
        assert self.shop.server is not None
        view = self.shop.server.views.get(STATION_VIEWS.of(1 + list(STATIONS).index(version)))
        return view.state if view else ""

    def codes(self) -> set[str]:
        return {event["code"] for event in self.shop.get("/events?limit=200")}

    def _add(self, plural: str, values: dict[str, Any]) -> Any:
        return self.shop.eventually(lambda: self.shop.ask_a_starting_one(f"/{plural}", values))


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Park]:
    with workshop(tmp_path_factory.mktemp("ocpp"), ts=START_TS, played=CAR_PARK) as shop:
        shop.start()
        made = Park(shop)
        made.configure()
        yield made

    for station in made.stations:
        station.stop()


@pytest.fixture
def pair(park: Park) -> Iterator[dict[str, Station]]:
    """One of each version, connected, without a car."""
    if not park.pair:
        park.pair = {version: park.station(version) for version in STATIONS}
    for station in park.pair.values():
        if not station.is_in:
            station.call_in()
    park.shop.eventually(lambda: all(park.state(version) == "available" for version in STATIONS))
    yield park.pair
    for station in park.pair.values():
        station.badge = BADGE
        if station.is_in:
            station.unplug()


@pytest.fixture
def stranger(park: Park) -> Station:
    """A station that is configured, and no device: for what nobody should do."""
    return park.station("1.6", identity=STRANGER)


def identity_of(version: str) -> str:
    return f"CP-{version}"


MAD = (
    "", "[", "{}", "[]", "[2]", '[2,"x"]', '[2,"x",["a"],{}]', '[2,"x",{"a":1},{}]', '[9,"x","y",{}]', "[" * 5_000,
    '[2,"x","StatusNotification",{"connectorId":"one"}]', '[2,"x","NoSuchThing",{}]', '[3,"nobody",{}]',
    '[2,"x","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"never","sampledValue":[{"value":"NaN"}]}]}]',
    '[2,"x","StartTransaction",{"connectorId":-1,"idTag":"a","meterStart":-5,"timestamp":"2026-01-01T00:00:00Z"}]',
    b"\xff\xfe", "x" * 70_000,
)  # fmt: skip


def charge(park: Park, stations: dict[str, Station]) -> None:
    """Their cars draw more than the safe current, as long as they may."""
    for station in stations.values():
        station.plug(wants_a=20.0)
    charges(park, stations)


def charges(park: Park, stations: dict[str, Station]) -> None:
    for version, station in stations.items():
        park.shop.eventually(lambda version=version: park.state(version) == "charging")
        park.shop.eventually(lambda station=station: station.drawn_a() > SAFE_A)


def test_their_cars_charge_within_the_limit_that_the_rules_give(park: Park, pair: dict[str, Station]) -> None:
    charge(park, pair)
    for version, station in pair.items():
        park.shop.eventually(lambda version=version: park.values(version)["current_l1_a"] == 20_000)
        shown = park.values(version)
        assert (shown["serial_number"], shown["rfid"]) == ("S-1", BADGE)
        assert shown["limit_a"] >= 20_000
        assert (shown["fallback_a"], shown["watchdog_s"]) == (6_000, 150)
        assert station.profiles.kept["TxProfile", 1]["transaction_id"] == station.transaction
        assert station.badges == [BADGE] and "5" in station.settings.values()


def test_a_lower_limit_is_obeyed(park: Park, pair: dict[str, Station]) -> None:
    charge(park, pair)
    park.shop.ask("/charging/circuits/1/limit", "PUT", {"limit_a": 2, "for_s": 600})  # below what the meter shows
    park.shop.eventually(lambda: all(station.drawn_a() < 20.0 for station in pair.values()))
    park.shop.ask("/charging/circuits/1/limit", "PUT", {"limit_a": None})


def test_a_charge_that_ends_is_kept_with_its_badge_and_energy(park: Park, pair: dict[str, Station]) -> None:
    charge(park, pair)
    for station in pair.values():
        station.unplug()
    park.shop.eventually(lambda: all(park.state(version) == "available" for version in STATIONS))
    kept = park.shop.eventually(
        lambda: {each["name"]: each for each in park.shop.get("/charging/sessions") if each["energy_wh"]}
    )
    assert all(kept[identity_of(version)]["rfid"] == BADGE for version in STATIONS)


def test_whose_network_is_lost_falls_back_by_itself_and_goes_on_where_it_was(
    park: Park, pair: dict[str, Station]
) -> None:
    charge(park, pair)
    before = {version: station.transaction for version, station in pair.items()}
    for station in pair.values():
        station.hang_up()
    park.shop.eventually(lambda: all(park.state(version) == "communication_error" for version in STATIONS))
    park.shop.clock.turn(CONTROLLED["watchdog_s"])
    assert [station.drawn_a() for station in pair.values()] == [SAFE_A, SAFE_A]
    for station in pair.values():
        station.call_in(boots=False)
    charges(park, pair)
    assert before == {version: station.transaction for version, station in pair.items()}


def test_an_unknown_badge_charges_nothing(park: Park, pair: dict[str, Station]) -> None:
    for version, station in pair.items():
        station.badge = "DEADBEEF"
        station.plug()
        park.shop.eventually(lambda version=version: park.state(version) in ("waiting", "suspended"))
        assert station.transaction is None


def test_messages_that_are_none_end_the_connection_or_are_refused_and_others_go_on(
    park: Park, pair: dict[str, Station], stranger: Station
) -> None:
    for text in MAD:
        stranger.call_in()
        answer = stranger.raw(text)
        assert answer is None or answer.startswith(('[3,"x",', '[4,"x",')), answer
        stranger.hang_up()
    assert all(station.is_in for station in pair.values()) and park.shop.get("/ocpp")["listens"]


def test_a_flood_is_read_slowly_and_nobody_else_waits(park: Park, pair: dict[str, Station], stranger: Station) -> None:
    stranger.call_in()
    for number in range(200):
        stranger.send_raw(f'[2,"{number}","Heartbeat",{{}}]')
    charge(park, pair)
    stranger.hang_up()


def test_a_wrong_password_opens_nothing_and_guessing_becomes_slow(park: Park, pair: dict[str, Station]) -> None:
    seen = [park.refusal("f" * 32) for _ in range(6)]
    assert seen[0] == HTTPStatus.UNAUTHORIZED and seen[-1] == HTTPStatus.TOO_MANY_REQUESTS
    park.shop.eventually(lambda: "ocpp_client_refused" in park.codes())
    pair["1.6"].hang_up()
    pair["1.6"].call_in()  # the others at its address are not delayed
    park.shop.clock.turn(120.0)


def test_a_new_password_takes_the_place_of_the_one_before(park: Park) -> None:
    before = park.passwords[STRANGER]
    park.passwords[STRANGER] = park.shop.ask(f"/ocpp/stations/{STRANGER}/password", "POST")["password"]
    assert park.refusal(before) == HTTPStatus.UNAUTHORIZED
    park.shop.clock.turn(120.0)
    station = park.station("1.6", identity=STRANGER)
    station.call_in()
    station.hang_up()
    with pytest.raises(HTTPError) as unknown:
        park.shop.ask("/ocpp/stations/NOBODY/password", "POST")
    assert unknown.value.code == HTTPStatus.NOT_FOUND
    unknown.value.close()


def test_a_server_that_begins_anew_leaves_them_at_their_safe_current_and_takes_them_up_again(
    park: Park, pair: dict[str, Station]
) -> None:
    charge(park, pair)
    park.shop.stop()
    park.shop.clock.turn(CONTROLLED["watchdog_s"])
    assert [station.drawn_a() for station in pair.values()] == [SAFE_A, SAFE_A]
    park.shop.start()
    park.listens()
    for station in pair.values():
        park.shop.eventually(lambda station=station: not station.is_in)
        station.call_in(boots=False)
    charges(park, pair)


def test_a_station_that_takes_no_profile_is_told_of(park: Park, pair: dict[str, Station]) -> None:
    """It boots without any: no limit is given without a safe current below it, so that it counts at all it can."""
    for station in pair.values():
        station.profiles.takes = lambda profile: False
        station.hang_up()
        station.call_in()
    park.shop.eventually(lambda: "charge_limit_ignored" in park.codes())
    assert [park.values(version).get("limit_a") for version in STATIONS] == [None, None]
