from hypothesis import given
from hypothesis import strategies as st

from runtime.core.export.quarters import UNKNOWN, Quarters, split, split_by

T = 1_780_000_200  # a full quarter


def values(quarters):
    return [None if n == UNKNOWN else n for n in quarters.values_n]


def test_intervals_of_five_and_fifteen_minutes_count_in_their_quarter_and_nothing_is_estimated():
    quarters = Quarters(T, 3)
    for start_ts, energy_n in ((T, 10), (T + 300, 20), (T + 600, 30)):
        quarters.add(start_ts, 300, energy_n, estimated=False)
    quarters.add(T + 900, 900, 7, estimated=False)
    assert values(quarters) == [60, 7, None] and not any(quarters.estimated)


def test_what_a_device_estimated_stays_estimated():
    quarters = Quarters(T, 1)
    quarters.add(T, 900, 7, estimated=True)
    assert list(quarters.estimated) == [1]


def test_intervals_of_ten_minutes_are_shared_out_by_time_and_what_is_shared_is_estimated():
    quarters = Quarters(T, 2)
    for number, energy_n in enumerate((100, 51, 100)):
        quarters.add(T + 600 * number, 600, energy_n, estimated=False)
    assert values(quarters) == [125, 126] and list(quarters.estimated) == [1, 1]


def test_an_hour_is_shared_out_to_its_quarters_without_loss():
    quarters = Quarters(T, 4)
    quarters.add(T, 3600, 1003, estimated=False)
    assert values(quarters) == [250, 251, 251, 251]


def test_what_lies_outside_is_left_out():
    quarters = Quarters(T, 1)
    quarters.add(T - 1800, 3600, 400, estimated=False)
    assert values(quarters) == [100]


def test_an_hour_keeps_what_its_bin_holds_a_correction_is_shared_out():
    quarters = Quarters(T, 4)
    for number in range(4):
        quarters.add(T + 900 * number, 900, 100, estimated=False)
    quarters.fit(0, 4, 410, estimated=False)
    assert values(quarters) == [102, 103, 102, 103] and list(quarters.estimated) == [1, 1, 1, 1]


def test_what_is_known_of_an_hour_alone_is_shared_out_evenly():
    quarters = Quarters(T, 4)
    quarters.fit(0, 4, -8, estimated=False)
    assert values(quarters) == [-2, -2, -2, -2] and all(quarters.estimated)


def test_an_hour_of_which_nothing_is_known_has_no_quarters_either():
    quarters = Quarters(T, 4)
    quarters.add(T, 900, 100, estimated=False)
    quarters.fit(0, 4, None, estimated=False)
    assert values(quarters) == [None] * 4


def test_an_hour_in_doubt_puts_its_quarters_in_doubt():
    quarters = Quarters(T, 4)
    quarters.add(T, 900, 100, estimated=False)
    quarters.fit(0, 4, 100, estimated=True)
    assert values(quarters) == [100, None, None, None] and list(quarters.estimated) == [1, 0, 0, 0]


@given(st.integers(-(10**12), 10**12), st.integers(1, 8))
def test_parts_add_up_and_are_nearly_equal(whole_n, parts):
    shared = list(split(whole_n, parts))
    assert sum(shared) == whole_n and max(shared) - min(shared) <= 1


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_parts_by_weight_add_up(whole_n, weights):
    shared = list(split_by(whole_n, weights))
    assert sum(shared) == whole_n and len(shared) == len(weights)


@given(st.lists(st.tuples(st.integers(0, 11), st.sampled_from([60, 300, 600, 900, 1800, 3600]), st.integers(0, 10**6))))
def test_whatever_the_intervals_each_hour_is_whole(intervals):
    quarters = Quarters(T, 4)
    for number, interval_s, energy_n in intervals:
        quarters.add(T + 300 * number, interval_s, energy_n, estimated=False)
    quarters.fit(0, 4, 12_345, estimated=False)
    assert sum(n for n in values(quarters) if n is not None) == 12_345
