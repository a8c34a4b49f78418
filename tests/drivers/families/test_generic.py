import pytest

from drivers.families.generic import generic_map
from runtime.errors import ConfigError

GOOD = {"function": 3, "register": "0x1A2B", "words": 4, "factor": 0.001}


def test_the_four_fields_of_the_manual_make_a_map():
    field = generic_map(GOOD).fields[0]
    assert (field.quantity, field.space, field.at, field.type, field.scale) == (
        "active_energy_import_wh", "holding", 0x1A2B, "u64", (1, 1000),
    )  # fmt: skip


def test_texts_of_a_form_are_understood():
    field = generic_map({"function": "4", "register": "48", "words": "2", "factor": "10"}).fields[0]
    assert (field.space, field.at, field.type, field.scale) == ("input", 0x48, "u32", (10, 1))


def test_the_factor_may_lead_to_kwh():
    assert generic_map({**GOOD, "factor": 0.1, "unit": "kWh"}).fields[0].scale == (100, 1)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"function": 1}, "function"),
        ({"function": "x"}, "function"),
        ({"register": "12345"}, "register"),
        ({"register": "hello"}, "register"),
        ({"register": -1}, "register"),
        ({"words": 3}, "words"),
        ({"factor": 0}, "factor"),
        ({"factor": -1}, "factor"),
        ({"factor": "ten"}, "factor"),
        ({"factor": 1e12, "words": 2}, "factor"),
        ({"unit": "MWh"}, "unit"),
        ({"word": 2}, "word"),
    ],
)
def test_a_wrong_parameter_is_named(change, key):
    with pytest.raises(ConfigError) as caught:
        generic_map({**GOOD, **change}, "device[3].parameters")
    assert [(fault.file, fault.key) for fault in caught.value.faults] == [("device[3].parameters", key)]


def test_missing_parameters_are_named_all_at_once():
    with pytest.raises(ConfigError) as caught:
        generic_map({})
    assert [fault.key for fault in caught.value.faults] == ["function", "register", "words", "factor"]
