import datetime

from runtime.core.clock.clocktrust import BELIEVED_AFTER_S, EARLIEST_MS, WAITS_MOST_S, ClockTrust

HOUR_MS = 3_600_000
STORED_MS = EARLIEST_MS + 100 * 24 * HOUR_MS
LATER_MS = STORED_MS + 10 * HOUR_MS


class Machine:
    """A machine whose clock is set at will; ``passes`` lets time go by, looking each minute."""

    def __init__(self, system_ms, *, stored_ms=STORED_MS, synced=False, ahead_ms=0):
        self.system_ms, self.elapsed_ms, self.synced = system_ms, 5_000, synced
        self.trust = ClockTrust(stored_ms, system_ms, self.elapsed_ms, synced, ahead_ms)

    @property
    def now_ms(self):
        return self.trust.now_ms(self.system_ms, self.elapsed_ms)

    @property
    def view(self):
        return self.trust.view(self.elapsed_ms)

    def look(self):
        self.trust.look(self.system_ms, self.elapsed_ms, self.synced)
        return self

    def passes(self, seconds):
        for _ in range(int(seconds // 60)):
            self.system_ms += 60_000
            self.elapsed_ms += 60_000
            self.look()
        self.system_ms += int(seconds % 60 * 1000)
        self.elapsed_ms += int(seconds % 60 * 1000)
        return self.look()

    def steps(self, ms):
        self.system_ms += ms
        return self.look()


def test_a_clock_past_what_is_stored_is_trusted_without_a_network():
    machine = Machine(LATER_MS)
    assert machine.view.trusted and machine.now_ms == LATER_MS


def test_the_first_start_of_all_does_not_believe_1970_either():
    assert not Machine(0, stored_ms=0).view.trusted
    assert Machine(EARLIEST_MS, stored_ms=0).view.trusted


def test_after_a_boot_in_1970_our_own_time_runs_on_from_what_is_stored():
    machine = Machine(12_000)
    assert not machine.view.trusted
    assert machine.now_ms == STORED_MS + 1000
    machine.passes(90)
    assert machine.now_ms == STORED_MS + 91_000


def test_steps_of_an_untrusted_clock_do_not_show():
    machine = Machine(0)
    for ms in (HOUR_MS, -30 * 60_000, 17):
        machine.steps(ms)
    assert machine.now_ms == STORED_MS + 1000


def test_trust_is_won_by_the_network_s_time_and_tells_by_how_much_we_were_off():
    machine = Machine(0).passes(300)
    before_ms = machine.now_ms
    machine.synced = True
    machine.steps(LATER_MS - machine.system_ms)
    assert machine.view.trusted and machine.now_ms == LATER_MS
    assert machine.view.shift_ms == LATER_MS - before_ms


def test_trust_is_won_by_a_clock_set_by_hand_to_a_time_that_can_be():
    machine = Machine(0).passes(HOUR_MS // 1000)
    machine.steps(STORED_MS + HOUR_MS // 2 - machine.system_ms)  # we have been running for longer than that
    assert not machine.view.trusted
    machine.steps(HOUR_MS)
    assert machine.view.trusted


def test_after_a_day_without_the_time_samples_are_kept_all_the_same():
    machine = Machine(0).passes(WAITS_MOST_S - 60)
    assert not machine.view.keeps
    machine.passes(60)
    assert machine.view.keeps and not machine.view.trusted


def test_a_small_step_is_followed_at_once_in_both_directions():
    machine = Machine(LATER_MS)
    assert machine.steps(40_000).now_ms == LATER_MS + 40_000
    assert machine.steps(-HOUR_MS + 1).now_ms == LATER_MS + 40_001 - HOUR_MS


def test_a_glitch_of_ten_years_passes_without_a_trace():
    machine = Machine(LATER_MS)
    machine.steps(10 * 365 * 24 * HOUR_MS)
    assert machine.now_ms == LATER_MS
    machine.passes(300).steps(-10 * 365 * 24 * HOUR_MS)
    assert machine.now_ms == LATER_MS + 300_000 and machine.view.trusted


def test_a_large_step_is_believed_when_the_network_says_so_or_when_it_lasts():
    for synced, waits_s in ((True, 0), (False, BELIEVED_AFTER_S + 60)):
        machine = Machine(LATER_MS)
        machine.synced = synced
        machine.steps(48 * HOUR_MS).passes(waits_s)
        assert machine.now_ms == LATER_MS + 48 * HOUR_MS + waits_s * 1000


def test_a_step_back_beyond_what_was_stored_is_never_believed_without_the_network():
    machine = Machine(LATER_MS)
    machine.steps(-20 * HOUR_MS).passes(3 * BELIEVED_AFTER_S)
    assert machine.now_ms == LATER_MS + 3 * BELIEVED_AFTER_S * 1000


def test_a_suspended_machine_wakes_up_at_the_right_time():
    machine = Machine(LATER_MS)
    machine.system_ms += 8 * HOUR_MS
    machine.elapsed_ms += 8 * HOUR_MS  # it counts while the machine sleeps
    assert machine.now_ms == LATER_MS + 8 * HOUR_MS


def test_the_change_to_summer_time_is_no_step():
    before = datetime.datetime(2026, 3, 29, 0, 59, 59, tzinfo=datetime.UTC)  # 02:59:59 in Paris comes an hour later
    machine = Machine(int(before.timestamp() * 1000), stored_ms=EARLIEST_MS)
    machine.passes(2)
    assert machine.now_ms == int(before.timestamp() * 1000) + 2000 and machine.view.trusted


def test_a_step_forward_that_nobody_vouched_for_may_be_taken_back_over_a_restart():
    machine = Machine(STORED_MS)
    machine.steps(24 * HOUR_MS).passes(1200)
    assert machine.trust.ahead_ms == 24 * HOUR_MS
    stored_ms = machine.now_ms
    again = Machine(stored_ms - 24 * HOUR_MS + 60_000, stored_ms=stored_ms, ahead_ms=machine.trust.ahead_ms)
    assert again.view.trusted and again.now_ms == stored_ms - 24 * HOUR_MS + 60_000
    assert again.trust.ahead_ms == 0


def test_a_clock_set_by_a_watch_may_be_an_hour_behind_what_is_known_and_no_more():
    for behind_ms, trusted in ((HOUR_MS, True), (HOUR_MS + 1, False)):
        machine = Machine(STORED_MS - 24 * HOUR_MS - behind_ms, ahead_ms=24 * HOUR_MS)
        assert machine.view.trusted is trusted
    assert machine.now_ms == STORED_MS + 1000 and machine.trust.ahead_ms == 24 * HOUR_MS


def test_a_start_by_a_clock_that_is_far_ahead_may_be_taken_back_too():
    machine = Machine(STORED_MS + 24 * HOUR_MS)
    assert machine.view.trusted and machine.trust.ahead_ms == 24 * HOUR_MS
    assert Machine(STORED_MS + HOUR_MS).trust.ahead_ms == 0
    assert Machine(STORED_MS + 24 * HOUR_MS, ahead_ms=48 * HOUR_MS).trust.ahead_ms == 48 * HOUR_MS
    assert Machine(STORED_MS + 24 * HOUR_MS, stored_ms=0).trust.ahead_ms == 0


def test_the_network_s_word_ends_the_doubt_of_what_is_stored():
    machine = Machine(LATER_MS).steps(24 * HOUR_MS).passes(1200)
    machine.synced = True
    assert machine.look().trust.ahead_ms == 0
    assert Machine(LATER_MS, synced=True, ahead_ms=24 * HOUR_MS).trust.ahead_ms == 0


def test_what_stepped_ahead_and_back_while_it_ran_is_ahead_no_longer():
    machine = Machine(STORED_MS).steps(24 * HOUR_MS).passes(1200)
    machine.steps(-24 * HOUR_MS).passes(1200)
    assert machine.now_ms == machine.system_ms and machine.trust.ahead_ms == 0


def test_a_restart_while_the_clock_is_ahead_does_not_keep_it_there():
    machine = Machine(STORED_MS + 60_000, ahead_ms=24 * HOUR_MS)
    machine.steps(-24 * HOUR_MS).passes(BELIEVED_AFTER_S + 60)
    assert machine.now_ms == machine.system_ms
