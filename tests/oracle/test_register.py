"""Registers as they stand on a wire."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.oracle.flow import QUANTA, Flow
from tests.oracle.register import KILO, Register

KWH = 1_000_000


@pytest.mark.parametrize(
    ("register", "index_m", "words"),
    [
        (Register("u16", 20_000), 200_000, (10,)),
        (Register("u16", 20_000), 65_537 * 20_000, (1,)),
        (Register("u32", 1_000), 6_200 * KWH, (0x005E, 0x9AC0)),
        (Register("u32", 1_000), 6_200 * KWH + 999, (0x005E, 0x9AC0)),
        (Register("u32", 5_000, digits=8), 10**8 * 5_000 + 35_000, (0, 7)),
        (Register("u64", 1), 1 << 40, (0, 0x100, 0, 0)),
        (Register("s32", 100_000, falls=True), 987_100_000, (0xFFFF, 0xD971)),  # -9,871
        (Register("f32"), 6_200 * KWH, (0x45C1, 0xC000)),
        (Register("f32"), 16_777_217 * KWH, (0x4B80, 0)),  # one more than a float of 24 bits can say
    ],
)
def test_an_index_and_its_words(register: Register, index_m: int, words: tuple[int, ...]) -> None:
    assert register.answer(index_m * QUANTA) == words
    meaning = register.meaning_m(words)
    if not register.span_m or index_m < register.span_m:
        shown = register.index_m(index_m * QUANTA)
        assert meaning == (-shown if register.falls else shown)


def test_a_float_that_is_no_number_means_nothing() -> None:
    assert Register("f32").meaning_m((0x7FC0, 0)) is None
    assert Register("f64").meaning_m((0x7FF0, 0, 0, 0)) is None
    assert Register("f32").meaning_m((0x3DCC, 0xCCCD)) == Fraction(13421773, 1 << 27) * KILO


def test_a_rate_takes_what_it_should() -> None:
    flow = Flow(((0, 3_600_000), (1_000, 0), (2_000, 7_200_000)))  # 3.6 kW: 1 Wh a second
    assert [flow.amount_q(ms) / QUANTA for ms in (0, 500, 1_000, 1_999, 2_500)] == [0, 500, 1_000, 1_000, 2_000]
    assert flow.amount_q(-1_000) == -1_000 * QUANTA
    assert flow.most_m == 7_200_000
