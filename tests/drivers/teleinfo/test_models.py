"""Kinds of meters and their parameters."""

import pytest

from drivers.api import ConfigError
from drivers.teleinfo.models import make_historique, make_standard


def test_equal_parameters_make_equal_meters_so_that_a_reload_starts_nobody_anew():
    assert make_historique({"phases": 3}) == make_historique({"phases": 3})
    assert make_standard({}) == make_standard({"phases": 1})
    assert make_standard({}) != make_standard({"phases": 3})


def test_another_contract_or_meter_is_a_change_over_which_no_energy_is_booked():
    for model in (make_historique({}), make_standard({})):
        names = model.decoder.quantities
        assert {names[slot] for slot in model.decoder.parameters} == {"serial_number", "contract"}


@pytest.mark.parametrize(
    ("make", "parameters", "key"),
    [
        (make_historique, {"use": "both"}, "use"),
        (make_historique, {"phases": 2}, "phases"),
        (make_standard, {"use": "production"}, "use"),
        (make_standard, {"colour": 1}, "colour"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(make, parameters, key):
    with pytest.raises(ConfigError) as refusal:
        make(parameters)
    assert [fault.key for fault in refusal.value.faults] == [key]
