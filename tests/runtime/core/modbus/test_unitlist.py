import pytest

from runtime.core.modbus.unitlist import parse_units


@pytest.mark.parametrize(("text", "units"), [("1-3", (1, 2, 3)), ("7", (7,)), ("5,1-2", (1, 2, 5))])
def test_addresses_are_given_as_a_list(text, units):
    assert parse_units(text) == units


@pytest.mark.parametrize("text", ["", "0", "3-1", "1-256", "a", "1-", "-3", "1..3", "²"])
def test_what_is_no_list_of_addresses_is_refused(text):
    with pytest.raises(ValueError, match="address"):
        parse_units(text)
