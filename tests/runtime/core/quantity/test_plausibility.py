import pytest

from runtime.core.quantity.catalogue import to_n
from runtime.core.quantity.plausibility import Plausibility, plausibility_of

USUAL = {
    "voltage_l1_v": 230.1, "voltage_l2_v": 231.2, "voltage_l3_v": 229.3, "voltage_l12_v": 399.0, "frequency_hz": 50.0,
    "power_factor": 1.0, "active_power_w": -4_000.0, "temperature_c": 41.0, "battery_soc_pct": 100.0,
}  # fmt: skip
QUANTITIES = (*USUAL, "active_energy_import_wh", "serial_number")


def suspects(*, rated_ma=0, **values):
    told = [to_n(id, value) if (value := {**USUAL, **values}.get(id)) is not None else None for id in QUANTITIES]
    plausible = Plausibility(QUANTITIES, rated_ma)
    found = plausible.suspects(plausible.checks(range(len(QUANTITIES))), told)
    return {QUANTITIES[index] for index in found}


def test_devices_of_a_kind_share_what_they_are_checked_by():
    assert plausibility_of(QUANTITIES, 0) is plausibility_of(QUANTITIES, 0)
    assert plausibility_of(QUANTITIES, 0) is not plausibility_of(QUANTITIES, 63_000)
    plausible = plausibility_of(QUANTITIES, 0)
    assert plausible.checks((0, 3)) is plausible.checks([0, 3])
    assert plausible.checks((0, 3)) != plausible.checks((0, 1))


def test_a_meter_at_work_has_none():
    assert suspects() == set()
    assert suspects(voltage_l2_v=0, voltage_l3_v=0, power_factor=-1, active_power_w=None) == set()


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("voltage_l1_v", 655.35), ("voltage_l3_v", 6553.5), ("voltage_l2_v", 4e7), ("voltage_l12_v", 1310.7),
        ("frequency_hz", 655.35), ("frequency_hz", 0.0), ("power_factor", 1.5), ("power_factor", -32.768),
        ("active_power_w", 2_147_483_647.0), ("temperature_c", 3276.7), ("battery_soc_pct", 655.35),
    ],
)  # fmt: skip
def test_what_cannot_be_is_suspect_and_the_rest_is_not(quantity, value):
    assert suspects(**{quantity: value}) == {quantity}


def test_no_frequency_without_voltage_is_no_fault():
    assert suspects(voltage_l1_v=0, voltage_l2_v=0, voltage_l3_v=0, voltage_l12_v=0, frequency_hz=0) == set()


def test_medium_voltage_is_none():
    medium = {"voltage_l1_v": 11_547.0, "voltage_l2_v": 11_560.0, "voltage_l3_v": 11_530.0, "voltage_l12_v": 20_000.0}
    assert suspects(**medium) == set()


def test_power_beyond_what_the_rated_current_can_carry_is_suspect():
    assert suspects(active_power_w=900_000.0) == set()
    assert suspects(active_power_w=900_000.0, rated_ma=63_000) == {"active_power_w"}
    assert suspects(active_power_w=40_000.0, rated_ma=63_000) == set()


def test_only_what_was_read_is_looked_at():
    values = [65_535] * len(QUANTITIES)
    plausible = Plausibility(QUANTITIES)
    assert plausible.suspects(plausible.checks([9, 10]), values) == []
