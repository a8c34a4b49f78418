from actors.bus.silence import Silence


def overdue(silence, now):
    return list(silence.overdue(now))


def test_who_says_nothing_is_named_once_a_period():
    silence = Silence()
    silence.watch([10.0, 60.0], 100.0)
    assert overdue(silence, 109.9) == []
    assert overdue(silence, 111.0) == [(0, 11.0)]
    assert overdue(silence, 115.0) == []
    assert overdue(silence, 121.0) == [(0, 21.0)]


def test_a_frame_puts_it_off():
    silence = Silence()
    silence.watch([10.0], 100.0)
    silence.heard(0, 109.0)
    assert overdue(silence, 118.0) == []
    assert overdue(silence, 119.0) == [(0, 10.0)]


def test_where_silence_says_nothing_nobody_is_named():
    silence = Silence()
    silence.watch([0.0], 100.0)
    assert overdue(silence, 100_000.0) == []


def test_what_could_not_be_heard_has_its_time_anew():
    silence = Silence()
    silence.watch([10.0], 100.0)
    silence.forgive(200.0)
    assert overdue(silence, 205.0) == []
    assert overdue(silence, 210.0) == [(0, 10.0)]
