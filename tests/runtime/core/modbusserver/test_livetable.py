"""The registers of unit 246 hold what the views say."""

import struct
from dataclasses import replace
from math import isnan

from runtime.core.modbusserver.allocation import Allocation, allocate
from runtime.core.modbusserver.livetable import GONE, NEVER, NO_VALUE, LiveTable
from runtime.core.modbusserver.registerrow import NO_COUNT
from runtime.core.view import DeviceView

NOW_MS = 1_780_000_000_000
IDS = ("active_power_w", "active_energy_import_wh", "breaker_state", "serial_number")
VIEW = DeviceView(
    5, "", 1, "on", IDS, (12_345, 9_876_543, 1, "A1"), (NOW_MS - 1_500, NOW_MS - 70_000, NOW_MS, 1), (0, 3, 1, 0)
)
ALLOCATION, _ = allocate(Allocation(), {5: IDS})
(BLOCK,) = ALLOCATION.blocks
AT = {quantity.id: row for quantity, *row in BLOCK.rows()}


def image(view=VIEW, there=frozenset({5}), table=None, now_ms=NOW_MS, energies=None):
    return (table or LiveTable()).image(ALLOCATION, there, lambda id: view, energies or {}, now_ms)


def words(made, at, form):
    return struct.unpack(f">{form}", made.read(at, struct.calcsize(f">{form}") // 2))


def test_its_head_says_what_it_is_how_far_it_goes_and_when_it_was_made():
    assert words(image(), 0, "HHIHHQ") == (0x574B, 1, 1, 1, BLOCK.end, NOW_MS)
    assert len(image()) == BLOCK.end and image().read(BLOCK.end, 1) == 2


def test_the_head_of_a_block_has_device_state_age_and_energy():
    assert words(image(energies={10_005: 4_567_890}), BLOCK.at, "HHHHq") == (5, 1, 0, 3, 4_567)
    assert words(image(energies={10_005: None}), BLOCK.at + 4, "q") == (NO_COUNT,)
    assert words(image(replace(VIEW, state="communication_error")), BLOCK.at + 1, "H") == (3,)


def test_each_value_has_its_quality_and_its_age():
    made = image()
    value, quality, age = AT["active_power_w"]
    assert (words(made, value, "f"), words(made, quality, "H"), words(made, age, "H")) == ((1234.5,), (0,), (1,))
    value, quality, age = AT["active_energy_import_wh"]
    assert (words(made, value, "q"), words(made, quality, "H"), words(made, age, "H")) == ((9_876,), (3,), (70,))
    value, quality, age = AT["breaker_state"]
    assert (words(made, value, "I"), words(made, quality, "H"), words(made, age, "H")) == ((1,), (1,), (0,))


def test_what_has_no_value_says_so():
    made = image(replace(VIEW, values_n=(None, None, None, None), ts_ms=(0, 0, 0, 0)))
    value, quality, age = AT["active_power_w"]
    assert isnan(words(made, value, "f")[0]) and words(made, quality, "H") == (NO_VALUE,)
    assert words(made, age, "H") == (NEVER,) and words(made, BLOCK.at + 2, "H") == (NEVER,)


def test_who_was_never_read_and_who_is_gone_keep_their_registers():
    for view, there, state in ((None, frozenset({5}), 0), (VIEW, frozenset(), GONE)):
        made = image(view, there)
        assert len(made) == BLOCK.end and words(made, BLOCK.at, "HHH") == (5, state, NEVER)
        assert words(made, AT["active_energy_import_wh"][0], "q") == (NO_COUNT,)
        assert words(made, AT["active_power_w"][1], "H") == (NO_VALUE,)


def test_values_are_those_of_the_newest_view_and_ages_those_of_now():
    table = LiveTable()
    image(table=table)
    later = image(table=table, now_ms=NOW_MS + 5_000)
    assert words(later, AT["active_power_w"][2], "H") == (6,)
    newer = image(replace(VIEW, values_n=(1, 2, 0, "")), table=table)
    assert words(newer, AT["active_power_w"][0], "f")[0] == struct.unpack("f", struct.pack("f", 0.1))[0]


def test_a_model_that_tells_less_today_leaves_the_rest_without_value():
    fewer = DeviceView(5, "", 1, "on", IDS[:1], (10,), (NOW_MS,), (0,))
    made = image(fewer)
    assert words(made, AT["active_power_w"][0], "f") == (1.0,)
    assert words(made, AT["breaker_state"][0], "I") == (0xFFFF_FFFF,)
    assert words(made, AT["breaker_state"][2], "H") == (NEVER,)
