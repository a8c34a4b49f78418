from actors.gateway.reporter import Reporter, samples_of
from runtime.core.device.livedevice import Heard, LiveDevice
from runtime.core.sample.sampling import Closed
from runtime.core.site.installation import DeviceSpec
from tests.actors.gateway.test_gateway import COMPILED

METER = LiveDevice(DeviceSpec(1, "meter", 1, 1, "test-meter"), COMPILED, lambda ts: (ts, ts + 600), 0, 30)


def test_what_happens_again_and_again_is_told_a_few_times_and_then_counted():
    reporter, changed = Reporter(), Heard(METER, 5, [("parameter_changed", "why")])
    events = [event for _ in range(20) for event in reporter.events(changed, 1000.0)]
    assert [event.code for event in events] == ["parameter_changed"] * 6 + ["parameter_changed_flaps"]
    assert (events[0].subject, events[0].ts_ms, events[0].detail) == ("device.1", 5, "why")
    (calm,) = reporter.calmed(9, 1700.0)
    assert (calm.subject, calm.ts_ms, calm.code) == ("device.1", 9, "parameter_changed_calmed")


def test_a_sample_goes_with_its_columns_and_how_often_its_counters_are_read():
    closed = Closed(0, 600, (1,), (0,), {"active_energy_import_wh": ((1, 2),)}, 7, 3)
    (sample,) = samples_of(Heard(METER, samples=[closed]), 10_000)
    assert (sample.device, sample.start_ts, sample.end_ts, sample.poll_ms) == (1, 0, 600, 10_000)
    assert (sample.schema, sample.columns_n, sample.quality) == (COMPILED.recorded, (1,), (0,))
    assert (sample.counters, sample.rescaled_ms, sample.doubt) == (closed.counters, 7, 3)
