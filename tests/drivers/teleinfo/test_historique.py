"""Telegrams that others published, as values."""

import pytest

from drivers.api import DeviceSettings
from drivers.teleinfo.models import make_historique
from runtime.core.tic.telegram import Telegram, pack, read_telegram
from tests.tic import BURST, HOURS, TEMPO, THREE, content

SETTINGS = DeviceSettings()


def values(typed, **parameters):
    decoder = make_historique(parameters).decoder
    got = decoder.blank()
    decoder.apply(0, pack(read_telegram(content(typed))), got, SETTINGS)
    return dict(zip(decoder.quantities, got, strict=True))


def test_off_peak_hours_to_the_digit():
    got = values(HOURS)
    assert got["active_energy_import_wh"] == (77245863 + 96228446) * 1000
    assert got["active_energy_import_t1_wh"] == 77245863_000 and got["active_energy_import_t2_wh"] == 96228446_000
    assert got["active_energy_import_t3_wh"] is None
    assert (got["apparent_power_va"], got["current_l1_a"], got["current_l1_max_a"]) == (4800, 2000, 44000)
    assert (got["subscribed_current_a"], got["contract"], got["serial_number"]) == (45000, "HC..", "050022120078")
    assert (got["tariff_period"], got["colour_today"], got["colour_tomorrow"]) == (2, 0, None)


def test_the_six_registers_of_tempo_its_period_and_the_colour_of_tomorrow():
    got = values(TEMPO)
    indexes = [got[f"active_energy_import_t{number}_wh"] for number in range(1, 7)]
    assert indexes == [18328702_000, 23739545_000, 1466099_000, 2132883_000, 860118_000, 844115_000]
    assert got["active_energy_import_wh"] == sum(indexes)
    assert (got["tariff_period"], got["colour_today"], got["colour_tomorrow"]) == (5, 1, 3)


def test_three_phases():
    got = values(THREE, phases=3)
    assert [got[f"current_l{phase}_a"] for phase in (1, 2, 3)] == [1000, 9000, 0]
    assert (got["highest_power_w"], got["phases_missing"], got["active_energy_import_wh"]) == (86110, 0, None)


def test_a_meter_that_produces_exports():
    got = values(HOURS, use="production")
    assert got["active_energy_export_t2_wh"] == 96228446_000 and "active_energy_import_wh" not in got


@pytest.mark.parametrize(("lines", "expected"), [("", 0), ("\nPEJP 30 R", 1)])
def test_a_mobile_peak_is_announced(lines, expected):
    assert values(HOURS + lines)["mobile_peak"] == expected


def test_a_mobile_peak_goes_on():
    assert values(HOURS.replace("PTEC HP..  ", "PTEC PM.. %"))["mobile_peak"] == 2


def test_what_is_too_much_is_a_current_and_nothing_of_it_is_none():
    decoder = make_historique({"phases": 3}).decoder
    got = decoder.blank()
    for groups, expected in ((read_telegram(content(BURST)).groups, [1, 1000, 0, 0]), ({}, [0, 0, 0, 0])):
        kept = {label: group for label, group in groups.items() if label == "ADIR1"}
        decoder.apply(1, pack(Telegram("historique", kept)), got, SETTINGS)
        assert [got[slot] for slot in decoder.indexes(1, SETTINGS)] == expected
