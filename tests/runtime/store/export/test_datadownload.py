"""The zip of a data download, held against charts of the same span."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from dataclasses import replace
from fractions import Fraction

import pytest

from runtime.core.accounting.assignments import date_changes
from runtime.core.export.download import CsvFormat, Download
from runtime.core.site.installation import GroupSpec
from runtime.errors import StoreError
from runtime.store.energy.accounts import BOOKED, CORRECTED
from runtime.store.export import datadownload
from runtime.store.export.datadownload import write_download
from runtime.store.history import History
from runtime.store.row import Row
from runtime.store.sample.rows import Rows
from tests.runtime.store.chart.test_charts import NIGHT, PEAK, SITE, put, ts_of
from tests.runtime.store.site import PARIS

ENERGY = (("active_energy_import_wh", "energy"),)
SITE_WITH_GROUP = replace(SITE, groups=(GroupSpec(1, "Kitchen"),), zone="Europe/Paris", currency="EUR")
POINT = CsvFormat(".", ";")


def record(store, text, device, energy_n, interval_s=900, quality=0):
    """A sample, and the bin it belongs to."""
    with store.writing() as txn:
        Rows(store).put(txn, Row(device, ts_of(text), interval_s, ENERGY, (energy_n,), (quality,)))
    put(store, text, device, energy_n, (BOOKED | PEAK, energy_n), quality=quality)


def downloaded(store, tmp_path, listed="devices", ids=(1,), days=("2026-10-20", "2026-10-20"), step="15min", **more):
    """Name -> rows of the table, the head first."""
    first, last = map(datetime.date.fromisoformat, days)
    wanted = Download(listed, ids, first, last, step, more.pop("costs", False), more.pop("format", POINT))
    file = tmp_path / "1.zip"
    write_download(store, more.pop("site", SITE_WITH_GROUP), wanted, file, more.pop("progress", lambda percent: None))
    with zipfile.ZipFile(file) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return {
        name: list(csv.reader(io.StringIO(text), delimiter=wanted.format.separator)) for name, text in texts.items()
    }


def total(rows, column=3):
    return sum(Fraction(row[column]) for row in rows[1:] if row[column])


def test_a_quarter_has_what_was_recorded_in_it(store, tmp_path):
    record(store, "2026-10-20 06:00", 1, 3000)
    record(store, "2026-10-20 06:15", 1, 1)
    (rows,) = downloaded(store, tmp_path).values()
    assert rows[0] == ["start", "end", "utc_offset", "1 Oven [Wh]", "remarks"]
    assert rows[25] == ["2026-10-20 06:00", "2026-10-20 06:15", "+02:00", "3", ""]
    assert rows[26][3] == "0.001" and rows[27][3:] == ["", "missing: 1"]
    assert len(rows) == 1 + 96


@pytest.mark.parametrize(("day", "quarters"), [("2026-03-29", 92), ("2026-10-25", 100)])
def test_days_on_which_the_clock_changes_have_their_real_length(store, tmp_path, day, quarters):
    record(store, f"{day} 01:30", 1, 50)
    (rows,) = downloaded(store, tmp_path, days=(day, day)).values()
    assert len(rows) == 1 + quarters and total(rows) == Fraction(50, 1000)


@pytest.mark.parametrize("step", ["15min", "1h", "1d"])
@pytest.mark.parametrize("interval_s", [60, 300, 600, 900, 1800, 3600])
def test_whatever_the_steps_the_sum_is_that_of_the_chart(store, tmp_path, step, interval_s):
    for number in range(0, 7200, interval_s):
        moment = datetime.datetime.fromisoformat("2026-10-20 06:00") + datetime.timedelta(seconds=number)
        record(store, moment.isoformat(" "), 1, 1_003 + number, interval_s)
    put(store, "2026-10-20 06:00", 1, -400, lane=CORRECTED | 10)
    tables = downloaded(store, tmp_path, step=step, costs=True)
    chart = History(store).consumption(
        SITE_WITH_GROUP, of="device:1", fluid="electricity", period="day", date=datetime.date(2026, 10, 20), zone=PARIS
    )
    assert total(tables["report_energy_devices_electricity.csv"]) == Fraction(chart.total_n, 1000)
    assert total(tables["report_energy_devices_electricity_cost.csv"]) == Fraction(chart.cost_p, 10**12)


def test_intervals_that_fit_no_quarter_are_marked_estimated(store, tmp_path):
    record(store, "2026-10-20 06:00", 1, 600, 600)
    (rows,) = downloaded(store, tmp_path).values()
    assert rows[25][3:] == ["0.6", ""]
    record(store, "2026-10-20 06:10", 1, 600, 600)
    (rows,) = downloaded(store, tmp_path).values()
    assert [row[3:] for row in rows[25:27]] == [["0.9", "estimated: 1"], ["0.3", "estimated: 1"]]


def test_a_group_gets_from_each_device_the_time_that_it_belonged_to_it(store, tmp_path):
    record(store, "2026-10-20 06:00", 1, 1000)
    record(store, "2026-10-20 08:00", 1, 1000)
    moved = replace(SITE_WITH_GROUP, devices=tuple(replace(each, groups=()) for each in SITE.devices))
    site = date_changes(SITE_WITH_GROUP, moved, ts_of("2026-10-20 06:30"))
    (rows,) = downloaded(store, tmp_path, "groups", site=site).values()
    assert total(rows) == 1 and rows[0][3] == "1 Kitchen [Wh]"


def test_loads_are_under_the_name_that_the_manual_gives_them(store, tmp_path):
    record(store, "2026-10-20 06:00", 1, 1000)
    record(store, "2026-10-20 06:00", 2, 500)
    (name, rows), *_ = downloaded(store, tmp_path, "loads", (1, 2), step="1h", costs=False).items()
    assert name == "report_energy_loads.csv"
    assert rows[7] == ["2026-10-20 06:00", "2026-10-20 07:00", "+02:00", "1", "0.5", ""]


def test_costs_are_empty_where_nothing_has_a_price(store, tmp_path):
    put(store, "2026-10-20 06:00", 1, 3000, (BOOKED | NIGHT, 3000))
    put(store, "2026-10-20 07:00", 1, 3000)
    rows = downloaded(store, tmp_path, step="1h", costs=True)["report_energy_devices_electricity_cost.csv"]
    assert rows[0][3] == "1 Oven [EUR]" and rows[7][3] == "0.0003" and rows[8][3:] == ["", "missing: 1"]


def test_commas_for_both_are_quoted_as_the_manual_has_them(store, tmp_path):
    record(store, "2026-10-20 06:00", 1, 1500)
    (rows,) = downloaded(store, tmp_path, step="1h", format=CsvFormat()).values()
    assert rows[7][3] == "1,5"


def test_the_same_data_give_the_same_bytes(store, tmp_path):
    record(store, "2026-10-20 06:00", 1, 1500)
    downloaded(store, tmp_path)
    before = (tmp_path / "1.zip").read_bytes()
    downloaded(store, tmp_path)
    assert (tmp_path / "1.zip").read_bytes() == before


def test_progress_climbs(store, tmp_path):
    record(store, "2026-10-20 06:00", 1, 1500)
    percents = []
    downloaded(store, tmp_path, days=("2026-10-01", "2026-10-30"), progress=percents.append)
    assert percents == sorted(percents) and percents[0] <= 4 and percents[-1] >= 98


def test_a_disk_that_is_full_leaves_nothing_half_done(store, tmp_path, monkeypatch):
    record(store, "2026-10-20 06:00", 1, 1500)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(datadownload, "_pack", full)
    with pytest.raises(StoreError, match="No space left"):
        downloaded(store, tmp_path)
    assert list(tmp_path.glob("1.zip*")) == []
