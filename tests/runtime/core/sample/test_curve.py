from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.core.sample.curve import MOST_POINTS, Curve, Stretch, curve_of, step_of

DAY = 86_400
TS = 1_796_000_400  # a whole hour


def _stretch(means: list[int | None], start_ts: int = TS, step_s: int = 600, quality: int = 0) -> Stretch:
    least = [None if n is None else n - 1 for n in means]
    most = [None if n is None else n + 2 for n in means]
    return Stretch(start_ts, step_s, step_s, means, least, most, bytes([quality] * len(means)))


def _of(*stretches: Stretch, step_s: int = 600, until: int = TS + DAY) -> Curve:
    return curve_of(stretches, TS, until, step_s)


def test_recordings_of_the_step_are_the_points() -> None:
    curve = _of(_stretch([10, 20, 30]))
    assert curve.start_ts == [TS, TS + 600, TS + 1200]
    assert (curve.mean_n, curve.least_n, curve.most_n) == ([10, 20, 30], [9, 19, 29], [12, 22, 32])
    assert not curve.gaps


def test_a_longer_step_has_the_mean_the_lowest_and_the_highest_of_what_it_holds() -> None:
    curve = _of(_stretch([10, 20, 60, 5, 5, 5, 100]), step_s=3600)
    assert curve.start_ts == [TS, TS + 3600]
    assert (curve.mean_n, curve.least_n, curve.most_n) == ([18, 100], [4, 99], [62, 102])


def test_points_of_two_stretches_in_one_step_are_joined() -> None:
    curve = _of(_stretch([10, 10]), _stretch([40], TS + 1200, quality=2), step_s=3600)
    assert (curve.mean_n, curve.least_n, curve.most_n, curve.quality) == ([20], [9], [42], [2])


def test_what_is_not_known_is_a_gap_and_never_a_zero() -> None:
    curve = _of(_stretch([10, None, None, 40]))
    assert curve.mean_n == [10, None, 40]
    assert curve.gaps == [(TS + 600, TS + 1800)]


def test_between_stretches_that_lie_apart_the_line_is_broken() -> None:
    curve = _of(_stretch([10, 10]), _stretch([20, 20], TS + 6000))
    assert curve.mean_n == [10, 10, None, 20, 20]
    assert curve.gaps == [(TS + 1200, TS + 6000)]


def test_an_hourly_recording_does_not_break_a_line_of_minutes() -> None:
    curve = _of(_stretch([10, 20, 30], step_s=3600), step_s=600)
    assert curve.mean_n == [10, 20, 30] and not curve.gaps


def test_only_the_time_that_is_asked_for_is_taken() -> None:
    assert _of(_stretch([1, 2, 3, 4], TS - 1200), until=TS + 600).mean_n == [3]


def test_the_step_leaves_no_more_points_than_are_allowed() -> None:
    for days in (1, 7, 31, 366, 3660):
        span_s = days * DAY
        assert span_s // step_of(TS, TS + span_s) + 2 <= MOST_POINTS
    assert step_of(TS, TS + 3600) == 60
    assert step_of(TS, TS + 366 * DAY) == 21_600


@given(
    each=st.lists(st.integers(-1000, 1000), min_size=1, max_size=60),
    step_s=st.sampled_from([60, 600, 1800, 3600]),
    recorded_s=st.sampled_from([60, 600, 900]),
    offset=st.integers(0, 40),
    span=st.tuples(st.integers(-20, 70), st.integers(-20, 70)),
    scale=st.integers(1, 9),
)
def test_counts_as_they_lie_in_a_block_make_the_same_curve_as_their_values(
    each, step_s, recorded_s, offset, span, scale
):
    start_ts, scales = 1_000_000_200 + offset * recorded_s, ((7, scale), (-3, scale), (11, scale))
    from_ts, to_ts = sorted(start_ts + at * recorded_s for at in span)
    lists = [[first + by * n for n in each] for first, by in scales]
    good = bytes(len(each))
    lying = Stretch(start_ts, recorded_s, recorded_s, each, each, each, good, scales)
    # one that is not known, later on, lets the others be looked at one by one
    plain = Stretch(start_ts, recorded_s, recorded_s, *([*values, None] for values in lists), good + bytes(1))
    assert curve_of([lying], from_ts, to_ts, step_s) == curve_of([plain], from_ts, to_ts, step_s)
