from runtime.core.poll.busstatistics import BusTally


def test_the_round_is_the_time_of_one_poll_of_each_block():
    tally = BusTally(0.0)
    tally.replan(2)
    for index, took_s in ((0, 0.1), (1, 0.2), (0, 0.3)):
        tally.polled(index, took_s)
    assert round(tally.round_s, 6) == 0.5


def test_what_fails_is_counted_by_code_and_left_out_of_the_round():
    tally = BusTally(0.0)
    tally.replan(1)
    tally.polled(0, 0.1)
    tally.failed(0, 1.0, "no_answer")
    assert (tally.errors(), tally.round_s) == ({"no_answer": 1}, 0.0)


def test_shown_errors_never_change_afterwards():
    tally = BusTally(0.0)
    tally.replan(1)
    tally.failed(0, 1.0, "no_answer")
    shown = tally.errors()
    tally.failed(0, 1.0, "no_answer")
    assert shown == {"no_answer": 1}
    assert tally.errors() == {"no_answer": 2}


def test_utilisation_is_that_of_the_last_seconds():
    tally = BusTally(0.0)
    tally.replan(1)
    for second in range(1, 101):
        tally.polled(0, 0.25)
        tally.utilisation_pct(second)
    assert tally.utilisation_pct(100) == 25.0


def test_a_line_is_never_busier_than_always():
    tally = BusTally(0.0)
    tally.spent(100.0)
    assert tally.utilisation_pct(10.0) == 100.0


def test_the_rate_is_told_beside_what_the_line_could_do():
    tally = BusTally(0.0)
    tally.replan(1)
    for second in range(1, 101):
        for _ in range(5):
            tally.polled(0, 0.05)
        tally.utilisation_pct(second)
    assert (round(tally.polls_per_s, 2), round(tally.possible_per_s, 1)) == (5.0, 20.0)


def test_of_a_line_that_did_nothing_nobody_knows_what_it_could_do():
    tally = BusTally(0.0)
    tally.utilisation_pct(10.0)
    assert (tally.polls_per_s, tally.possible_per_s) == (0.0, 0.0)
