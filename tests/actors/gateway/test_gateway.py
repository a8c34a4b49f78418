import struct
from zoneinfo import ZoneInfo

from actors.gateway.gateway import Gateway
from actors.message.device import (
    BlockFailed,
    BlockRead,
    BlocksDue,
    EventReported,
    LinkChanged,
    PlanChanged,
    PlanWanted,
    SampleClosed,
    WatchDevices,
)
from runtime.core.decode.compiled import compile_map
from runtime.core.map.devicemap import parse_map
from runtime.core.poll.schedule import SLOW, WATCHED
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from tests.actors.stage import ManualClock, Stage, heard

T = 1_780_000_200  # a full ten minutes
METER = parse_map(
    {
        "id": "test-meter", "title": "Test meter", "source": "none", "trust": "published",
        "field": [
            {"quantity": "active_power_w", "at": 0, "type": "i32"},
            {"quantity": "voltage_l1_v", "at": 2, "type": "u16"},
            {"quantity": "active_energy_import_wh", "at": 1000, "type": "u32"},
            {"quantity": "ct_ratio", "at": 2000, "type": "u16", "role": "parameter"},
        ],
    },
    file="test",
)  # fmt: skip
COMPILED = compile_map(METER)
LIVE_BLOCK, ENERGY_BLOCK, PARAMETER_BLOCK = (
    next(i for i, block in enumerate(COMPILED.blocks) if block.kind == kind) for kind in ("live", "energy", "parameter")
)


class Scene:
    """A gateway with a played bus and recorder; its thread is the test."""

    def __init__(self, *devices, gateway_on=True, incarnation=3, interval_s=600, kinds=None):
        self.stage = Stage(ManualClock(T + 300))
        self.bus = self.stage.mailbox("bus.1")
        self.recorder = self.stage.mailbox("recorder")
        spec = GatewaySpec(1, "cellar", "tcp://10.0.0.1:502", on=gateway_on)
        maps = {"test-meter": COMPILED}
        zone = ZoneInfo("Europe/Paris")
        self.incarnation = incarnation
        self.gateway = Gateway(
            self.stage.incarnation("gateway.1", incarnation),
            spec,
            devices or (meter(1),),
            maps,
            interval_s,
            zone,
            kinds=kinds,
        )
        self.stage.add(self.gateway)

    def say(self, *messages):
        for message in messages:
            self.gateway.post_self(message)
        self.stage.play()
        return self

    def live(self, device=1, power_w=100, volt=230):
        self._read(device, LIVE_BLOCK, struct.pack(">iH", power_w, volt))

    def energy(self, device=1, wh=1000):
        self._read(device, ENERGY_BLOCK, struct.pack(">I", wh))

    def parameter(self, device=1, ratio=10):
        self._read(device, PARAMETER_BLOCK, struct.pack(">H", ratio))

    def _read(self, device, block, payload):
        self.say(BlockRead(device, block, self.stage.clock.now_ms(), 40, payload, self.incarnation))

    def fail(self, device=1, code="no_answer", block=LIVE_BLOCK, incarnation=None):
        ts_ms = self.stage.clock.now_ms()
        self.say(BlockFailed(device, block, ts_ms, code, "said so", incarnation or self.incarnation))

    def wait(self, seconds):
        for _ in range(round(seconds)):
            self.stage.clock.advance(1)
            self.stage.play()

    def device(self, id=1):
        return self.stage.views.get(f"device.{id}")

    def values(self, id=1):
        view = self.device(id)
        return dict(zip(view.quantities, view.values_n, strict=True))

    @property
    def view(self):
        return self.stage.views.get("gateway.1")

    def recorded(self, kind=SampleClosed):
        return [message for message in heard(self.recorder) if isinstance(message, kind)]

    def plan(self):
        return [message for message in heard(self.bus) if isinstance(message, PlanChanged)][-1]

    def plan_or(self, blocks):
        """The newest plan's blocks, or these when there is no new one."""
        plans = [message for message in heard(self.bus) if isinstance(message, PlanChanged)]
        if plans:
            self.last_plan = plans[-1]
        return plans[-1].blocks if plans else blocks


def meter(id, **changes):
    return DeviceSpec(id, f"meter {id}", 1, unit=id, model="test-meter", **changes)


def test_the_plan_names_each_block_with_parameters_first():
    scene = Scene(meter(1), meter(2))
    plan = scene.plan()
    assert plan.incarnation == 3
    assert [(block.device, block.block) for block in plan.blocks[:3]] == [
        (1, PARAMETER_BLOCK), (1, LIVE_BLOCK), (1, ENERGY_BLOCK),
    ]  # fmt: skip
    assert [block.period_s for block in plan.blocks[:3]] == [3600.0, 2.0, 10.0]
    assert {block.request.unit for block in plan.blocks} == {1, 2}


