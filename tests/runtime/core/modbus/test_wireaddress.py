import pytest

from runtime.core.modbus.wireaddress import wire_unit


@pytest.mark.parametrize(
    ("unit", "interface", "stride", "found"), [(15, 0, 0, 15), (247, 0, 30, 247), (2, 1, 30, 2), (2, 3, 30, 62)]
)
def test_the_address_on_the_wire(unit, interface, stride, found):
    assert wire_unit(unit, interface, stride) == found


@pytest.mark.parametrize(
    ("unit", "interface", "stride", "told"),
    [(2, 1, 0, "does not stand behind"), (31, 1, 30, "1 to 30"), (30, 9, 30, "1 to 8"), (2, 10, 30, "1 to 9")],
)
def test_an_address_that_there_is_not_is_told(unit, interface, stride, told):
    with pytest.raises(ValueError, match=told):
        wire_unit(unit, interface, stride)
