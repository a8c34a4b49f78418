from runtime.core.device.flapping import KINDS_MOST, TOLD_MOST, WINDOW_S, Flapping, Verdict

BIT = ("device.1", "communication_error")


def test_what_happens_now_and_then_is_always_told():
    flapping = Flapping()
    verdicts = [flapping.judge(BIT, at * WINDOW_S / (TOLD_MOST - 1)) for at in range(50)]
    assert set(verdicts) == {Verdict.TELL}


def test_at_10_hz_it_is_told_a_few_times_then_once_that_it_flaps_then_counted():
    flapping = Flapping()
    verdicts = [flapping.judge(BIT, at / 10) for at in range(36_000)]
    assert verdicts[: TOLD_MOST + 2] == [Verdict.TELL] * TOLD_MOST + [Verdict.FLAPS, Verdict.COUNT]
    assert set(verdicts[TOLD_MOST + 1 :]) == {Verdict.COUNT}


def test_once_it_is_calm_it_is_told_how_often_it_was_and_then_anew():
    flapping = Flapping()
    for at in range(100):
        flapping.judge(BIT, at / 10)
    assert flapping.calmed(300.0) == []
    assert flapping.calmed(10 + WINDOW_S) == [(BIT, 100 - TOLD_MOST)]
    assert flapping.calmed(20 + WINDOW_S) == []
    assert flapping.judge(BIT, 30 + WINDOW_S) is Verdict.TELL


def test_kinds_do_not_hold_up_each_other_and_are_bounded():
    flapping = Flapping()
    for at in range(20_000):
        assert flapping.judge((f"device.{at}", "x"), at / 1000) is Verdict.TELL
    assert len(flapping._kinds) <= KINDS_MOST


def test_the_kinds_that_are_quiet_for_longest_are_forgotten_first():
    flapping = Flapping()
    loud = ("device.loud", "x")
    for at in range(3 * KINDS_MOST):
        flapping.judge(loud, at / 1000)
        flapping.judge((f"device.{at}", "x"), at / 1000)
    assert flapping.judge(loud, 3 * KINDS_MOST / 1000) is Verdict.COUNT
