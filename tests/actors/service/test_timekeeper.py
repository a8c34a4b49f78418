from actors.message.device import EventReported, KeepRecords
from actors.service.timekeeper import Timekeeper
from runtime.clock import TrustedClock
from runtime.core.clock.clocktrust import BELIEVED_AFTER_S, EARLIEST_MS
from tests.actors.stage import ManualClock, Stage, heard

HOUR_S = 3600


class Scene:
    """A timekeeper over a machine whose clock is set at will."""

    def __init__(self, ts):
        self.machine, self.synced = ManualClock(ts), False
        self.clock = TrustedClock(self.machine, 0, lambda: self.synced, elapsed=self.machine.monotonic)
        self.stage = Stage(self.machine)
        self.recorder = self.stage.mailbox("recorder")
        self.stage.add(Timekeeper(self.stage.incarnation("timekeeper"), self.clock))

    def run(self, seconds, step_s=1.0):
        for _ in range(round(seconds / step_s)):
            self.machine.advance(step_s)
            self.stage.play()
        return [event.code for event in heard(self.recorder) if isinstance(event, EventReported)]

    @property
    def view(self):
        return self.stage.views.get("clock")


def test_a_right_clock_is_published_once_and_told_to_nobody():
    scene = Scene(EARLIEST_MS // 1000 + 100)
    first = scene.view
    assert first.trusted and scene.run(60) == []
    assert scene.view is first


def test_a_boot_in_1970_is_told_and_so_is_the_moment_when_the_time_is_known():
    scene = Scene(30)
    assert not scene.view.trusted and scene.run(5) == ["clock_unknown"]
    scene.synced = True
    scene.machine.step(EARLIEST_MS // 1000 + HOUR_S)
    assert scene.run(2) == ["clock_trusted"]
    assert scene.view.shift_ms == round((HOUR_S + 30 - 1) * 1000, -3)


def test_after_a_day_it_says_that_samples_are_kept():
    scene = Scene(30)
    scene.run(5)
    assert scene.run(24 * HOUR_S, step_s=60.0) == ["clock_given_up"]
    assert scene.view.keeps


def test_by_how_much_the_record_may_be_ahead_is_kept_once_and_again_when_it_changes():
    scene = Scene(EARLIEST_MS // 1000 + 100)
    scene.machine.step(24 * HOUR_S)
    scene.machine.advance(60)
    assert kept(scene, BELIEVED_AFTER_S + 60) == [0, 24 * HOUR_S * 1000]
    scene.synced = True
    assert kept(scene, 5) == [0]


def kept(scene, seconds):
    for _ in range(round(seconds)):
        scene.machine.advance(1)
        scene.stage.play()
    return [each.records[0][2] for each in heard(scene.recorder) if isinstance(each, KeepRecords)]
