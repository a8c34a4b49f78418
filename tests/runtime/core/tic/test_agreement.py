"""Texts that came twice."""

from runtime.core.tic.agreement import Agreement
from runtime.core.tic.group import Group
from runtime.core.tic.label import STANDARD
from runtime.core.tic.telegram import Telegram


def telegram(text: bytes) -> Telegram:
    return Telegram(STANDARD, {"VTIC": Group("VTIC", b"02"), "NGTF": Group("NGTF", text)})


def test_a_text_counts_once_it_came_twice_and_holds_until_another_did():
    agreement = Agreement()
    came = [b"A", b"A", b"B", b"A", b"C", b"C"]
    assert [agreement.settle(telegram(text)).text("NGTF") for text in came] == [None, "A", "A", "A", "A", "C"]


def test_all_else_goes_through():
    assert Agreement().settle(telegram(b"A")).number("VTIC") == 2


def test_a_text_that_is_no_longer_sent_is_none():
    agreement = Agreement()
    agreement.settle(telegram(b"A"))
    agreement.settle(telegram(b"A"))
    assert agreement.settle(Telegram(STANDARD, {})).text("NGTF") is None
