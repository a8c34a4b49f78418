"""Green'Up in pages: areas, stations with their charges and reasons, decisions in words, sessions and the statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.core.charging import decision
from runtime.store.env import open_store
from runtime.text.wording import STATION_ERRORS
from runtime.text.words.charging import DECISIONS, STATION_STATES
from tests.webui.carpark import STATIONS, car_park, publish
from tests.webui.stage import Stage
from webui.http.caller import Caller


@pytest.fixture
def park(tmp_path: Path) -> Iterator[Stage]:
    store = open_store(tmp_path)
    yield car_park(store)
    store.close()


def text(site: Stage, path: str) -> str:
    answer = site.get(path)
    assert answer.status == 200, answer.text
    return answer.text


def station(page: str, id: int) -> str:
    """The card of a station."""
    return page.partition(f'data-station="{id}"')[2].partition("</section>")[0]


def test_every_rule_says_itself_in_words() -> None:
    rules = {value for name, value in vars(decision).items() if name.isupper() and isinstance(value, str)}
    assert set(DECISIONS) == rules


def test_a_station_that_waits_says_for_which_phase_since_when(park: Stage) -> None:
    waiting = station(text(park, "/charging"), 2)
    assert "Waits: phase 1 is in the yellow area since 14:02." in waiting
    assert "Priority" in waiting and STATION_STATES["waiting"] in waiting


def test_a_charge_shows_what_it_draws_and_may(park: Stage) -> None:
    charging = station(text(park, "/charging"), 1)
    assert "24.0 · 24.0 · 23.9" in charging
    assert "of 24 A allowed" in charging
    assert "7.50 kWh" in charging and "04A1" in charging


def test_each_phase_has_its_area_and_t_is_shown(park: Stage) -> None:
    page = text(park, "/charging")
    assert "Yellow area" in page and "Green area" in page and "not measured" in page
    assert "The limit is exceeded for 44 s at most." in page


def test_orders_are_for_those_who_may_act_and_for_present_charges(park: Stage) -> None:
    assert "{&#34;allowed&#34;: false}" in station(text(park, "/charging"), 1)
    park.caller = Caller("green", 2, frozenset({("green_up", "see"), ("home", "see")}))
    assert "data-act" not in station(text(park, "/charging"), 1)


def test_what_somebody_ordered_is_pressed(park: Stage) -> None:
    publish(park, allowed=False)
    orders = station(text(park, "/charging"), 1)
    assert "Waits: somebody ordered it to." in orders
    assert 'aria-pressed="true">Wait' in orders and 'aria-pressed="false">Start' in orders


def test_errors_are_a_list(park: Stage) -> None:
    view = park.bridge.device(2)
    assert view is not None
    quantities, values = (*view.quantities, "charge_errors"), (*view.values_n, 1 << 10)
    times = (*view.ts_ms, view.ts_ms[0])
    park.views.publish("device.2", replace(view, quantities=quantities, values_n=values, ts_ms=times))
    assert f"{STATION_ERRORS['ev_overload']}</p>" in station(text(park, "/charging"), 1)


def test_the_filter_leaves_priority_stations_or_those_of_a_group(park: Stage) -> None:
    page = text(park, "/charging?only=priority")
    assert 'data-station="2"' in page and 'data-station="1"' not in page
    assert 'data-live="/live/charging?only=priority"' in page
    assert "No station fits the filter." in text(park, "/charging?group=1")


def test_what_changes_by_itself_is_a_part_of_the_page(park: Stage) -> None:
    part = text(park, "/live/charging")
    assert "Decisions" in part and "<html" not in part
    publish(park, allowed=False)
    assert text(park, "/live/charging") != part


def test_without_a_station_the_page_says_where_to_begin(park: Stage) -> None:
    park.installation = replace(park.installation, others={})
    assert "No charging station yet" in text(park, "/charging")


def test_sessions_of_a_month_with_their_cost_and_the_statement(park: Stage) -> None:
    page = text(park, "/charging/sessions")
    assert "04A1" in page and "€2.00" in page and "was gone after a silence" in page
    assert "1 without a count of energy" in page
    assert "/api/v1/charging/statement.csv?date=2026-11-01" in page
    assert "No charge ended in this month" in text(park, "/charging/sessions?month=2026-10")
    assert "04A1" in text(park, "/charging/sessions?month=2026-09")
    assert "04A1" in text(park, "/charging/sessions?month=nonsense")


def test_a_station_of_a_circuit_that_is_off_is_not_managed(park: Stage) -> None:
    (circuit,) = park.installation.others["charging_circuits"]
    others = {"charging_circuits": (replace(circuit, on=False),), "charging_stations": STATIONS}
    park.installation = replace(park.installation, others=others)
    assert STATION_STATES["off"] in station(text(park, "/charging"), 1)


def test_a_limit_from_outside_is_shown_with_its_end_and_can_be_ended(park: Stage) -> None:
    publish(park, limit_ma=20_000)
    page = text(park, "/charging")
    assert "Limited to 20 A until 20 Nov 2026, 15:00:00" in page
    assert "/api/v1/charging/circuits/1/limit" in page
    park.caller = Caller("green", 2, frozenset({("green_up", "see"), ("home", "see")}))
    assert "/api/v1/charging/circuits/1/limit" not in text(park, "/charging")
