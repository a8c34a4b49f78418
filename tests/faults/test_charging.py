"""Drills over real Modbus: whatever fails while four vehicles charge, no phase is above its limit for longer than T."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.spec.workshop import Workshop, workshop

SCENARIO = Path(__file__).with_name("charging.toml")
START_TS = 1_773_223_080  # 2026-03-11 10:58 in Paris
STATIONS = {"One": "l1l2l3", "Two": "l2l3l1", "Three": "l3l1l2", "Four": "l1l2l3"}
AVAILABLE_MA, OVEN_MA, SAFE_MA, WATCHDOG_S = 42_000, 16_000, 6_000, 10
CIRCUIT = {
    "name": "Car park", "meter": 1, "available_ma": AVAILABLE_MA, "charging_ma": AVAILABLE_MA, "others_ma": OVEN_MA,
    "guaranteed_mah": 0, "hard_limit": True, "pause_s": 1, "lost_s": 3_600,
}  # fmt: skip
CAR = {"plug": "ev", "wants_a": 16, "energy_wh": 90_000}
LOOK_S = 0.1


class Drill:
    """The car park and its server, which is a process of its own. ``longest_excess_s`` of what was watched."""

    def __init__(self, shop: Workshop) -> None:
        self.shop, self.longest_excess_s = shop, 0.0
        self._over_since: float | None = None

    def level_ma(self) -> int:
        """On the phase with most."""
        level = max(self.shop.outside.currents_ma("Incomer"))
        now = time.monotonic()
        self._over_since = None if level <= AVAILABLE_MA else self._over_since or now
        if self._over_since is not None:
            self.longest_excess_s = max(self.longest_excess_s, now - self._over_since)
        return level

    def until(self, true: Callable[[], Any], within_s: float = 60.0) -> None:
        """Watch the meter until it holds."""
        last = time.monotonic() + within_s
        while not true():
            assert time.monotonic() < last, f"not within {within_s:g} s; {self.level_ma()} mA"
            self.level_ma()
            time.sleep(LOOK_S)

    def stations(self) -> dict[str, Any]:
        return {each["name"]: each for each in self.shop.get("/charging/stations")}

    def drawn_a(self) -> list[float]:
        """By each station, as the simulated stations have it."""
        return [self.shop.outside.drawn_ma(name) / 1000 for name in STATIONS]

    def fills(self) -> None:
        """All charge anew, and the oven is off."""
        self.shop.outside.calm()
        for name in ("Oven", *STATIONS):
            self.shop.outside.happens(name, car=None)
        self.until(lambda: all(each["state"] == "available" for each in self.stations().values()))
        for name in STATIONS:
            self.shop.outside.happens(name, car=CAR)
        self.until(lambda: all(current >= SAFE_MA / 1000 for current in self.drawn_a()), 90)
        self.until(lambda: 30_000 <= self.level_ma() <= AVAILABLE_MA)
        self.longest_excess_s = 0.0

    def oven_on(self) -> None:
        self.shop.outside.happens("Oven", car=CAR)
        assert self.level_ma() > AVAILABLE_MA


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    with workshop(tmp_path_factory.mktemp("drill"), ts=START_TS, played=SCENARIO) as shop:
        shop.start_killable()
        shop.eventually(lambda: shop.ask_a_starting_one("/charging_circuits", CIRCUIT))
        for name, wiring in STATIONS.items():
            station = {"device": shop.id_of(name), "circuit": 1, "wiring": wiring, "rated_ma": 16_000}
            made = {**station, "fallback_ma": SAFE_MA, "watchdog_s": WATCHDOG_S}
            shop.eventually(lambda made=made: shop.ask_a_starting_one("/charging_stations", made))
        shop.ask("/charging_circuits/1", "PATCH", {"on": True})
        yield Drill(shop)


def promised_s(drill: Drill) -> int:
    """T as the server says it."""
    (circuit,) = drill.shop.get("/charging")["circuits"]
    assert circuit["longest_excess_s"] == WATCHDOG_S + 14
    return int(circuit["longest_excess_s"])


def test_other_loads_that_rise_are_made_room_for(drill: Drill) -> None:
    drill.fills()
    drill.oven_on()
    drill.until(lambda: drill.level_ma() <= AVAILABLE_MA)
    assert 0 < drill.longest_excess_s <= promised_s(drill)


def test_a_limit_from_outside_is_kept_until_it_is_ended(drill: Drill) -> None:
    drill.fills()
    drill.shop.ask("/charging/circuits/1/limit", "PUT", {"limit_a": 30, "for_s": 3_600})
    drill.until(lambda: drill.level_ma() <= 30_000)
    (circuit,) = drill.shop.get("/charging")["circuits"]
    assert circuit["limit_a"] == 30
    drill.shop.ask("/charging/circuits/1/limit", "PUT", {"limit_a": None})
    drill.until(lambda: drill.level_ma() > 30_000)


def test_a_meter_that_is_unplugged_brings_the_safe_current_and_comes_back_by_itself(drill: Drill) -> None:
    drill.fills()
    drill.shop.outside.fault("Switch room", "unplugged")
    drill.oven_on()
    drill.until(lambda: max(drill.drawn_a()) <= SAFE_MA / 1000)
    assert drill.level_ma() <= AVAILABLE_MA
    assert drill.longest_excess_s <= promised_s(drill)
    drill.shop.outside.happens("Oven", car=None)
    drill.shop.outside.calm()
    drill.until(lambda: max(drill.drawn_a()) > SAFE_MA / 1000)


def test_a_bus_that_is_cut_leaves_the_stations_to_their_watchdogs(drill: Drill) -> None:
    drill.fills()
    drill.shop.outside.fault("Car park", "unplugged")
    drill.oven_on()
    drill.until(lambda: max(drill.drawn_a()) <= SAFE_MA / 1000)
    assert drill.level_ma() <= AVAILABLE_MA
    assert drill.longest_excess_s <= promised_s(drill)
    assert {each["state"] for each in drill.stations().values()} == {"communication_error"}


def test_a_server_that_is_killed_leaves_them_too_and_goes_on_with_its_sessions(drill: Drill) -> None:
    drill.fills()
    drill.until(lambda: all(each["session"] for each in drill.stations().values()))
    before, promised, over = drill.stations(), promised_s(drill), drill.shop.get("/charging/sessions")
    drill.shop.kill()
    drill.oven_on()
    drill.until(lambda: max(drill.drawn_a()) <= SAFE_MA / 1000)
    assert drill.level_ma() <= AVAILABLE_MA
    assert drill.longest_excess_s <= promised
    drill.shop.start_killable()
    drill.until(lambda: all(each["session"] for each in drill.stations().values()))
    for name, station in drill.stations().items():
        assert station["session"]["began"] == before[name]["session"]["began"]

    def counted() -> bool:
        """What was drawn while nobody looked is there too, once the counters are read."""
        return all(
            station["session"]["energy_wh"] > before[name]["session"]["energy_wh"]
            for name, station in drill.stations().items()
        )

    drill.until(counted)
    assert drill.shop.get("/charging/sessions") == over


def test_a_station_that_starts_anew_while_it_charges_gets_its_limit_and_its_watchdog_again(drill: Drill) -> None:
    drill.fills()
    drill.oven_on()
    drill.until(lambda: drill.level_ma() <= AVAILABLE_MA)
    drill.longest_excess_s = 0.0
    drill.shop.outside.happens("One", set={"limit_a": 16, "watchdog_s": 0, "fallback_a": 0})
    drill.until(lambda: drill.level_ma() <= AVAILABLE_MA and drill.drawn_a()[0] < 16)
    assert drill.longest_excess_s <= promised_s(drill)

    def programmed() -> bool:
        readings = drill.shop.get(f"/devices/{drill.shop.id_of('One')}/live")["readings"]
        return (readings["watchdog_s"]["value"], readings["fallback_a"]["value"]) == (WATCHDOG_S, SAFE_MA / 1000)

    drill.until(programmed, 90)
