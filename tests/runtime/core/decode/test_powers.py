import struct

from hypothesis import example, given
from hypothesis import strategies as st

from runtime.core.decode.powers import is_power, power_group
from runtime.core.map.normalise import DeviceSettings
from runtime.core.map.scalar import scalar_group
from runtime.core.modbus.registers import Field
from runtime.core.modbus.unpacking import BlockLayout

PLACE, WORDS = BlockLayout(100, 8), struct.Struct(">8H")
FIELDS = [
    Field("current_l1_a", 100, "i16", 1, scale_at=103, invalid=(-0x8000,)),
    Field("active_power_w", 101, "i16", 1, scale_at=104, scale=(1, 7), invalid=(-0x8000,)),
    Field("voltage_l1_v", 102, "u16", 1, scale_at=103, invalid=(0xFFFF,)),
]
ENERGIES = [Field("active_energy_import_wh", 105, "u32", 2, scale_at=107)]
WORD = st.integers(0, 0xFFFF)
POWER = st.one_of(st.integers(-4, 4), st.integers(-35, 35), st.just(-0x8000)).map(lambda power: power & 0xFFFF)


def alone(field, payload):
    """The count that the field gets when it is decoded by itself."""
    values = [None]
    scalar_group(field, PLACE, 0, {})(payload, values, DeviceSettings())
    return values[0]


@given(st.lists(WORD, min_size=3, max_size=3), POWER, POWER, WORD, WORD, POWER)
@example([0x8000, 0x7FFF, 0xFFFF], 0, 0xFFFE, 0xFFFF, 0xFFFF, 30)
def test_many_at_once_are_exactly_what_each_is_by_itself(raw, one, two, high, low, three):
    payload = WORDS.pack(*raw, one, two, high, low, three)
    values = [None] * 4
    power_group(FIELDS, PLACE, 0)(payload, values, DeviceSettings())
    power_group(ENERGIES, PLACE, 3)(payload, values, DeviceSettings())
    assert values == [alone(field, payload) for field in (*FIELDS, *ENERGIES)]


def test_a_device_may_change_its_powers():
    lane, values = power_group(FIELDS[:1], PLACE, 0), [None]
    for power, count in ((0, 5_000), (0xFFFF, 500), (0x8000, None), (0, 5_000)):
        lane(WORDS.pack(5, 0, 0, power, 0, 0, 0, 0), values, DeviceSettings())
        assert values == [count]


def test_what_more_than_a_power_scales_stands_alone():
    assert is_power(FIELDS[0])
    assert not is_power(Field("active_power_w", 101, "i16", 1, scale_at=104, sign_at=105))
    assert not is_power(Field("active_power_w", 101, "f32", 2, scale_at=104))
    assert not is_power(Field("active_energy_import_wh", 101, "u64", 4, scale_at=105))
