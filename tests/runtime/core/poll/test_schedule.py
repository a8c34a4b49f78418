from collections import Counter
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.core.poll.schedule import CHARGING, LIVE, SLOW, WATCHED, PollPlan
from tests.soak import FULL


@dataclass(frozen=True)
class Block:
    device: int
    block: int = 0
    period_s: float = 2.0
    rank: int = LIVE
    timeout_s: float = 1.0


class Bus:
    """Plays a bus: each read takes a while, some devices are dead. Time is told."""

    def __init__(self, *blocks, takes_s=0.01, dead=(), timeout_s=1.0):
        self.blocks = blocks
        self.now = 100.0
        self.plan = PollPlan(blocks, self.now)
        self.takes_s = takes_s
        self.timeout_s = timeout_s
        self.dead = set(dead)
        self.reads = []  # (began, block)

    def run(self, seconds):
        until = self.now + seconds
        while self.now < until:
            index = self.plan.next(self.now)
            if index is None:
                wait_s = self.plan.wait_s(self.now)
                self.now += until - self.now if wait_s is None else max(min(wait_s, until - self.now), 1e-6)
                continue
            block = self.blocks[index]
            self.reads.append((self.now, block))
            if block.device in self.dead:
                self.now += self.timeout_s
                self.plan.failed(index, self.now, cost_s=self.timeout_s)
            else:
                self.now += self.takes_s
                self.plan.done(index, self.now)
        return self

    def count(self, device):
        return sum(block.device == device for _, block in self.reads)

    def began(self, device):
        return [began for began, block in self.reads if block.device == device]


def test_a_block_is_read_once_each_period():
    bus = Bus(Block(1, period_s=2.0)).run(60)
    assert 29 <= bus.count(1) <= 32


def test_without_a_period_the_line_never_rests():
    bus = Bus(Block(1, period_s=0.0), Block(2, period_s=0.0)).run(10)
    assert abs(bus.count(1) - 500) <= 1
    assert abs(bus.count(2) - 500) <= 1


def test_the_rhythm_does_not_drift():
    bus = Bus(Block(1, period_s=2.0), takes_s=0.3).run(200)
    late = [(began - bus.began(1)[2]) % 2.0 for began in bus.began(1)[2:]]
    assert all(off < 1e-6 or off > 2.0 - 1e-6 for off in late)


def test_the_blocks_of_a_device_are_read_in_one_go_and_in_their_order():
    bus = Bus(*(Block(device, block) for device in (1, 2, 3) for block in (0, 1, 2))).run(20)
    order = [(block.device, block.block) for _, block in bus.reads]
    for start in range(0, len(order) - 3, 3):
        device = order[start][0]
        assert order[start : start + 3] == [(device, 0), (device, 1), (device, 2)]


def test_devices_are_spread_over_the_period_after_their_first_turn():
    bus = Bus(*(Block(device, period_s=10.0) for device in range(1, 11))).run(60)
    last = sorted(bus.began(device)[-1] % 10 for device in range(1, 11))
    assert max(b - a for a, b in zip(last, last[1:], strict=False)) < 5


def test_the_urgent_overtake_the_others_on_a_full_line():
    blocks = [Block(device, period_s=0.5) for device in range(1, 101)]
    bus = Bus(
        *blocks, Block(200, period_s=1.0, rank=CHARGING), Block(201, period_s=1.0, rank=WATCHED), takes_s=0.05
    ).run(60)
    assert bus.count(200) >= 58
    assert bus.count(201) >= 55


def test_nobody_starves_on_a_full_line():
    blocks = [Block(device, period_s=0.1, rank=WATCHED) for device in range(1, 51)]
    bus = Bus(*blocks, Block(200, period_s=60.0, rank=SLOW), takes_s=0.05).run(300)
    assert bus.count(200) >= 4


def test_a_silent_device_is_probed_with_one_block_after_longer_and_longer_waits():
    bus = Bus(Block(1, 0), Block(1, 1), dead={1}).run(600)
    waits = [after - before for before, after in zip(bus.began(1), bus.began(1)[1:], strict=False)]
    assert all(after > before - 0.001 for before, after in zip(waits, waits[1:], strict=False))
    assert 45 <= waits[-1] <= 61.1
    assert {block.block for _, block in bus.reads} == {0}


def test_a_device_that_comes_back_is_read_in_full_at_once():
    bus = Bus(Block(1, 0), Block(1, 1), dead={1}).run(600)
    bus.dead.clear()
    bus.reads.clear()
    bus.run(70)
    assert bus.count(1) > 10
    assert bus.reads[1][0] - bus.reads[0][0] < 0.02


