from runtime.core.clock.clocktrust import ClockView
from runtime.core.quantity.quality import Quality
from runtime.core.sample.redating import HELD_MOST, WaitingRoom, redate
from runtime.core.sample.sampling import Closed

ENERGY = "active_energy_import_wh"
SLOT_S = 600
OURS_TS, TRUE_TS = 1_780_000_200, 1_790_000_477  # our own time began at an edge, the true one within a slot
SHIFT_MS = (TRUE_TS - OURS_TS) * 1000
UNKNOWN, GIVEN_UP = ClockView(trusted=False), ClockView(trusted=False, keeps=True)


def interval_of(ts):
    return ts // SLOT_S * SLOT_S, ts // SLOT_S * SLOT_S + SLOT_S


def sample(number, power_n=100):
    """One slot of our own time; the index climbs by one a second, read each 10 s around the edges."""
    start = OURS_TS + number * SLOT_S
    readings = tuple(((start + s) * 1000, number * SLOT_S + s) for s in (-4, 6, 300, 596, 606) if number or s > 0)
    return Closed(start, start + SLOT_S, (power_n,), (0,), {ENERGY: readings})


def hour():
    return [sample(number, 100 + number) for number in range(6)]


def test_with_a_trusted_clock_samples_pass_straight_through():
    assert WaitingRoom().admit(hour(), ClockView()) == hour()


def test_without_one_they_wait_and_after_a_day_they_go_as_they_are_and_marked():
    room = WaitingRoom()
    assert room.admit(hour()[:5], UNKNOWN) == ()
    kept = room.admit(hour()[5:], GIVEN_UP)
    assert [closed.start_ts for closed in kept] == [closed.start_ts for closed in hour()]
    assert {closed.quality for closed in kept} == {(Quality.CLOCK_UNTRUSTED,)}
    assert {closed.doubt for closed in kept} == {Quality.CLOCK_UNTRUSTED}


def test_what_waited_comes_out_on_the_slots_of_the_right_time_without_gap():
    moved = redate(hour(), SHIFT_MS, interval_of, (TRUE_TS + 3600) * 1000)
    assert moved[0].start_ts == interval_of(TRUE_TS)[0]
    assert all(one.end_ts == two.start_ts for one, two in zip(moved, moved[1:], strict=False))
    assert moved[-1].end_ts <= TRUE_TS + 3600 and len(moved) == 6


def test_every_reading_keeps_its_distance_and_every_edge_lies_between_two():
    for closed in redate(hour(), SHIFT_MS, interval_of, (TRUE_TS + 3600) * 1000)[1:]:
        trail = closed.counters[ENERGY]
        assert trail[0][0] <= closed.start_ts * 1000 and trail[-1][0] >= closed.end_ts * 1000
        assert all(ts_ms // 1000 - TRUE_TS == raw_n for ts_ms, raw_n in trail)


def test_columns_are_those_of_the_sample_that_covers_most_and_count_as_estimated():
    moved = redate(hour(), SHIFT_MS, interval_of, (TRUE_TS + 3600) * 1000)
    assert [closed.columns_n for closed in moved] == [(100,), (101,), (102,), (103,), (104,), (105,)]
    assert {closed.quality for closed in moved} == {(Quality.ESTIMATED,)}


def test_the_slot_that_is_still_open_is_left_to_those_who_sample_it():
    moved = redate(hour(), SHIFT_MS, interval_of, (TRUE_TS + 1800) * 1000)
    assert moved[-1].end_ts == interval_of(TRUE_TS + 1800)[0]


def test_a_changed_ratio_keeps_its_moment():
    held = hour()
    at_ms = (held[2].start_ts + 30) * 1000
    held[2] = Closed(held[2].start_ts, held[2].end_ts, (1,), (0,), held[2].counters, at_ms)
    marked = [closed for closed in redate(held, SHIFT_MS, interval_of, (TRUE_TS + 3600) * 1000) if closed.rescaled_ms]
    assert [closed.rescaled_ms for closed in marked] == [at_ms + SHIFT_MS]


def test_the_room_is_bounded_and_empty_afterwards():
    room = WaitingRoom()
    room.admit([sample(number) for number in range(HELD_MOST + 10)], UNKNOWN)
    assert len(room.redated(0, interval_of, 1 << 60)) == HELD_MOST
    assert room.redated(0, interval_of, 1 << 60) == ()


def test_a_hole_among_what_waited_takes_the_columns_of_its_nearest_neighbour():
    held = [sample(number, 100 + number) for number in (0, 1, 5)]
    moved = redate(held, SHIFT_MS, interval_of, (TRUE_TS + 3600) * 1000)
    assert [closed.columns_n for closed in moved] == [(100,), (101,), (101,), (101,), (105,), (105,)]


def test_the_first_of_what_is_redated_says_when_sampling_began():
    held = [Closed(600, 1200, (), (), {}, begun_ms=700_000), Closed(1200, 1800, (), (), {})]
    first, second = redate(held, 600_000, lambda ts: (ts // 600 * 600, ts // 600 * 600 + 600), 2_400_000)
    assert (first.begun_ms, second.begun_ms) == (1_300_000, 0)
