from runtime.core.quantity.quality import Quality
from runtime.core.sample.sampling import SampleLayout, Sampling

IMPORT, EXPORT, POWER = "active_energy_import_wh", "active_energy_export_wh", "active_power_w"
# slot 0 power, 1 import, 2 export; block 0 brings power and import, block 1 export
SHAPE = SampleLayout(
    columns=((0, "mean"), (0, "max")), gauges={0: (0,), 1: ()}, counters={0: ((1, IMPORT),), 1: ((2, EXPORT),)}
)
T = 1_780_000_200  # a full ten minutes


def interval_of(ts):
    start = ts - ts % 600
    return start, start + 600


def sampling(now_ts=T):
    return Sampling(SHAPE, interval_of, now_ts)


def play(device, start_s, end_s, *, blocks=(0, 1), step_s=10):
    """Read the device each step; every value tells its second."""
    closed = []
    for s in range(start_s, end_s, step_s):
        for block in blocks:
            closed += device.read(block, (T + s) * 1000, [s, 1000 + s, 2000 + s])
    return closed


def test_a_sample_closes_when_all_counters_were_read_after_the_edge():
    device = sampling()
    play(device, 0, 600)
    assert list(device.read(0, (T + 600) * 1000, [0, 1600, 0])) == []
    (closed,) = device.read(1, (T + 601) * 1000, [0, 0, 2601])
    assert (closed.start_ts, closed.end_ts) == (T, T + 600)
    assert closed.counters[IMPORT][-2:] == (((T + 590) * 1000, 1590), ((T + 600) * 1000, 1600))
    assert closed.counters[EXPORT][-2:] == (((T + 590) * 1000, 2590), ((T + 601) * 1000, 2601))


def test_gauges_read_after_the_edge_belong_to_the_next_slot():
    device = sampling()
    play(device, 0, 600)
    (closed,) = play(device, 600, 620)
    assert closed.columns_n == (295, 590)
    (closed,) = play(device, 620, 1210)
    assert closed.columns_n == (895, 1190)


def test_each_slot_brings_the_readings_on_both_sides_of_its_edges():
    device = sampling()
    first, second = play(device, 0, 1210)
    assert second.counters[IMPORT][0] == first.counters[IMPORT][-2]
    assert second.counters[IMPORT][1] == first.counters[IMPORT][-1]
    assert [ts for ts, _ in second.counters[IMPORT]] == [(T + s) * 1000 for s in (590, 600, 1190, 1200)]


def test_after_the_grace_a_sample_goes_without_the_counters_that_did_not_come():
    device = sampling()
    play(device, 0, 600)
    device.read(0, (T + 601) * 1000, [0, 1601, 0])
    assert list(device.expire((T + 603) * 1000)) == []
    (closed,) = device.expire((T + 604) * 1000)
    assert closed.counters[IMPORT][-1] == ((T + 601) * 1000, 1601)
    assert closed.counters[EXPORT][-1] == ((T + 590) * 1000, 2590)


def test_the_late_counter_comes_with_the_next_sample():
    device = sampling()
    play(device, 0, 600)
    device.expire((T + 605) * 1000)
    (closed,) = play(device, 610, 1210)
    assert [ts for ts, _ in closed.counters[IMPORT]] == [(T + s) * 1000 for s in (590, 610, 1190, 1200)]


def test_a_silent_device_closes_each_slot_with_nothing_in_it():
    device = sampling()
    device.expire((T + 605) * 1000)
    (closed,) = device.expire((T + 1205) * 1000)
    assert (closed.start_ts, closed.columns_n, closed.counters) == (T + 600, (None, None), {})


def test_after_a_gap_the_first_reading_follows_the_last_one_before_it():
    device = sampling()
    play(device, 0, 300)
    for edge in (600, 1200):
        device.expire((T + edge + 5) * 1000)
    (closed,) = play(device, 1500, 1810)
    assert [ts for ts, _ in closed.counters[IMPORT]][:2] == [(T + 290) * 1000, (T + 1500) * 1000]


