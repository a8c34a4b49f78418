"""The named lives: what is right in each, worked out by hand, and what a ledger that believes all would book."""

from __future__ import annotations

import pytest

from tests.oracle.clairvoyant import believing, calendar_of, knowing, played
from tests.oracle.comparison import differences
from tests.oracle.named import LINES, LIVES
from tests.oracle.scene import Scene

KWH = 1_000_000
POLL_WH = 3.6 * 10 * 1.1 * 2 / 3.6  # what the usual consumer takes from one poll to the next but one

# name -> (least, most) of the whole life in Wh; the usual consumer takes 1 Wh a second
BY_HAND = {
    "01 a new meter at 0 after 10 min": (22_200 - 30, 22_200 + 600),
    "02 a new meter at 0.2 kWh after 50 min": (24_600 - 30, 24_600 + 3_000),
    "04 one answer of 0 after 10 min": (21_600, 21_600),
    "05 one answer 600 kWh too high after 10 min": (21_600, 21_600),
    "06 a used meter at 1,500 kWh after 30 min": (23_400 - 30, 23_400 + 1_800),
    "07 three zeros, then 30 min of silence": (21_600, 21_600),
    "08 a reset, and one old index four hours later": (25_200, 25_200),
    "09 an exchange, and one wrong index an hour later": (14_400, 14_400),
    "10 a turned bit in 2 % of the answers": (50_400, 50_400),
    "11 256 reads 320 once": (21_000, 21_000),
    "12 factor 1 to 10": (2 * 3_600 + 187 + 10 * (4 * 3_600 - 187), 2 * 3_600 + 187 + 10 * (4 * 3_600 - 187)),
    "13 another meter's address, higher": (21_600, 21_600),
    "14 u16 of 20 Wh rolls over in 10 min": (21_600, 21_600),
    "15 2^32 of 2.5 Wh": (21_600, 21_600),
    "15 10^8 of 5 dm3": (21_600, 21_600),
    "15 9,999.999 m3": (21_600, 21_600),
    "15 five digits of 1 MWh": (21_000_000, 21_000_000),
    "15 9,999.999 m3, not named": (21_600 - 600, 21_600 + 20),
    "16 export falls and the map knows": (72_000, 72_000),
    "16 export falls and nobody knows": (0, 0),
    "17 an exchange that is declared afterwards": (22_200 + 600, 22_200 + 600),
    "18 a last index 400 kWh too high": (22_200, 22_200 + 600),
    "24 an exchange after 90 days of silence": (2_168 * 3_600, 2_168 * 3_600),
    "28 0 at dusk": (45_540, 45_540),
    "29 4,321.4 kWh is 4,321.1 after 15 min": (21_600 - 900 - 300, 21_600 - 900),
    "29 812.345 m3 of gas is 812.300": (18_000 - 45, 18_000),
    "30 two counts back now and then at 9.3 kWh": (21_600, 21_600),
    "31 the clock a day ahead for 20 min": (30_000, 30_000),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_what_is_right_is_what_anybody_would_say(name: str) -> None:
    truth = played(LIVES[name])[0].truth()
    least_wh, most_wh = BY_HAND[name]
    slack_wh = 2 * POLL_WH * (10 if "factor" in name else 1) + (
        1000 if "1 MWh" in name else 0
    )  # before the first poll, after the last
    slack_wh += 200 if "export" in name or "dusk" in name else 0
    assert least_wh - slack_wh <= truth.total.least_m / 1000 <= least_wh + POLL_WH
    assert most_wh - slack_wh <= truth.total.most_m / 1000 <= most_wh + POLL_WH


@pytest.mark.parametrize("name", LIVES)
def test_a_ledger_that_knows_the_truth_is_right(name: str) -> None:
    truth = played(LIVES[name])[0].truth()
    assert differences(truth, calendar_of(LIVES[name]), knowing(LIVES[name], truth)) == []


WRONG = {4, 5, 7, 8, 9, 10, 11, 14, 15, 28}  # lines in which climbs are taken for energy that were none, or lost


@pytest.mark.parametrize("line", [line for line in LINES if line.number in WRONG], ids=lambda line: line.name)
def test_a_ledger_that_believes_all_is_caught(line) -> None:
    life = line.play(Scene())
    meter, readings = played(life)
    not_named = not life.register.named  # a lost roll-over is right there
    assert bool(differences(meter.truth(), calendar_of(life), believing(life, readings))) != not_named


def test_the_lines_that_are_lives_of_an_index_are_all_there() -> None:
    assert {line.number for line in LINES} == {*range(1, 19), 23, 24, 28, 29, 30, 31, 33}
    assert len(LIVES) == len(LINES)


def test_a_hole_a_debt_and_a_giant_are_noticed() -> None:
    life = LIVES["33 an outage"]
    truth = played(life)[0].truth()
    right, calendar = knowing(life, truth), calendar_of(life)
    start, end, energy_m = right[14]  # in the middle of the outage

    def words(booked: list) -> str:
        return " ".join(differences(truth, calendar, booked))

    assert "nothing is booked" in words(right[:9] + right[10:])
    assert "after" in words(right[:-6])
    assert "slot" in words([*right[:14], (start, end, energy_m + 30 * KWH), *right[15:]])
    assert "slot" in words([*right[:14], (start, end, -1), *right[15:]])
    shifted = [*right[:2], (*right[2][:2], right[2][2] - 5_000), (*right[3][:2], right[3][2] + 5_000), *right[4:]]
    assert "slot" in words(shifted) and "all" not in words(shifted)
