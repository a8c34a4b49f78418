"""Streams: whole telegrams, damaged ones, noise. No damage becomes a value."""

import random

import pytest

from runtime.core.tic.agreement import Agreement
from runtime.core.tic.cutter import LONGEST, Cutter, Damaged, strip_parity
from runtime.core.tic.telegram import read_telegram
from tests.tic import HOURS, LINKY, TEMPO, content, sent, with_parity

SEED = 20261130
FRAMES = 10_000


def cut(stream: bytes, step: int = 7) -> list[bytes | Damaged]:
    cutter = Cutter()
    return [each for at in range(0, len(stream), step) for each in cutter.take(stream[at : at + step])]


def is_damaged(each) -> bool:
    return isinstance(each, Damaged)


@pytest.mark.parametrize("coded", [bytes, with_parity], ids=["seven bits", "parity"])
def test_telegrams_come_out_whole_and_the_begun_one_does_not(coded):
    stream = coded(content(HOURS)[50:] + b"\x03" + sent(HOURS) + sent(TEMPO) + sent(LINKY))
    assert cut(stream) == [content(HOURS), content(TEMPO), content(LINKY)]


def test_a_telegram_that_the_meter_breaks_off_is_no_damage():
    assert cut(b"\x02" + content(HOURS)[:40] + b"\x04" + sent(HOURS)) == [content(HOURS)]


def test_a_telegram_that_lost_its_end_costs_no_other():
    lost, whole = cut(b"\x02" + content(HOURS)[:40] + sent(HOURS))
    assert is_damaged(lost) and whole == content(HOURS)


def test_what_never_ends_is_given_up():
    damage, whole = cut(b"\x02" + b"x" * (LONGEST + 1) + sent(HOURS))
    assert is_damaged(damage) and whole == content(HOURS)


def test_noise_without_a_telegram_is_reported_now_and_then():
    assert [is_damaged(each) for each in cut(b"\x55" * (3 * LONGEST))] == [True] * 3


def test_wrong_parity_is_seen_where_parity_comes_along():
    assert strip_parity(content(HOURS)) == content(HOURS)
    raw = bytearray(with_parity(content(HOURS)))
    raw[30] ^= 0x01
    with pytest.raises(Damaged):
        strip_parity(bytes(raw))
    with pytest.raises(Damaged):
        strip_parity(bytes(byte ^ 0x80 for byte in with_parity(content(HOURS))))  # a port set to odd


def flipped(stream: bytes, share: float, bits: int, dice: random.Random) -> bytes:
    """With about this share of its lowest ``bits`` of each byte turned over."""
    number = int.from_bytes(stream, "little")
    at = int(dice.expovariate(share))
    while at < len(stream) * bits:
        number ^= 1 << at // bits * 8 + at % bits
        at += 1 + int(dice.expovariate(share))
    return number.to_bytes(len(stream), "little")


def spoilt(plain: bytes, dice: random.Random) -> bytes:
    """A group cut short, doubled, or as it was."""
    body = dice.choice(plain[2:-2].split(b"\r\n"))
    instead = dice.choice((body[: len(body) // 2], body + b"\r\n" + body, body))
    return plain.replace(body, instead, 1)


@pytest.mark.parametrize("typed", [HOURS, TEMPO, LINKY], ids=["hours", "tempo", "linky"])
@pytest.mark.parametrize("share", [0.01, 0.0002])
@pytest.mark.parametrize(("coded", "bits"), [(with_parity, 8), (bytes, 7)], ids=["parity", "seven bits"])
def test_ten_thousand_damaged_telegrams_give_no_wrong_value(typed, share, coded, bits):
    """At a hundredth of all bits hardly any is whole; at two in ten thousand many are, and none of them is wrong."""
    dice = random.Random(SEED)
    right = read_telegram(content(typed)).groups
    cutter, agreement, whole = Cutter(), Agreement(), 0
    for _ in range(FRAMES):
        for each in cutter.take(flipped(coded(spoilt(sent(typed), dice)), share, bits, dice)):
            try:
                groups = agreement.settle(read_telegram(each)).groups if isinstance(each, bytes) else {}
            except ValueError:
                continue
            whole += bool(groups)
            for label, group in groups.items():
                assert right[label].datum == group.datum and right[label].horodate == group.horodate
    assert whole > FRAMES // 40 if share < 0.001 else whole < FRAMES // 40