def test_a_clock_that_goes_back_reopens_no_slot():
    device = sampling()
    play(device, 0, 610)
    assert play(device, 0, 600) == []
    assert device.start_ts == T + 600


def test_a_clock_that_jumps_ahead_closes_one_slot_and_opens_that_of_now():
    device = sampling()
    play(device, 0, 300)
    closed = play(device, 1_000_000, 1_000_010)
    assert [sample.start_ts for sample in closed] == [T]
    assert device.start_ts == interval_of(T + 1_000_000)[0]


def test_a_device_without_counters_closes_with_its_first_reading():
    device = Sampling(SampleLayout(((0, "last"),), {0: (0,)}, {}), interval_of, T)
    device.read(0, T * 1000, [7])
    (closed,) = device.read(0, (T + 600) * 1000, [8])
    assert closed.columns_n == (7,)


def test_a_value_that_was_suspect_once_makes_its_columns_suspect_for_one_slot():
    device = Sampling(SampleLayout(((0, "mean"), (1, "mean")), {0: (0, 1)}, {}), interval_of, T)
    device.read(0, T * 1000, [7, 8], {1})
    device.read(0, (T + 300) * 1000, [7, 8])
    (first,) = device.read(0, (T + 600) * 1000, [8, 9])
    (second,) = device.read(0, (T + 1200) * 1000, [8, 9])
    assert (first.quality, second.quality) == ((Quality.GOOD, Quality.SUSPECT), (Quality.GOOD, Quality.GOOD))


def test_a_counter_without_a_value_holds_nobody_up():
    device = sampling()
    play(device, 0, 600)
    device.read(0, (T + 600) * 1000, [1, None, None])
    (closed,) = device.read(1, (T + 600) * 1000, [1, None, None])
    assert closed.counters[IMPORT][-1] == ((T + 590) * 1000, 1590)


def test_a_change_of_scale_goes_along_with_the_samples_around_it():
    device = sampling()
    play(device, 0, 300)
    device.rescaled((T + 300) * 1000)
    (first,) = play(device, 300, 610)
    (second,) = play(device, 610, 1210)
    assert first.rescaled_ms == second.rescaled_ms == (T + 300) * 1000  # the ledger takes it once


def test_what_was_counted_before_an_index_was_preset_is_told_elsewhere():
    sampling = Sampling(
        SampleLayout((), {0: ()}, {0: ((0, "pulses_1"),)}), lambda ts: (ts // 600 * 600, ts // 600 * 600 + 600), 0
    )
    sampling.read(0, 1_000, [700])
    sampling.exchanged("pulses_1")
    sampling.read(0, 2_000, [5])
    (closed,) = sampling.read(0, 600_500, [9])
    assert closed.counters == {"pulses_1": ((2_000, 5), (600_500, 9))}


def test_a_clock_that_is_put_back_takes_along_what_was_read_and_not_recorded():
    device = sampling()
    play(device, 0, 300)
    assert device.turn_back((T + 110) * 1000, 190_000) == ()
    assert (device.start_ts, device.end_ts) == (T, T + 600)
    closed = []
    for s in range(300, 801, 10):
        for block in (0, 1):
            closed += device.read(block, (T + s - 190) * 1000, [s, 1000 + s, 2000 + s])
    (closed,) = closed
    assert closed.turned_ms == 190_000 and closed.columns_n[1] == 780
    assert [ts_ms // 1000 - T for ts_ms, _ in closed.counters[IMPORT]] == [-190, -180, -170, -160, 590, 600]
    assert all(closed.turned_ms == 0 for closed in play(device, 620, 1210))


def test_the_first_sample_says_when_sampling_began():
    first, second = play(sampling(), 20, 1210)
    assert (first.begun_ms, second.begun_ms) == ((T + 20) * 1000, 0)


def test_what_the_counters_showed_is_handed_over_in_a_slot_that_is_open():
    device = sampling()
    play(device, 0, 300)
    (closed,) = device.hand_over()
    assert (closed.start_ts, closed.is_open, closed.columns_n) == (T, True, ())
    assert closed.counters[IMPORT][-1] == ((T + 290) * 1000, 1290)
