from runtime.clock import SystemClock, TrustedClock, since_boot
from runtime.core.clock.clocktrust import EARLIEST_MS
from tests.actors.stage import ManualClock


def test_the_machine_s_clock_is_believed_when_it_is_past_what_is_stored():
    machine = ManualClock()
    clock = TrustedClock(machine, machine.now_ts() - 60, lambda: False, elapsed=machine.monotonic)
    assert clock.look().trusted
    assert (clock.now_ms(), clock.monotonic()) == (machine.now_ms(), machine.monotonic())


def test_a_machine_that_wakes_up_in_1970_goes_on_from_what_is_stored_until_the_network_tells():
    machine, stored_ts, synced = ManualClock(ts=30), EARLIEST_MS // 1000 + 86_400, []
    clock = TrustedClock(machine, stored_ts, lambda: bool(synced), elapsed=machine.monotonic)
    machine.advance(10)
    assert clock.now_ts() == stored_ts + 11 and not clock.look().trusted
    machine.step(stored_ts + 5000)
    synced.append(True)
    assert clock.look().trusted and clock.now_ts() == machine.now_ts()


def test_time_since_boot_never_steps_and_the_machine_is_past_1970():
    assert since_boot() <= since_boot()
    assert SystemClock().now_ms() // 1000 - SystemClock().now_ts() in (-1, 0)
