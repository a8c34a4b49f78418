import pytest

from runtime.core.map.devicemap import parse_map
from runtime.core.map.markers import Markers, markers_of
from runtime.core.modbus.registers import Field
from runtime.errors import ConfigError

HEAD = {"id": "any", "title": "Any", "source": "none", "trust": "field"}


def field_of(marker, type="i32", **head):
    row = {"quantity": "active_power_w", "at": 0, "type": type, **({"invalid": marker} if marker is not None else {})}
    return parse_map({**HEAD, **head, "field": [row]}, file="any").fields[0]


def test_a_range_of_markers_has_both_ends():
    field = field_of([5, [0x7FFF0000, 0x7FFFFFFF]])
    assert (field.invalid, field.invalid_within) == ((5,), ((0x7FFF0000, 0x7FFFFFFF),))
    markers = markers_of(field, Field("voltage_l1_v", 2, "i32", 2, invalid=(9,)))
    assert isinstance(markers, Markers) and markers
    assert [raw in markers for raw in (5, 9, 0x7FFEFFFF, 0x7FFF0000, 0x7FFF1234, 0x7FFFFFFF, -1)] == [
        True, True, False, True, True, True, False,
    ]  # fmt: skip
    assert (
        markers.isdisjoint((1, -7, 0x7FFEFFFF))
        and not markers.isdisjoint((1, 9))
        and not markers.isdisjoint((0x7FFF0001,))
    )


def test_without_a_range_a_plain_set_is_asked():
    assert markers_of(field_of(5), Field("voltage_l1_v", 2, "i32", 2, invalid=(9,))) == frozenset((5, 9))


def test_a_pattern_is_the_signed_number_it_means_at_both_ends():
    assert field_of([[0x80000000, 0x8000FFFF]]).invalid_within == ((-0x80000000, -0x7FFF0001),)


def test_a_range_of_the_whole_map_holds_for_its_type():
    assert field_of(None, invalid={"i32": [[0x7FFF0000, 0x7FFFFFFF]]}).invalid_within == ((0x7FFF0000, 0x7FFFFFFF),)


@pytest.mark.parametrize("marker", [[[7, 5]], [[1, 2, 3]], [["5", 6]], [[0, 1 << 33]]])
def test_a_range_that_is_none_is_a_fault(marker):
    with pytest.raises(ConfigError) as caught:
        field_of(marker)
    assert caught.value.faults[0].key == "field[1].invalid"
