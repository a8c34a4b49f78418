"""Frames out of a stream of telegrams."""

from drivers.api import BadAnswer, Frame
from drivers.teleinfo.framer import TicFramer
from runtime.core.tic.telegram import unpack
from tests.tic import BURST, HOURS, LINKY, sent, with_parity

ADPS = HOURS + "\nADPS 046 B"


def names(cut):
    return [each.name if isinstance(each, Frame) else "damaged" for each in cut]


def test_a_telegram_is_a_frame_of_its_mode_and_the_first_says_that_nothing_is_too_much():
    framer = TicFramer()
    assert names(framer.take(sent(HOURS) * 2)) == ["overrun", "historique", "historique"]
    assert names(TicFramer().take(with_parity(sent(LINKY)))) == ["standard"]


def test_a_current_above_the_subscription_is_a_frame_whenever_it_changes():
    framer = TicFramer()
    framer.take(sent(HOURS))
    begins = framer.take(sent(ADPS) * 2)
    assert names(begins) == ["overrun", "historique", "historique"]
    assert unpack(begins[0].payload).number("ADPS") == 46
    ends = framer.take(sent(HOURS))
    assert names(ends) == ["overrun", "historique"] and not unpack(ends[0].payload).groups


def test_a_short_telegram_of_three_phases_says_of_the_overrun_alone():
    (frame,) = TicFramer().take(sent(BURST))
    assert frame.name == "overrun" and list(unpack(frame.payload).groups) == ["ADIR1"]


def test_a_damaged_telegram_is_an_error_and_the_next_one_counts():
    damaged, *whole = TicFramer().take(sent(HOURS).replace(b"00480", b"00481") + sent(HOURS))
    assert isinstance(damaged, BadAnswer) and damaged.code == "frame_damaged"
    assert names(whole) == ["overrun", "historique"]


def test_a_text_of_the_mode_standard_counts_from_the_second_time():
    first, second = TicFramer().take(sent(LINKY) * 2)
    assert unpack(first.payload).text("NGTF") is None
    assert unpack(second.payload).text("NGTF") == " HC et Week-End "
