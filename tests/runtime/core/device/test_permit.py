"""What may be written to a wire, and until when."""

import ast

import pytest

from runtime.core.device.permit import MOST_TRIAL_S, Permit, is_on_trial, permit_for, permit_for_master
from runtime.core.modbus.request import Request
from runtime.core.site.installation import DeviceSpec
from runtime.errors import WattkeeperError
from tests.sources import PRODUCT, nodes, paths, place

NOW_TS = 1_780_000_000


def device(trial_until_ts=0):
    return DeviceSpec(7, "Door", 1, 3, "legrand-026136", trial_until_ts=trial_until_ts)


@pytest.mark.parametrize("trust", ["published", "field"])
def test_a_known_map_may_write(trust):
    assert permit_for(device(), 3, trust, NOW_TS, demo=False) == Permit(7, 3)


def test_a_provisional_map_may_not_write():
    with pytest.raises(WattkeeperError) as refused:
        permit_for(device(), 3, "provisional", NOW_TS, demo=False)
    assert refused.value.code == "map_provisional"


def test_a_trial_lets_it_write_until_it_ends():
    permit = permit_for(device(NOW_TS + 60), 3, "provisional", NOW_TS, demo=False)
    assert permit == Permit(7, 3, NOW_TS + 60)
    with pytest.raises(WattkeeperError):
        permit_for(device(NOW_TS), 3, "provisional", NOW_TS, demo=False)


def test_a_trial_without_a_near_end_is_none():
    assert is_on_trial(device(NOW_TS + MOST_TRIAL_S), NOW_TS)
    assert not is_on_trial(device(NOW_TS + MOST_TRIAL_S + 1), NOW_TS)


def test_the_demo_writes_to_nothing_real():
    assert permit_for(device(), 3, "provisional", NOW_TS, demo=True) == Permit(7, 3)


def test_a_permit_is_for_one_unit_and_ends():
    permit = Permit(7, 3, NOW_TS + 60)
    write = Request(3, 6, 0, 1, b"\0\1")
    assert permit.allows(write, NOW_TS + 59)
    assert not permit.allows(write, NOW_TS + 60)
    assert not permit.allows(Request(4, 6, 0, 1, b"\0\1"), NOW_TS)
    assert not permit.allows(Request(0, 6, 0, 1, b"\0\1"), NOW_TS)  # a broadcast reaches others too


def test_nobody_else_makes_permits():
    makers = {
        place(path)
        for top in PRODUCT
        for path in paths(top)
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Permit"
    }
    assert makers == {"runtime/core/device/permit.py"}


def test_other_masters_may_write_where_the_settings_say_so_and_nowhere_else():
    assert permit_for_master(3, {3, 5}) == Permit(0, 3) and permit_for_master(4, {3, 5}) is None
