"""Green'Up configuration: areas against the last day, settings of circuits, priority of stations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.store.env import open_store
from runtime.store.history import Recorded
from tests.webui.carpark import car_park
from tests.webui.stage import NOW_TS, Stage
from webui.http.caller import Caller
from webui.pages.charging.configuration import DayCurve, _curve


@pytest.fixture
def park(tmp_path: Path) -> Iterator[Stage]:
    store = open_store(tmp_path)
    yield car_park(store)
    store.close()


def page(site: Stage) -> str:
    answer = site.get("/setup/charging")
    assert answer.status == 200, answer.text
    return answer.text


def test_a_circuit_shows_its_settings_and_t(park: Stage) -> None:
    shown = page(park)
    assert "Car park" in shown and "63 A" in shown and "40 A" in shown and "32 Ah" in shown
    assert "≤ 44 s" in shown
    assert "nothing was recorded" in shown


def test_the_last_day_is_drawn_against_the_areas(park: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def samples(device: int, quantity: str, from_ts: int, to_ts: int) -> tuple[Recorded, ...]:
        assert (device, from_ts, to_ts) == (1, NOW_TS - 86_400, NOW_TS)
        levels = {"current_l1_a": (31_500, 63_000), "current_l2_a": (None, -10_000)}.get(quantity, ())
        return tuple(
            Recorded(from_ts + n * 43_200, from_ts + (n + 1) * 43_200, {"mean": 1, "max": level_ma}, 0)
            for n, level_ma in enumerate(levels)
        )

    monkeypatch.setattr(park.history, "samples", samples)
    shown = page(park)
    assert 'class="l1" d="M250.0 116.7 L750.0 33.3"' in shown  # 75.6 A are the top: 63 A and a fifth
    assert "L1 ≤ 63.0 A" in shown and "L2 ≤ 10.0 A" in shown
    assert 'class="l3" d=' not in shown


def test_a_curve_without_samples_is_none() -> None:
    assert _curve(3, [], 1) == DayCurve(3, "", 0)


def test_stations_have_their_phases_and_their_priority(park: Stage) -> None:
    shown = page(park)
    right = shown.partition('data-station="2"')[2].partition("</tr>")[0]
    assert 'aria-pressed="true">Priority' in right and "6 A · 30 s" in right
    left = shown.partition('data-station="1"')[2].partition("</tr>")[0]
    assert 'aria-pressed="true">Normal' in left and "L1 L2 L3" in left


def test_who_may_only_look_changes_nothing(park: Stage) -> None:
    park.caller = Caller("looks", 9, frozenset({("system_configuration", "see"), ("home", "see")}))
    shown = page(park)
    assert "data-act=" not in shown.partition("<main")[2] and "data-edit=" not in shown


def test_without_a_circuit_the_page_says_what_one_is(park: Stage) -> None:
    park.installation = replace(park.installation, others={})
    assert "No charging circuit yet" in page(park)