def test_a_bus_that_asks_gets_the_plan_again():
    scene = Scene()
    before = scene.plan()
    scene.say(PlanWanted())
    assert scene.plan() == before


def test_what_was_read_is_shown_with_its_time():
    scene = Scene()
    scene.live(power_w=-1500, volt=231)
    assert scene.values() == {
        "active_power_w": -15_000, "voltage_l1_v": 23_100, "active_energy_import_wh": None, "ct_ratio": None,
    }  # fmt: skip
    view = scene.device()
    now_ms = scene.stage.clock.now_ms()
    assert dict(zip(view.quantities, view.ts_ms, strict=True)) == {
        "active_power_w": now_ms, "voltage_l1_v": now_ms, "active_energy_import_wh": 0, "ct_ratio": 0,
    }  # fmt: skip
    assert view.state == "on"


def test_a_feed_from_below_turns_the_sign():
    scene = Scene(meter(1, supply="downstream"))
    scene.live(power_w=100)
    assert scene.values()["active_power_w"] == -1000


def test_each_reading_makes_a_new_view_and_leaves_the_old_one_alone():
    scene = Scene()
    scene.live(power_w=1)
    old = scene.device()
    scene.live(power_w=2)
    assert scene.device().version > old.version
    assert old.values_n[old.quantities.index("active_power_w")] == 10


def test_one_failed_poll_is_no_error_and_two_are():
    scene = Scene()
    scene.live()
    scene.fail()
    assert scene.device().state == "on"
    scene.fail()
    assert scene.device().state == "communication_error"
    assert scene.device().trouble.code == "no_answer"


def test_a_device_that_answers_nonsense_is_shown_with_the_cause_and_no_value():
    scene = Scene()
    scene.fail(code="bad_crc")
    scene.fail(code="bad_crc")
    assert scene.device().trouble.code == "bad_crc"
    assert scene.values()["active_power_w"] is None


def test_one_good_poll_ends_the_error():
    scene = Scene()
    scene.fail()
    scene.fail()
    scene.live()
    assert scene.device().state == "on"
    assert scene.device().trouble is None


def test_going_and_coming_back_are_events():
    scene = Scene()
    for _ in range(5):
        scene.fail()
    scene.live()
    assert [(e.subject, e.code) for e in scene.recorded(EventReported)] == [
        ("device.1", "communication_error"), ("device.1", "communication_restored"),
    ]  # fmt: skip


def test_an_error_keeps_the_time_since_when_it_lasts():
    scene = Scene()
    scene.fail()
    scene.fail()
    since_ms = scene.device().trouble.since_ms
    scene.wait(30)
    scene.fail()
    assert scene.device().trouble.since_ms == since_ms


def test_a_refused_block_is_shown_beside_what_works():
    scene = Scene()
    scene.live()
    scene.energy(wh=5)
    scene.fail(code="exception_2", block=ENERGY_BLOCK)
    scene.live()
    assert scene.device().state == "on"
    assert scene.device().trouble.code == "exception_2"
    assert scene.values()["active_energy_import_wh"] is None


def test_a_device_that_refuses_everything_is_configured_wrongly():
    scene = Scene()
    refuse_all(scene, lambda block: True)
    assert scene.device().state == "configuration_error"
    assert scene.device().trouble.code == "exception_2"


def refuse_all(scene, is_refused):
    """Play a device that refuses some reads until the plan no longer changes; returns the blocks that it takes."""
    asked = {}
    while fresh := {b.block: b for b in scene.plan_or(asked.values()) if b.block not in asked}:
        asked |= fresh
        for block in fresh.values():
            if is_refused(block):
                scene.fail(code="exception_2", block=block.block)
    return [block for block in scene.last_plan.blocks if not is_refused(block)]


def test_a_block_with_a_register_that_does_not_exist_is_read_in_parts():
    scene = Scene()
    taken = refuse_all(scene, lambda block: block.request.at <= 2 < block.request.at + block.request.count)
    assert [(b.request.at, b.request.count) for b in taken if b.request.at < 1000] == [(0, 2)]
    part = next(b.block for b in taken if b.request.at == 0)
    scene._read(1, part, struct.pack(">i", 42))
    assert scene.values()["active_power_w"] == 420
    assert scene.values()["voltage_l1_v"] is None
    assert scene.device().state == "on"
    assert scene.device().trouble.code == "exception_2"


def test_a_sample_does_not_wait_for_counters_that_the_device_refuses():
    scene = Scene()
    scene.live(power_w=1)
    scene.fail(code="exception_2", block=ENERGY_BLOCK)
    scene.wait(300)
    scene.live(power_w=2)
    (sample,) = scene.recorded()
    assert dict(zip(sample.schema, sample.columns_n, strict=True))["active_power_w", "mean"] == 10


