"""Telegrams that others published decode to the digit; one wrong group gives all of it up."""

import pytest

from runtime.core.tic.label import HISTORIQUE, STANDARD
from runtime.core.tic.telegram import pack, read_telegram, unpack
from tests.tic import BURST, HOURS, LINKY, TEMPO, THREE, content


def test_a_meter_with_off_peak_hours():
    telegram = read_telegram(content(HOURS))
    assert telegram.mode == HISTORIQUE and not telegram.is_short
    assert telegram.text("ADCO") == "050022120078" and telegram.text("PTEC") == "HP.."
    assert [telegram.number(label) for label in ("HCHC", "HCHP", "PAPP", "IINST")] == [77245863, 96228446, 480, 2]
    assert telegram.number("BASE") is None


def test_a_meter_with_tempo():
    telegram = read_telegram(content(TEMPO))
    assert telegram.text("DEMAIN") == "ROUG" and telegram.number("BBRHPJR") == 844115
    assert len(telegram.groups) == 16


def test_a_linky_with_all_its_groups():
    telegram = read_telegram(content(LINKY))
    assert telegram.mode == STANDARD and len(telegram.groups) == 38 and telegram.unknown == ()
    assert telegram.number("EAST") == 17026175
    assert sum(telegram.number(f"EASF{number:02}") for number in range(1, 11)) == telegram.number("EAST")
    assert telegram.number("STGE", 16) == 0x003A8000
    assert telegram.groups["SMAXSN"].horodate == b"H191203032158"


def test_three_phases_and_the_burst_of_one():
    assert read_telegram(content(THREE)).number("IINST2") == 9
    telegram = read_telegram(content(BURST))
    assert telegram.is_short and telegram.number("ADIR1") == 1


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text.replace(b"00480", b"00481"),
        lambda text: text.replace(b"\nPAPP 00480 -\r", b"\nPAPP 00480 -\r" * 2),  # doubled
        lambda text: text[:-5],
        lambda text: text[20:],
        lambda text: text.replace(b"\r\nIMAX", b"\nIMAX"),
        lambda text: b"",
        lambda text: text.replace(b"\nADCO 050022120078 2\r", b""),
    ],
)
def test_damage_anywhere_gives_up_the_whole_telegram(changed):
    with pytest.raises(ValueError):
        read_telegram(changed(content(HOURS)))


@pytest.mark.parametrize("typed", [HOURS, TEMPO, BURST, LINKY], ids=["hours", "tempo", "burst", "linky"])
def test_a_payload_is_the_telegram(typed):
    telegram = read_telegram(content(typed))
    assert unpack(pack(telegram)) == telegram


def test_a_payload_of_no_mode_is_refused():
    with pytest.raises(ValueError):
        unpack(b"neither\nPAPP\t\t00480")
