import struct
from zoneinfo import ZoneInfo

from actors.gateway.sampler import Sampler
from runtime.core.clock.clocktrust import ClockView
from runtime.core.device.livedevice import LiveDevice
from runtime.core.site.installation import DeviceSpec
from tests.actors.gateway.test_gateway import COMPILED, ENERGY_BLOCK, T

WAKING, TRUSTED = ClockView(trusted=False), ClockView(trusted=True, shift_ms=3_600_000)


class Scene:
    def __init__(self, clock):
        self.clock = clock
        self.sent = []
        self.sampler = Sampler(600, ZoneInfo("Europe/Paris"), lambda: self.clock, self.sent.append)
        self.device = LiveDevice(DeviceSpec(1, "meter", 1, 1, "test-meter"), COMPILED, self.sampler.interval_of, T, 30)
        self.sampler.add(self.device, 10_000)

    def counts(self, ts, wh):
        samples, _ = self.device.read(ENERGY_BLOCK, ts * 1000, struct.pack(">I", wh))
        self.sampler.take(self.device, samples)


def test_a_sample_is_sent_with_how_often_its_counters_are_read():
    scene = Scene(ClockView())
    scene.counts(T, 1000)
    scene.counts(T + 600, 1300)
    assert [(sample.start_ts, sample.poll_ms) for sample in scene.sent] == [(T, 10_000)]


def test_samples_wait_for_the_clock_and_are_put_right_when_it_is_known():
    scene = Scene(WAKING)
    scene.counts(T, 1000)
    scene.counts(T + 600, 1300)
    assert scene.sent == []
    scene.clock = TRUSTED
    assert scene.sampler.is_behind()
    assert scene.sampler.follow_clock([scene.device], (T + 3600 + 610) * 1000)
    assert [sample.start_ts for sample in scene.sent] == [T + 3600]


def test_an_edge_is_passed_once():
    sampler = Scene(ClockView()).sampler
    assert not sampler.passed_boundary((T + 1) * 1000)
    assert sampler.next_boundary_s((T + 590) * 1000) == 10.0
    assert sampler.passed_boundary((T + 600) * 1000)
    assert not sampler.passed_boundary((T + 601) * 1000)
