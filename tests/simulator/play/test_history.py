import json

import pytest

from simulator.play.history import Span, history
from tests.simulator.conftest import small_site

FROM_TS = 1_746_482_400  # 2025-05-05T22:00Z
DAY_S = 86_400


def lines(site, *, days=3, rows_from=None, interval_s=600, from_ts=FROM_TS):
    to_ts = from_ts + days * DAY_S
    span = Span(from_ts, to_ts, to_ts if rows_from is None else rows_from, interval_s)
    return [json.loads(line) for line in history(site, span)]


def test_each_line_is_one_device_and_utc_day_and_days_come_whole(site):
    found = lines(site)
    assert [line["device"] for line in found[:7]] == [1, 2, 3, 4, 5, 6, 1]
    starts = sorted({line["start_ts"] for line in found})
    assert starts == [FROM_TS, FROM_TS + 7200, FROM_TS + 7200 + DAY_S, FROM_TS + 7200 + 2 * DAY_S]


def test_the_end_of_a_line_is_the_beginning_of_the_next(site):
    main = [line for line in lines(site, rows_from=FROM_TS + DAY_S) if line["device"] == 1]
    for before, after in zip(main, main[1:], strict=False):
        index = before["indexes"]["active_energy_import_wh"]
        assert before["start_ts"] + (len(index) - 1) * before["step_s"] == after["start_ts"]
        assert index[-1] == after["indexes"]["active_energy_import_wh"][0]


@pytest.mark.parametrize("from_ts", [FROM_TS, FROM_TS + 900])
def test_every_index_is_what_the_live_register_would_have_shown(site, tmp_path, from_ts):
    live = small_site(tmp_path).devices
    names = list(live)
    for line in lines(site, days=2, rows_from=from_ts + DAY_S, from_ts=from_ts):
        for position in range(0, len(line["indexes"]["active_energy_import_wh"]), 7):
            shown = live[names[line["device"] - 1]].indexes((line["start_ts"] + position * line["step_s"]) * 1000)
            assert {id: row[position] for id, row in line["indexes"].items()} == shown


def test_rows_have_one_value_a_slot_and_their_extremes_enclose_it(site):
    rows = [line for line in lines(site, days=1, rows_from=FROM_TS, interval_s=900) if line["device"] == 2]
    for line in rows:
        slots = len(line["indexes"]["active_energy_import_wh"]) - 1
        assert line["step_s"] == 900 and {len(column) for column in line["columns"].values()} == {slots}
        low, mean, high = (line["columns"][f"active_power_w.{name}"] for name in ("min", "mean", "max"))
        assert all(a <= b <= c for a, b, c in zip(low, mean, high, strict=True))


def test_the_rows_agree_with_the_energy_of_their_slots(site):
    line = next(line for line in lines(site, days=1, rows_from=FROM_TS) if line["device"] == 2 and len(line["columns"]))
    index = line["indexes"]["active_energy_import_wh"]
    energy = index[-1] - index[0]
    power = sum(line["columns"]["active_power_w.mean"])  # 0.1 W over ten minutes
    assert power * 100 / 6 == pytest.approx(energy, rel=0.05)


def test_no_columns_before_the_rows_begin(site):
    assert all("columns" not in line for line in lines(site))
