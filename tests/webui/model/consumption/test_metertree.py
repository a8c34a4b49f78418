from __future__ import annotations

from dataclasses import replace

import pytest

from tests.webui.stage import Stage, stage, trouble
from webui.model.consumption.metertree import parts_of, roots, tree_of

POWER = ("active_power_w",)


@pytest.fixture
def site(store) -> Stage:
    """Meter 1 measures 5 kW; below it 2 measures 2 kW, and below that 3 measures 500 W."""
    made = stage(store)
    first, second, third = made.installation.devices
    made.installation = replace(
        made.installation,
        devices=(first, replace(second, above=1, excluded=True), replace(third, above=2, excluded=True)),
    )
    for id, power_n in ((1, 50_000), (2, 20_000), (3, 5_000)):
        made.publishes(id, quantities=POWER, values_n=(power_n,))
    return made


def parts(site: Stage) -> list[tuple[int, int, bool]]:
    return sorted((part.device.id, part.power_n, part.is_rest) for part in parts_of(tree_of(site.bridge)))


def test_each_watt_is_there_once(site: Stage):
    assert parts(site) == [(1, 30_000, True), (2, 15_000, True), (3, 5_000, False)]
    assert [meter.device.id for meter in roots(tree_of(site.bridge))] == [1]


def test_a_board_is_the_meter_next_to_the_top_that_has_others_below_it(site: Stage):
    assert {part.device.id: part.board for part in parts_of(tree_of(site.bridge))} == {1: 1, 2: 2, 3: 2}


def test_a_silent_meter_in_the_middle_leaves_what_those_below_it_tell(site: Stage):
    site.publishes(2, quantities=POWER, values_n=(None,), trouble=trouble(), state="communication_error")
    assert parts(site) == [(1, 45_000, True), (3, 5_000, False)]


def test_the_power_of_a_silent_meter_at_the_top_is_that_of_those_below_it(site: Stage):
    site.publishes(1, quantities=POWER, values_n=(None,), trouble=trouble(), state="communication_error")
    tree = tree_of(site.bridge)
    assert (tree[1].own_n, tree[1].power_n, tree[1].rest_n) == (None, 20_000, None)
    assert parts(site) == [(2, 15_000, True), (3, 5_000, False)]


def test_what_is_below_a_meter_that_is_off_goes_on_to_the_one_above(site: Stage):
    devices = tuple(replace(each, on=each.id != 2) for each in site.installation.devices)
    site.installation = replace(site.installation, devices=devices)
    tree = tree_of(site.bridge)
    assert tree[3].above == 1 and 2 not in tree


def test_where_meters_below_count_instead_of_the_one_above_its_rest_is_part_of_the_site(site: Stage):
    first, second, third = site.installation.devices
    devices = (replace(first, excluded=True), replace(second, excluded=False), third)
    site.installation = replace(site.installation, devices=devices)
    assert parts(site) == [(1, 30_000, True), (2, 15_000, True), (3, 5_000, False)]


def test_a_tree_of_which_nothing_counts_is_no_part_of_the_site(site: Stage):
    devices = tuple(replace(each, excluded=True) for each in site.installation.devices)
    site.installation = replace(site.installation, devices=devices)
    assert parts(site) == [] and len(tree_of(site.bridge)) == 3


def test_the_tree_is_told_by_the_api(site: Stage):
    told = {each["id"]: each for each in site.get("/api/v1/meters").json}
    assert told[1] == {
        "id": 1, "name": site.installation.devices[0].name, "above": None, "counts": True, "below": [2],
        "power_w": 5000, "below_w": 2000, "rest_w": 3000,
    }  # fmt: skip
    assert (told[3]["above"], told[3]["rest_w"]) == (2, None)
