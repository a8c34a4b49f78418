"""EV-1, EV-2, EV-6: over real Modbus cars begin when there is current, and have the safe one without a meter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.core.charging.state import CHARGING_VIEW
from runtime.core.charging.station.view import STATION_VIEWS
from runtime.core.view import DEVICE_VIEWS
from tests.spec.workshop import Workshop, workshop

CAR_PARK = Path(__file__).with_name("charging.toml")
START_TS = 1_773_223_080  # 2026-03-11 10:58 in Paris
METER, LEFT, RIGHT = 1, 2, 3


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with workshop(tmp_path_factory.mktemp("charging"), ts=START_TS, played=CAR_PARK) as shop:
        shop.start()
        add(shop, "charging_circuits", CIRCUIT)
        for device in (LEFT, RIGHT):
            add(shop, "charging_stations", {"device": device, "circuit": 1, "wiring": "l1l2l3", "rated_ma": 16_000})
        shop.ask("/charging_circuits/1", "PATCH", {"on": True})
        yield shop


CIRCUIT = {"name": "Car park", "meter": METER, "available_ma": 63_000, "charging_ma": 60_000, "guaranteed_mah": 0}


def add(shop: Workshop, plural: str, values: dict[str, object]) -> None:
    shop.eventually(lambda: shop.ask_a_starting_one(f"/{plural}", values))


def car(shop: Workshop, device: str, comes: dict[str, object] | None) -> None:
    shop.outside.happens(device, car=comes)


def current_a(shop: Workshop, station: int) -> int:
    assert shop.server is not None
    view = shop.server.views.get(STATION_VIEWS.of(station))
    return max((current or 0 for current in view.report.currents_ma), default=0) // 1000 if view else 0


def rules(shop: Workshop) -> list[str]:
    assert shop.server is not None
    view = shop.server.views.get(CHARGING_VIEW)
    return [decision.rule for decision in view.decisions] if view else []


def test_a_car_charges_once_it_is_authorised(park: Workshop) -> None:
    park.eventually(lambda: bool(park.server and park.server.views.get(CHARGING_VIEW)))
    assert current_a(park, 1) == 0
    car(park, "Left", {"plug": "ev", "wants_a": 16, "energy_wh": 50_000})
    park.eventually(lambda: current_a(park, 1) == 16)
    assert rules(park) == ["start_green"]


def test_without_its_meter_it_falls_to_the_safe_current_and_comes_back_by_itself(park: Workshop) -> None:
    park.outside.fault("Switch room", "unplugged")
    park.eventually(lambda: current_a(park, 1) == 6)
    assert rules(park)[1:] == ["meter_shrink", "meter_safe"]
    park.outside.calm()
    park.eventually(lambda: current_a(park, 1) == 16)


def test_watchdog_and_safe_current_are_programmed(park: Workshop) -> None:
    def programmed() -> bool:
        assert park.server is not None
        view = park.server.views.get(DEVICE_VIEWS.of(LEFT))
        shown = dict(zip(view.quantities, view.values_n, strict=True)) if view else {}
        return (shown.get("watchdog_s"), shown.get("fallback_a")) == (300, 6_000)

    park.eventually(programmed)


def test_a_charge_that_ends_is_kept(park: Workshop) -> None:
    car(park, "Left", None)
    park.eventually(lambda: any(event["code"] == "charge_ended" for event in park.get("/events?limit=50")))
    (session,) = park.get("/charging/sessions")
    assert (session["name"], session["ended_by"]) == ("Left", "unplugged")
    assert session["charged_ah"] > 0 and session["phases"] == 3
    (line,) = park.get("/charging/statement")["lines"]
    assert (line["rfid"], line["charges"], line["energy_wh"]) == (None, 1, session["energy_wh"])