def test_one_failure_is_tried_again_soon():
    bus = Bus(Block(1, period_s=600.0), dead={1}).run(0.5)
    bus.dead.clear()
    bus.run(3)
    assert bus.count(1) == 2


def test_silent_devices_take_a_small_share_of_a_busy_line():
    healthy = [Block(device, period_s=0.0) for device in range(1, 10)]
    bus = Bus(*healthy, *(Block(device) for device in range(50, 60)), dead=range(50, 60)).run(30)
    bus.reads.clear()
    bus.run(300)
    assert sum(map(bus.count, range(1, 10))) >= 0.97 * 300 / 0.01
    assert sum(map(bus.count, range(50, 60))) >= 7


def test_on_a_line_with_time_to_spare_each_silent_device_is_probed_every_minute():
    bus = Bus(Block(1, period_s=2.0), *(Block(device) for device in range(50, 55)), dead=range(50, 55)).run(300)
    bus.reads.clear()
    bus.run(600)
    assert all(8 <= bus.count(device) <= 14 for device in range(50, 55))


def test_hurried_blocks_come_before_all_others():
    blocks = [Block(device, block, period_s=5.0) for device in range(1, 21) for block in (0, 1)]
    bus = Bus(*blocks, takes_s=0.1).run(12.05)
    bus.reads.clear()
    bus.plan.hurry([index for index, block in enumerate(blocks) if block.block == 1], bus.now)
    bus.run(2.2)
    assert sum(block.block == 1 for _, block in bus.reads[:21]) >= 20


def test_a_hurry_does_not_wake_a_silent_device():
    bus = Bus(Block(1, period_s=5.0), dead={1}).run(300)
    bus.reads.clear()
    bus.plan.hurry([0], bus.now)
    bus.run(0.5)
    assert bus.reads == []


def test_a_refused_block_is_left_alone_for_a_while():
    plan = PollPlan([Block(1)], 0.0)
    assert plan.next(0.0) == 0
    plan.done(0, 0.0, hold_s=60.0)
    assert plan.next(59.9) is None
    assert plan.next(60.1) == 0


def test_a_new_plan_keeps_the_rhythm_and_the_silence_of_what_stays():
    bus = Bus(Block(1, period_s=10.0), Block(2), dead={2}).run(100)
    newer = PollPlan([Block(3), Block(2), Block(1, period_s=10.0)], bus.now, bus.plan)
    assert newer.next(bus.now) == 0
    newer.done(0, bus.now)
    assert newer.next(bus.now) is None
    assert newer.is_silent(2)


def test_when_the_link_is_back_silent_devices_get_a_chance_at_once():
    bus = Bus(Block(1), dead={1}).run(300)
    bus.plan.revive(bus.now)
    assert bus.plan.next(bus.now) == 0


def test_an_empty_plan_waits_for_ever():
    plan = PollPlan([], 0.0)
    assert plan.next(0.0) is None
    assert plan.wait_s(0.0) is None


def test_a_device_may_not_be_asked_before_its_late_answers_are_over():
    plan = PollPlan([Block(1)], 0.0)
    plan.next(0.0)
    plan.failed(0, 1.0, not_before=5.0)
    assert plan.next(4.9) is None
    assert plan.next(5.1) == 0


block = st.builds(
    Block,
    device=st.integers(1, 6),
    block=st.integers(0, 3),
    period_s=st.sampled_from([0.0, 0.5, 2.0, 10.0]),
    rank=st.sampled_from([CHARGING, WATCHED, LIVE, SLOW]),
)


@settings(max_examples=200 if FULL else 20, deadline=None)
@given(st.lists(block, min_size=1, max_size=12), st.sets(st.integers(1, 6)), st.sampled_from([0.05, 0.2]))
def test_whatever_the_plan_every_live_block_is_read_again_and_again(blocks, dead, takes_s):
    # the slowest class has one turn in 65, shared by up to five devices, and a turn of four blocks takes 0.8 s
    bus = Bus(*dict.fromkeys(blocks), takes_s=takes_s, dead=dead).run(1200)
    reads = Counter(block for _, block in bus.reads)
    assert all(reads[block] >= 3 for block in bus.blocks if block.device not in dead)
    assert all(reads[block] <= 60 for block in bus.blocks if block.device in dead)


def test_the_longest_probe_is_that_of_the_silent_devices_alone():
    bus = Bus(Block(1, timeout_s=3.0), Block(2, timeout_s=0.5), dead=(2,))
    assert bus.plan.longest_probe_s() == 0.0
    bus.run(60.0)
    assert bus.plan.longest_probe_s() == 0.5
