from __future__ import annotations

import threading

import pytest

from actors.mailbox.reply import Forwarded, answer, claim, new_reply, refuse, wait_for
from runtime.errors import NoAnswer, WattkeeperError


def test_the_first_to_fill_a_reply_box_wins():
    reply = new_reply()
    assert answer(reply, 1)
    assert not answer(reply, 2)
    assert not refuse(reply, NoAnswer("no_answer", "silent"))
    assert wait_for(reply, 0) == 1


def test_a_refusal_is_raised_where_somebody_waits():
    reply = new_reply()
    refuse(reply, NoAnswer("no_answer", "unit 3 is silent"))
    with pytest.raises(NoAnswer, match="unit 3"):
        wait_for(reply, 0)


def test_nobody_waits_longer_than_he_said():
    with pytest.raises(WattkeeperError, match="no reply within") as late:
        wait_for(new_reply(), 0.01)
    assert late.value.code == "no_reply"


def test_a_box_that_forwards_passes_on_the_first_fill_only():
    told = []
    reply = Forwarded(told.append, told.append)
    assert answer(reply, 1)
    assert not refuse(reply, NoAnswer("no_answer", "silent"))
    assert told == [1]


def test_a_box_that_forwards_passes_on_a_refusal():
    told = []
    error = NoAnswer("no_answer", "silent")
    assert refuse(Forwarded(lambda value: None, told.append), error)
    assert told == [error]


def test_what_was_given_up_cannot_be_claimed_any_more():
    reply = new_reply()
    with pytest.raises(WattkeeperError):
        wait_for(reply, 0)
    assert not claim(reply) and claim(None)


def test_what_was_claimed_is_waited_for():
    reply = new_reply()
    assert claim(reply) and claim(reply)
    threading.Thread(target=answer, args=(reply, "done")).start()
    assert wait_for(reply, 0) == "done"
