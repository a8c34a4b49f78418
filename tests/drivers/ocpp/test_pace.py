"""Twenty messages a second, and sixty at once."""

from drivers.ocpp.pace import BURST, PER_S, Pace


def test_a_burst_is_read_at_once_and_what_goes_on_at_the_pace():
    pace = Pace(0.0)
    assert [pace.rest_s(0.0) for _ in range(int(BURST))] == [0.0] * int(BURST)
    now = 0.0
    for _ in range(100):
        now += pace.rest_s(now)
    assert abs(now - 100 / PER_S) < 0.01


def test_who_is_quiet_may_burst_again():
    pace = Pace(0.0)
    for _ in range(200):
        pace.rest_s(0.0)
    assert pace.rest_s(0.0) > 0 and pace.rest_s(60.0) == 0.0
