import pytest

from drivers.families.sunspec.models import family
from drivers.families.sunspec.parts import PARTS
from runtime.core.decode.compiled import compile_map
from runtime.errors import ConfigError

MAKE = family().makers["sunspec-10x"]


def rows(**parameters):
    return {field.quantity: field for field in MAKE({"register": "9C85", **parameters}).fields}


def test_a_part_is_read_only_where_its_register_is_told():
    assert "rated_power_w" not in rows()
    assert (rows(nameplate="9CB9")["rated_power_w"].at, rows(nameplate="9CB9")["rated_power_w"].scale_at) == (
        40124,
        40125,
    )


def test_each_input_stands_twenty_registers_further_and_shares_the_scale_factors():
    found = rows(mppt="9CF3", inputs=3)
    assert [found[f"dc_{n}_power_w"].at - 0x9CF3 for n in (1, 2, 3)] == [21, 41, 61]
    assert {found[f"dc_{n}_power_w"].scale_at - 0x9CF3 for n in (1, 2, 3)} == {4}
    assert (
        "dc_4_power_w" not in found and "dc_2_power_w" in rows(mppt="9CF3") and "dc_3_power_w" not in rows(mppt="9CF3")
    )


def test_inputs_of_the_battery_are_its_power_and_energies():
    told = {"register": "9C85", "mppt": "9CF3", "inputs": 4, "charging": 3, "discharging": 4}
    made = MAKE(told)
    found = {field.quantity: field for field in made.fields}
    assert found["battery_charging_w"].at == 0x9CF3 + 61 and found["battery_charging_w"].scale == (1, 1)
    assert found["battery_discharging_w"].at == 0x9CF3 + 81 and found["battery_discharging_w"].scale == (-1, 1)
    assert found["battery_discharged_wh"].scale == (1, 1) and "dc_3_power_w" not in found
    assert [row.quantity for row in made.derived] == ["battery_power_w"]


def test_what_the_battery_tells_itself_counts_more_than_the_storage_of_the_inverter():
    found = rows(storage="9D60", battery="9D90", mppt="9CF3", inputs=4, charging=3, discharging=4)
    assert found["battery_soc_pct"].at == 0x9D90 + 11 and found["battery_power_w"].at == 0x9D90 + 47
    assert MAKE({"battery": "9D90", "mppt": "9CF3", "inputs": 4, "charging": 3, "discharging": 4}).derived == ()


def test_every_part_can_be_read():
    told = {key: f"{0x9D00 + 0x40 * n:04X}" for n, key in enumerate(PARTS)}
    assert {"battery_soc_pct", "dc_2_power_w", "max_power_w", "power_limit_pct", "apparent_energy_vah"} <= {
        *compile_map(MAKE({"register": "9C85", **told})).quantities
    }


@pytest.mark.parametrize(
    ("wrong", "keys"),
    [
        ({"mppt": "hello"}, ["mppt"]),
        ({"battery": "FFF0"}, ["battery"]),
        ({"mppt": "9CF3", "inputs": 13}, ["inputs"]),
        ({"mppt": "9CF3", "charging": 0}, ["charging"]),
        ({"panels": 3}, ["panels"]),
    ],
)
def test_what_is_wrong_with_a_part_is_told(wrong, keys):
    with pytest.raises(ConfigError) as caught:
        MAKE(wrong)
    assert [fault.key for fault in caught.value.faults] == keys
