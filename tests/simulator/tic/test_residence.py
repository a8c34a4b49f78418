"""The house: live telegrams, the past and the truth behind both are one."""

import json

import pytest

from runtime.core.edit.installationfile import load
from runtime.core.site.installation import Installation
from runtime.core.tic.cutter import Cutter
from runtime.core.tic.telegram import read_telegram
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import known_by
from runtime.settings import default_plugins
from simulator.tic.encode import with_parity
from simulator.tic.residence import Residence, installation

DAY_S = 86_400
MORNING_TS = 1_773_216_000  # 2026-03-11 08:00 UTC
NIGHT_MS = (MORNING_TS + 15 * 3600) * 1000


@pytest.fixture(scope="module")
def house():
    return Residence()


def heard(speaker, at_ms):
    """What the product's own reader makes of a telegram."""
    (content,) = Cutter().take(with_parity(speaker.telegram(at_ms)))
    return read_telegram(content)


def test_what_both_meters_say_is_read_without_damage(house):
    supply, roof = heard(house.linky, MORNING_TS * 1000), heard(house.producer, MORNING_TS * 1000)
    assert supply.unknown == roof.unknown == ()
    indexes = house.linky.indexes(MORNING_TS * 1000)
    assert supply.number("EAST") * 1000 == indexes["active_energy_import_wh"]
    assert supply.number("EASF01") + supply.number("EASF02") == pytest.approx(supply.number("EAST"), abs=1)
    assert roof.number("BASE") * 1000 == house.producer.indexes(MORNING_TS * 1000)["active_energy_export_wh"]


def test_at_night_the_other_register_counts_and_the_relay_is_closed(house):
    morning, night = heard(house.linky, MORNING_TS * 1000), heard(house.linky, NIGHT_MS)
    assert (morning.text("NTARF"), morning.text("RELAIS")) == ("02", "000")
    assert (night.text("NTARF"), night.text("RELAIS")) == ("01", "001")
    later = heard(house.linky, NIGHT_MS + 3_600_000)
    assert later.number("EASF01") > night.number("EASF01") and later.number("EASF02") == night.number("EASF02")


def test_registers_never_fall_and_add_up_over_a_day(house):
    shown = [house.linky.registers.at((MORNING_TS + step) * 1000) for step in range(0, DAY_S, 1201)]
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in zip(shown, shown[1:], strict=False))
    assert shown[-1][0] > shown[0][0] and shown[-1][1] > shown[0][1]


def test_the_day_the_clocks_go_back_has_one_off_peak_hour_more(house):
    """2026-10-25: the hour from 2 to 3 comes twice, both off-peak."""
    begin = 1_792_879_200  # midnight
    hours = [house.linky.registers.is_off_peak((begin + hour * 3600) * 1000) for hour in range(25)]
    assert sum(hours) == 9


def test_the_past_is_what_the_meters_showed(house):
    lines = [json.loads(line) for line in house.history(MORNING_TS - DAY_S, MORNING_TS, MORNING_TS - DAY_S)]
    assert [line["device"] for line in lines] == [1, 2]
    assert (
        lines[0]["indexes"]["active_energy_import_wh"][-1]
        == (house.linky.indexes(MORNING_TS * 1000)["active_energy_import_wh"])
    )
    assert len(lines[0]["columns"]["apparent_power_va.mean"]) == DAY_S // 600


def test_its_installation_is_right(tmp_path):
    known = known_by(load_plugins(default_plugins()))
    site = load(installation(tmp_path), "house.toml", Installation(), known)
    assert [device.model for device in site.devices] == ["teleinfo-standard", "teleinfo-historique"]
