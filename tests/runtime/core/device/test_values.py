import struct

from runtime.core.decode.compiled import compile_map
from runtime.core.device.values import DeviceValues
from runtime.core.map.devicemap import parse_map
from runtime.core.map.normalise import DeviceSettings
from runtime.core.quantity.quality import Quality

COMPILED = compile_map(
    parse_map(
        {
            "id": "test-meter", "title": "Test meter", "source": "none", "trust": "published",
            "field": [
                {"quantity": "active_power_l1_w", "at": 0, "type": "i16"},
                {"quantity": "active_power_l2_w", "at": 500, "type": "i16"},
                {"quantity": "voltage_l1_v", "at": 501, "type": "u16"},
                {"quantity": "serial_number", "at": 1000, "type": "u16"},
                {"quantity": "ct_ratio", "at": 2000, "type": "u16", "role": "parameter"},
            ],
            "derive": [{"quantity": "active_power_w", "sum": ["active_power_l1_w", "active_power_l2_w"]}],
        },
        file="test",
    )
)  # fmt: skip


def block_at(at):
    return next(i for i, block in enumerate(COMPILED.blocks) if block.at == at)


FIRST, SECOND, NAME, RATIO = map(block_at, (0, 500, 1000, 2000))


def values():
    return DeviceValues(COMPILED, DeviceSettings())


def shown(held, quantity):
    return held.value_of(quantity), held.ts_ms[COMPILED.quantities.index(quantity)]


def test_a_derived_value_is_as_old_as_its_oldest_part():
    held = values()
    held.take(FIRST, 1000, struct.pack(">h", 100))
    assert shown(held, "active_power_w") == (None, 0)
    held.take(SECOND, 2000, struct.pack(">hH", 50, 230))
    assert shown(held, "active_power_w") == (1500, 1000)


def test_a_parameter_changes_when_it_is_another_than_before():
    held = values()
    changes = [held.take(RATIO, 0, struct.pack(">H", ratio)) for ratio in (10, 10, 20)]
    assert changes == [False, False, True]


def test_a_device_names_itself_in_the_reads_that_bring_its_name():
    held = values()
    assert held.name(FIRST) == () and held.name(NAME) == (None,)
    held.take(NAME, 0, struct.pack(">H", 77))
    assert held.name(NAME) == ("77",)


def test_a_read_that_is_refused_is_done_in_parts_of_the_same_kind():
    held = values()
    one, other = held.split(SECOND)
    assert SECOND not in held.active and {one.number, other.number} <= set(held.active)
    assert held.brings(one.number, "active_power_l2_w") and not held.brings(other.number, "active_power_l2_w")
    assert held.block_of(one.number) is held.block_of(SECOND)
    assert [request.count for number, _, request in held.reads(9) if number == one.number] == [1]


def test_of_a_read_in_parts_only_what_was_answered_has_a_value():
    held = values()
    one, other = held.split(SECOND)
    held.take(one.number, 1000, struct.pack(">h", 5))
    assert (shown(held, "active_power_l2_w"), held.value_of("voltage_l1_v")) == ((50, 1000), None)
    held.take(other.number, 2000, struct.pack(">H", 230))
    assert shown(held, "voltage_l1_v") == (23_000, 2000)


def test_what_is_refused_has_no_value():
    held = values()
    held.take(FIRST, 1000, struct.pack(">h", 100))
    held.forget(FIRST)
    assert held.value_of("active_power_l1_w") is None


def test_a_clock_put_right_moves_the_times_of_what_was_read():
    held = values()
    held.take(FIRST, 1000, struct.pack(">h", 100))
    held.shift(500)
    assert shown(held, "active_power_l1_w")[1] == 1500 and shown(held, "active_power_l2_w")[1] == 0


def test_a_mark_is_for_all():
    held = values()
    held.mark(Quality.SUSPECT)
    assert set(held.quality) == {int(Quality.SUSPECT)}


def test_what_cannot_be_is_suspect_until_it_can_be_again():
    held, voltage = values(), COMPILED.quantities.index("voltage_l1_v")
    held.take(SECOND, 1000, struct.pack(">hH", 5, 700))
    assert held.suspects == {voltage}
    assert (
        [slot for slot, quality in enumerate(held.quality) if quality == Quality.SUSPECT]
        == [voltage]
        == [slot for slot, quality in enumerate(held.quality) if quality != Quality.GOOD]
    )
    held.take(FIRST, 1500, struct.pack(">h", 100))
    assert held.suspects == {voltage}
    held.take(SECOND, 2000, struct.pack(">hH", 5, 230))
    assert not held.suspects and set(held.quality) == {int(Quality.GOOD)}


def test_what_is_derived_of_a_suspect_value_is_suspect_too():
    held = DeviceValues(COMPILED, DeviceSettings(parameters={"rated_current_a": 1}))
    held.take(FIRST, 1000, struct.pack(">h", 32_767))
    held.take(SECOND, 1000, struct.pack(">hH", 5, 230))
    assert {COMPILED.quantities[slot] for slot in held.suspects} == {"active_power_l1_w", "active_power_w"}
