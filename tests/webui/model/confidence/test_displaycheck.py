"""What was typed is held against every counter that the site reads."""

from __future__ import annotations

import pytest

from runtime.store.env import Store
from tests.webui.stage import Stage, stage
from webui.model.confidence.displaycheck import DISPLAY_UNITS, check_display, check_record

IMPORT, REACTIVE = "active_energy_import_wh", "reactive_energy_import_varh"
KWH = 1_000_000


@pytest.fixture
def site(store: Store) -> Stage:
    made = stage(store)
    made.publishes(1, quantities=(IMPORT, REACTIVE, "active_power_w"), values_n=(5000 * KWH, 700 * KWH, 120_000))
    made.publishes(2, quantities=(IMPORT,), values_n=(3333 * KWH,))
    made.publishes(3, quantities=("water_dm3",), values_n=(4444 * KWH,))
    return made


def check(site: Stage, kwh: float, digit_n: int = KWH // 10) -> tuple[str, int, str]:
    view = site.bridge.device(1)
    assert view is not None
    made = check_display(site.bridge, view, IMPORT, (round(kwh * KWH), digit_n), "Ann", "too_little")
    return made.result, made.other_device, made.other_quantity


def test_five_minutes_of_its_power_are_no_difference(site: Stage) -> None:
    assert check(site, 5000.9)[0] == "fits" and check(site, 4999.1)[0] == "fits"
    assert check(site, 5004)[0] == "differs"


def test_other_counters_of_the_same_kind_are_looked_at(site: Stage) -> None:
    assert check(site, 700) == ("other_counter", 1, REACTIVE)
    assert check(site, 3333) == ("other_meter", 2, IMPORT)
    assert check(site, 4444)[0] == "differs"  # water


def test_it_is_kept_under_its_counter_and_time(site: Stage) -> None:
    view = site.bridge.device(1)
    assert view is not None
    made = check_display(site.bridge, view, IMPORT, (5000 * KWH, KWH), "Ann", "fits")
    key, record = check_record(made)
    assert key == f"1.{IMPORT}.{site.clock.now_ms()}" and (record["author"], record["power"]) == ("Ann", "fits")


def test_displays_count_in_thousands_as_a_rule() -> None:
    assert next(iter(DISPLAY_UNITS["Wh"])) == "kWh" and next(iter(DISPLAY_UNITS["dm3"])) == "m3"
