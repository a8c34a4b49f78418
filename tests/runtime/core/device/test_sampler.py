from runtime.core.clock.clocktrust import ClockView
from runtime.core.decode.partition import Part
from runtime.core.device.sampler import DeviceSampler
from runtime.core.quantity.quality import Quality
from runtime.core.sample.sampling import GRACE_MS, SampleLayout

WAKING, TRUSTED = ClockView(trusted=False), ClockView(trusted=True, shift_ms=3_600_000)
WH = "active_energy_import_wh"
SHAPE = SampleLayout((("active_power_w", "mean"),), {0: (0,)}, {1: ((1, WH),)})
T = 1_780_000_200  # a full ten minutes


class Scene:
    def __init__(self, clock=TRUSTED):
        self.sampler = DeviceSampler(SHAPE, lambda ts: (ts // 600 * 600, ts // 600 * 600 + 600), T, clock)

    def counts(self, *readings, rescaled_at=None):
        """Samples of the readings (seconds after T, index)."""
        samples = []
        for after_s, wh in readings:
            samples += self.sampler.take(1, (T + after_s) * 1000, [0, wh], after_s, rescaled=after_s == rescaled_at)
        return samples


def test_a_slot_ends_with_the_first_counter_after_its_edge():
    (sample,) = Scene().counts((1, 1000), (600, 1300))
    assert (sample.start_ts, sample.counters[WH]) == (T, (((T + 1) * 1000, 1000), ((T + 600) * 1000, 1300)))


def test_a_change_of_scale_goes_along_with_the_sample():
    (sample,) = Scene().counts((1, 1000), (50, 1020), (600, 1300), rescaled_at=50)
    assert sample.rescaled_ms == (T + 50) * 1000


def test_samples_wait_for_the_clock_and_are_put_right_when_it_is_known():
    scene = Scene(WAKING)
    assert scene.counts((1, 1000), (600, 1300)) == []
    samples = scene.sampler.follow(TRUSTED, (T + 3600 + 610) * 1000)
    assert [sample.start_ts for sample in samples] == [T + 3600]
    assert scene.sampler.follow(TRUSTED, (T + 3600 + 620) * 1000) == ()


def test_what_another_device_measured_is_suspect_and_its_counters_count_for_nothing():
    scene = Scene()
    scene.sampler.believe(False, T)
    (sample,) = scene.counts((1, 1000), (600, 1300))
    assert sample.counters == {} and set(sample.quality) == {Quality.SUSPECT}


def test_samples_wait_for_counters_no_longer_than_the_grace():
    scene = Scene()
    scene.counts((1, 1000))
    assert scene.sampler.expire((T + 600) * 1000) == ()
    (sample,) = scene.sampler.expire((T + 600) * 1000 + GRACE_MS)
    assert sample.start_ts == T


def test_no_sample_waits_for_what_the_device_refuses():
    scene = Scene()
    scene.counts((1, 1000))
    scene.sampler.excuse(1)
    (sample,) = scene.sampler.take(0, (T + 600) * 1000, [5, 1000], 600.0, rescaled=False)
    assert sample.start_ts == T


def test_counters_of_a_read_in_parts_are_awaited_by_its_parts():
    scene = Scene()
    scene.sampler.split(1, (Part(2, 1, 0, 1, ((0, 1, 0),)), Part(3, 1, 1, 2, ((1, 3, 1),))))
    assert scene.sampler.counter_blocks == (3,)


def test_a_counter_that_was_exchanged_tells_nothing_of_its_index_before():
    scene = Scene()
    scene.counts((1, 1000))
    scene.sampler.exchanged(WH)
    (sample,) = scene.counts((10, 5), (600, 7))
    assert sample.counters[WH][0] == ((T + 10) * 1000, 5)


def test_a_clock_that_was_put_back_is_noticed_by_the_next_answer_of_the_same_read():
    scene = Scene()
    scene.counts((1, 1000), (300, 1100))
    scene.sampler.take(1, (T + 120) * 1000, [0, 1110], 310.0, rescaled=False)
    scene.sampler.take(0, (T + 121) * 1000, [5, 0], 311.0, rescaled=False)
    (sample,) = scene.sampler.take(1, (T + 600) * 1000, [0, 1300], 790.0, rescaled=False)
    assert sample.turned_ms == 190_000
    assert sample.counters[WH] == tuple(
        ((T + after_s) * 1000, wh) for after_s, wh in ((-189, 1000), (110, 1100), (120, 1110), (600, 1300))
    )


def test_answers_of_a_moment_come_in_any_order():
    scene = Scene()
    scene.counts((1, 1000), (300, 1100))
    scene.sampler.take(1, (T + 299) * 1000, [0, 1100], 300.1, rescaled=False)
    (sample,) = scene.counts((600, 1300))
    assert sample.turned_ms == 0


def test_a_slot_that_waited_is_put_on_the_slots_of_the_right_time():
    scene = Scene()
    scene.counts((1, 1000), (590, 1290))
    assert scene.sampler.take(0, (T + 601) * 1000, [7, 0], 601.0, rescaled=False) == ()
    samples = scene.sampler.take(1, (T - 86_400 + 605) * 1000, [0, 1300], 605.0, rescaled=False)
    assert [(sample.start_ts, sample.turned_ms > 86_000_000) for sample in samples] == [(T - 86_400, True)]


def test_what_was_not_recorded_is_handed_over():
    scene = Scene()
    scene.counts((1, 1000), (590, 1290))
    (sample,) = scene.sampler.hand_over()
    assert sample.is_open and sample.counters[WH][-1] == ((T + 590) * 1000, 1290)
