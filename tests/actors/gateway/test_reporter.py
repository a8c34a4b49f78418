from actors.gateway.reporter import Reporter
from actors.message.device import BlockFailed
from runtime.core.decode.compiled import compile_map
from runtime.core.device.livedevice import LiveDevice
from runtime.core.map.devicemap import parse_map
from runtime.core.site.installation import DeviceSpec
from tests.actors.gateway.test_gateway import COMPILED
from tests.actors.stage import ManualClock


class Scene:
    def __init__(self):
        self.clock = ManualClock()
        self.events = []
        self.teller = Reporter(self.clock, self.events.append)
        self.devices = [device(id) for id in (1, 2)]

    def told(self):
        return [(event.subject, event.code) for event in self.events]

    def garbled(self, device):
        message = BlockFailed(device.spec.id, 0, self.clock.now_ms(), "bad_crc", "check sum")
        return self.teller.cause_of(device, message)[0]


def device(id):
    spec = DeviceSpec(id, f"meter {id}", 1, id, "test-meter")
    return LiveDevice(spec, COMPILED, lambda ts: (ts, ts + 600), 0, 30)


def test_what_happens_again_and_again_is_told_a_few_times_and_then_counted():
    scene = Scene()
    for _ in range(20):
        scene.teller.note(0, scene.devices[0], "parameter_changed", "")
    assert len(scene.events) == 7
    assert scene.told()[-1] == ("device.1", "parameter_changed_flaps")
    scene.clock.advance(700)
    scene.teller.report_calmed()
    assert scene.told()[-1] == ("device.1", "parameter_changed_calmed")


def test_answers_damaged_at_one_address_alone_tell_of_two_devices():
    scene = Scene()
    one, other = scene.devices
    for _ in range(16):
        scene.teller.note_answer(other.spec.id)
        cause = scene.garbled(one)
    assert cause == "address_doubled"
    assert ("device.1", "address_doubled") in scene.told()


def test_a_state_that_stays_is_no_news():
    scene = Scene()
    scene.teller.note_state(0, scene.devices[0], scene.devices[0].state)
    assert scene.events == []


NAMED = compile_map(
    parse_map(
        {
            "id": "named", "title": "Named", "source": "none", "trust": "published",
            "field": [{"quantity": "serial_number", "at": 0, "type": "u16"}],
        },
        file="test",
    )
)  # fmt: skip


def test_serial_numbers_that_take_turns_tell_of_two_devices_at_one_address():
    scene = Scene()
    spec = DeviceSpec(1, "meter", 1, 9, "named")
    named = LiveDevice(spec, NAMED, lambda ts: (ts, ts + 600), 0, 30)
    for serial in (b"\0\7", b"\0\x08", b"\0\7"):
        named.read(0, scene.clock.now_ms(), serial)
        scene.teller.note_name(scene.clock.now_ms(), named, 0)
        scene.clock.advance(10)
    assert scene.told() == [("device.1", "device_exchanged"), ("device.1", "address_doubled")]
