"""Guessing a password gets slower with each try, by sender and in all."""

from runtime.core.alert.guesses import FIRST_S, IN_ALL, MOST_SENDERS, WINDOW_S, Guesses


def test_each_wrong_one_makes_the_next_wait_longer():
    guesses, now = Guesses(), 1000.0
    waits = []
    for _ in range(5):
        guesses.fail("7", now)
        began = now
        while not guesses.may_try("7", now):
            now += 1.0
        waits.append(now - began)
    assert waits == [FIRST_S * 2**n for n in range(5)]
    guesses.succeed("7")
    guesses.fail("7", now)
    assert guesses.may_try("7", now + FIRST_S)


def test_many_senders_are_no_faster_than_one():
    guesses = Guesses()
    tried = [n for n in range(100_000) if guesses.may_try(str(n), n * 0.1) and not guesses.fail(str(n), n * 0.1)]
    assert len(tried) <= IN_ALL * (100_000 * 0.1 / WINDOW_S + 1)
    assert len(guesses._wrong) <= MOST_SENDERS