def test_a_link_that_is_down_concerns_all_devices_at_once():
    scene = Scene(meter(1), meter(2))
    scene.say(LinkChanged(scene.stage.clock.now_ms(), False, "link_refused", "10.0.0.1:502 refuses"))
    assert [scene.device(id).state for id in (1, 2)] == ["communication_error"] * 2
    assert scene.view.state == "communication_error"
    assert scene.view.trouble.code == "link_refused"
    scene.say(LinkChanged(scene.stage.clock.now_ms(), True))
    scene.live(1)
    assert (scene.view.state, scene.device(1).state) == ("on", "on")


def test_what_is_off_is_not_polled():
    scene = Scene(meter(1), meter(2, on=False))
    assert {block.device for block in scene.plan().blocks} == {1}
    assert scene.device(2).state == "off"


def test_a_gateway_that_is_off_polls_nothing():
    scene = Scene(gateway_on=False)
    assert scene.plan().blocks == ()
    assert (scene.view.state, scene.device().state) == ("off", "off")


def test_a_model_that_nobody_knows_is_told_and_not_polled():
    scene = Scene(DeviceSpec(1, "x", 1, 1, "no-such-model"), meter(2))
    assert scene.device(1).state == "configuration_error"
    assert scene.device(1).trouble.code == "model_unknown"
    assert {block.device for block in scene.plan().blocks} == {2}


def test_answers_to_a_plan_before_this_life_are_ignored():
    scene = Scene()
    scene.say(BlockRead(1, LIVE_BLOCK, scene.stage.clock.now_ms(), 40, b"\0" * 200, 2))
    scene.fail(incarnation=2)
    scene.fail(incarnation=2)
    assert scene.device().state == "unknown"


def test_a_device_that_is_looked_at_is_read_more_often_for_a_while():
    scene = Scene(meter(1), meter(2))
    scene.say(WatchDevices((2,), for_s=30))
    live = {b.device: (b.period_s, b.rank) for b in scene.plan().blocks if b.block == LIVE_BLOCK}
    assert live[2] == (1.0, WATCHED)
    assert live[1][0] == 2.0
    scene.wait(20)
    scene.say(WatchDevices((2,), for_s=30))
    scene.wait(25)
    assert not heard(scene.bus)
    scene.wait(10)
    assert {b.period_s for b in scene.plan().blocks if b.block == LIVE_BLOCK} == {2.0}


def test_right_after_an_edge_the_counters_are_read():
    scene = Scene(meter(1), meter(2))
    heard(scene.bus)
    scene.wait(301)
    assert heard(scene.bus) == [BlocksDue(3, ((1, ENERGY_BLOCK), (2, ENERGY_BLOCK)))]


def test_a_sample_goes_to_the_recorder_with_the_first_counter_after_the_edge():
    scene = Scene()
    for second in range(0, 300, 10):
        scene.live(power_w=second)
        scene.energy(wh=1000 + second)
        scene.wait(10)
    assert scene.recorded() == []
    scene.energy(wh=1300)
    (sample,) = scene.recorded()
    assert (sample.device, sample.start_ts, sample.end_ts) == (1, T, T + 600)
    columns = dict(zip(sample.schema, sample.columns_n, strict=True))
    assert columns["active_power_w", "mean"] == 1450
    assert sample.counters["active_energy_import_wh"] == (
        *(((T + 300 + s) * 1000, 1_000_000 + 1000 * s) for s in (0, 10, 20, 30, 290, 300)),
    )  # fmt: skip
    assert sample.poll_ms == 10_000


def test_a_silent_device_closes_its_slot_after_the_grace():
    scene = Scene(meter(1), meter(2))
    scene.energy(1)
    scene.wait(303)
    assert scene.recorded() == []
    scene.wait(2)
    samples = scene.recorded()
    assert [sample.device for sample in samples] == [1, 2]
    assert samples[1].counters == {}


def test_a_changed_ratio_is_an_event_and_goes_along_with_the_sample():
    scene = Scene()
    scene.parameter(ratio=10)
    scene.energy()
    scene.wait(100)
    changed_ms = scene.stage.clock.now_ms()
    scene.parameter(ratio=20)
    assert [e.code for e in scene.recorded(EventReported)] == ["parameter_changed"]
    scene.wait(200)
    scene.energy()
    assert [sample.rescaled_ms for sample in scene.recorded()] == [changed_ms]


def test_slots_follow_a_wall_clock_that_jumps_ahead():
    scene = Scene()
    scene.energy()
    scene.stage.clock.step(86_400)
    scene.wait(70)
    assert [sample.start_ts for sample in scene.recorded()] == [T]
    scene.energy()
    scene.wait(600)
    assert [sample.start_ts for sample in scene.recorded()] == [T + 86_400]


def test_parameters_and_slow_blocks_yield_to_the_others():
    ranks = {block.block: block.rank for block in Scene().plan().blocks}
    assert ranks[PARAMETER_BLOCK] == SLOW
