import math

from runtime.core.wire.rest import STEPS_S, Rest, Rests


def play(needs_s: float, tries: int, rest: Rest | None = None) -> tuple[Rest, list[bool]]:
    """Ask a meter that needs a rest as early as allowed, again and again; after a failure it has rested for long."""
    rest = rest or Rest()
    after_s, answered = math.inf, []
    for _ in range(tries):
        ok = after_s >= needs_s
        answered.append(ok)
        rest.answered(after_s) if ok else rest.failed(after_s)
        after_s = max(0.003, rest.wait_s) if ok else 2.0
    return rest, answered


def test_a_meter_that_needs_a_rest_gets_it_after_three_tries_at_the_most_and_is_never_lost_again():
    for needs_ms in range(10, 210, 10):
        _, answered = play(needs_ms / 1000, 500)
        assert answered.count(False) <= 2
        assert all(answered[6:])


def test_a_meter_that_needs_none_is_asked_at_once():
    assert play(0.0, 100)[0].wait_s == 0.0


def test_a_meter_that_answered_as_soon_before_is_disturbed_and_needs_no_rest():
    rest, _ = play(0.0, 10)
    for _ in range(1000):
        rest.failed(0.003)
        rest.failed(2.0)
        rest.answered(2.0)
        rest.answered(0.003)
    assert rest.wait_s == 0.0


def test_a_rest_that_was_too_short_by_a_rounding_is_tried_once():
    rest = Rest()
    rest.failed(0.003)
    rest.failed(0.0499999)
    assert rest.wait_s == STEPS_S[-1]


def test_an_answer_by_luck_spoils_nothing():
    rest = Rest()
    rest.answered(math.inf)
    rest.answered(0.003)  # the request lay about until it was heard
    for _ in range(4):
        rest.failed(0.003)
        rest.answered(0.11)
    assert rest.wait_s > 0.0


def test_another_device_at_the_same_address_is_learnt_anew():
    rest, _ = play(0.0, 10)
    _, answered = play(0.1, 100, rest)
    assert all(answered[20:])


def test_what_is_set_is_kept_from_the_first_request_on():
    assert Rest(0.12).wait_s == 0.12


def test_a_rest_that_was_too_short_grows_though_the_clock_rounds_what_was_kept():
    rest = Rest()
    rest.failed(0.0)
    for kept_s in (0.05 - 1e-12, 0.25 - 1e-12):
        assert rest.wait_s == round(kept_s, 9)
        rest.failed(kept_s)
    assert rest.wait_s == 0.25


def test_what_is_learnt_is_more_than_what_is_set_and_can_be_recalled():
    rests = Rests({5: 0.1, 6: 0.01})
    for unit in (5, 6, 7):
        rests.of(unit).answered(math.inf)
    for unit in (6, 7):
        rests.of(unit).failed(0.02)
        rests.of(unit).failed(0.02)
    learnt = rests.learnt_ms()
    assert set(learnt) == {6, 7}
    again = Rests({6: 1.0})
    again.recall(learnt)
    assert again.of(6).wait_s == 1.0
    assert again.of(7).wait_s == rests.of(7).wait_s
    assert again.learnt_ms() == {7: learnt[7]}
