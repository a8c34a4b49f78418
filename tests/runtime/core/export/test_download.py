import json
from datetime import date

import pytest

from runtime.core.export.download import CsvFormat, Download, download_of, file_name

WANTED = Download("groups", (1, 4), date(2026, 3, 28), date(2026, 3, 30), "15min", True, CsvFormat(".", ";"))


def test_what_is_wanted_survives_being_written_down():
    assert download_of(json.loads(json.dumps(WANTED.to_json()))) == WANTED
    assert WANTED.owners == ("group:1", "group:4")


@pytest.mark.parametrize("record", [{}, {"listed": "devices", "ids": [1], "first": "2026-02-30"}])
def test_what_is_none_is_refused(record):
    with pytest.raises((KeyError, ValueError)):
        download_of(record)


def test_files_have_the_names_of_the_manual():
    named = {file_name(*each, cost=cost) for each in NAMED for cost in (False, True)}
    assert named == {
        "report_energy_devices_electricity.csv", "report_energy_devices_electricity_cost.csv",
        "report_energy_devices_gas.csv", "report_energy_devices_gas_cost.csv", "report_energy_devices_water.csv",
        "report_energy_devices_water_cost.csv", "report_energy_groups_electricity.csv",
        "report_energy_groups_electricity_cost.csv", "report_energy_loads.csv", "report_energy_loads_cost.csv",
    }  # fmt: skip


NAMED = [
    ("devices", "electricity"),
    ("devices", "gas"),
    ("devices", "water"),
    ("groups", "electricity"),
    ("loads", "electricity"),
]
