from __future__ import annotations

import pytest

from runtime.core.site.metertree import ancestors, below, double_counts, is_in_loop
from runtime.core.site.spec import DeviceSpec


def tree(*rows: tuple[int, int, bool]) -> dict[int, DeviceSpec]:
    """(id, meter above, excluded)."""
    return {id: DeviceSpec(id, f"d{id}", 1, id, "", above=above, excluded=excluded) for id, above, excluded in rows}


def test_the_meters_above_are_those_up_to_the_top_the_nearest_first():
    devices = tree((1, 0, False), (2, 1, False), (3, 2, False))
    assert [each.id for each in ancestors(devices[3], devices)] == [2, 1]
    assert ancestors(devices[1], devices) == ()
    assert below(1, devices.values()) == (devices[2],)


@pytest.mark.parametrize(
    ("rows", "looped"),
    [
        (((1, 1, False),), {1}),
        (((1, 2, False), (2, 1, False)), {1, 2}),
        (((1, 2, False), (2, 3, False), (3, 2, False)), {2, 3}),
        (((1, 9, False), (2, 1, False)), set()),
    ],
)
def test_a_loop_is_found_and_ends(rows, looped):
    devices = tree(*rows)
    assert {id for id, device in devices.items() if is_in_loop(device, devices)} == looped


def test_energy_is_counted_twice_where_a_device_and_one_above_it_count():
    devices = tree((1, 0, False), (2, 1, True), (3, 2, False), (4, 0, False))
    assert double_counts(devices.values()) == ((devices[3], devices[1]),)
    assert double_counts(tree((1, 0, True), (2, 1, False)).values()) == ()
