"""Energies by Remote ID: booked ones and what was counted since, for devices and for whom they count."""

from dataclasses import replace

from runtime.core.energy.ledgerstate import LedgerState
from runtime.core.modbusserver.liveenergy import ENERGY, BookedEnergy, LiveEnergy
from runtime.core.site.installation import DeviceSpec, GroupSpec, Installation, LoadSpec
from runtime.core.view import DeviceView, Trouble

EDGE_TS, READ_MS = 6_000, 6_060_000
SITE = Installation(
    devices=(
        DeviceSpec(1, "Saws", 1, 1, "m", load=3, groups=(7,)),
        DeviceSpec(2, "Lamps", 1, 2, "m", load=3),
        DeviceSpec(3, "Main", 1, 3, "m", excluded=True),
        DeviceSpec(4, "Water", 1, 4, "w"),
    ),
    loads=(LoadSpec(3, "Production"), LoadSpec(4, "Cooling")),
    groups=(GroupSpec(7, "Hall"),),
)
STATE = LedgerState(EDGE_TS * 1000, 500_000, 90_000, EDGE_TS, 90_000)
BOOKED = BookedEnergy(
    {1: STATE, 2: STATE._replace(total_n=40_000, edge_total_n=40_000), 3: STATE},
    {("all", 0): 130_000, ("load", 3): 130_000, ("load", 4): 0, ("group", 7): 90_000},
)


def views(state="on", **counts):
    known = {
        1: counts.get("saws"), 2: counts.get("lamps"), 3: counts.get("main"),
    }  # fmt: skip
    water = {4: DeviceView(4, "", 1, "on", ("water_dm3",), (5,), (READ_MS,), (0,))}
    return water | {
        id: DeviceView(id, "", 1, state, (ENERGY,), (n,), (READ_MS if n is not None else 0,), (0,))
        for id, n in known.items()
        if n is not None or state != "on"
    }


READ = views(saws=500_700, lamps=500_050, main=500_900)


def energies(live, booked=BOOKED, views=READ, site=SITE):
    return live.energies(site, booked, views.get)


def test_what_was_counted_since_the_last_interval_shows_in_device_load_group_and_total():
    assert energies(LiveEnergy()) == {
        29_999: 130_750, 20_003: 130_750, 20_004: 0, 30_007: 90_700, 10_001: 90_700, 10_002: 40_050, 10_003: 90_900,
    }  # fmt: skip


def test_booking_an_interval_changes_nothing_of_what_is_shown():
    live = LiveEnergy()
    before = energies(live)
    after = BookedEnergy(
        {
            1: LedgerState(READ_MS, 500_700, 90_700, EDGE_TS + 60, 90_700),
            2: LedgerState(READ_MS, 500_050, 40_050, EDGE_TS + 60, 40_050),
            3: LedgerState(READ_MS, 500_900, 90_900, EDGE_TS + 60, 90_900),
        },
        {("all", 0): 130_750, ("load", 3): 130_750, ("load", 4): 0, ("group", 7): 90_700},
    )
    assert energies(live, after) == before


def test_nothing_that_was_given_once_falls():
    live = LiveEnergy()
    before = energies(live)
    fallen = energies(live, views=views(saws=12, lamps=500_050, main=500_900))
    assert fallen == before


def test_after_a_start_an_object_is_unknown_until_each_of_its_devices_was_read_or_is_known_to_be_silent():
    live = LiveEnergy()
    half = energies(live, views=views(saws=500_700))
    assert half[10_001] == half[30_007] == 90_700
    assert half[10_002] is half[20_003] is half[29_999] is None
    silent = {**views(saws=500_700), 2: DeviceView(2, "", 1, "communication_error"), 3: DeviceView(3, "", 1, "off")}
    whole = energies(live, views=silent)
    assert (whole[10_002], whole[20_003], whole[10_003]) == (40_000, 130_700, 90_000)


def test_a_device_without_a_counter_is_no_object():
    assert 10_004 not in energies(LiveEnergy(), BookedEnergy())


def test_a_device_that_was_never_read_is_unknown_and_no_sum_waits_for_it():
    new = energies(
        LiveEnergy(), BookedEnergy(), {1: READ[1], 2: DeviceView(2, "", 1, "unknown", (ENERGY,), (None,), (0,), (0,))}
    )
    assert new[10_001] == new[29_999] == 0
    assert new[10_002] is None


def test_an_energy_that_nobody_can_read_now_is_one_of_the_past_and_sums_go_on_with_it():
    live, refusal = LiveEnergy(), Trouble("exception_2", "", 0)
    dead = DeviceView(2, "", 1, "communication_error", (ENERGY,), (500_050,), (READ_MS,), (0,))
    refused = DeviceView(3, "", 1, "on", (ENERGY,), (None,), (0,), (0,), refusal)
    whole = energies(live, views={1: READ[1], 2: dead, 3: refused})
    assert live.silent == {10_002, 10_003}
    assert (whole[29_999], whole[20_003]) == (130_750, 130_750)
    energies(live)
    assert live.silent == frozenset()


def test_after_a_start_a_reading_that_needs_a_witness_is_waited_with():
    """Else it would give less than the life before, until the next one."""
    live, first = LiveEnergy(), views(saws=900_000, lamps=500_050, main=500_900)
    assert energies(live, views=first)[10_001] is energies(live, views=first)[29_999] is None
    later = DeviceView(1, "", 1, "on", (ENERGY,), (900_100,), (READ_MS + 1_000,), (0,))
    assert energies(live, views={**first, 1: later})[10_001] == 490_000


def test_a_new_device_counts_from_its_first_reading_on_and_booking_its_first_interval_is_no_jump():
    live = LiveEnergy()
    new = energies(live, BookedEnergy())
    assert new[10_001] == new[29_999] == 0
    later = {1: DeviceView(1, "", 1, "on", (ENERGY,), (500_900,), (READ_MS + 1_000,), (0,))}
    before = energies(live, BookedEnergy(), {**READ, **later})
    assert before[10_001] == before[29_999] == before[30_007] == 200
    ledger = LedgerState(READ_MS + 1_000, 500_900, 200, EDGE_TS + 600, 200)
    booked = BookedEnergy({1: ledger}, {("all", 0): 200, ("load", 3): 200, ("group", 7): 200})
    after = energies(live, booked, {**READ, **later})
    assert {id: after[id] for id in (10_001, 29_999, 30_007)} == {id: before[id] for id in (10_001, 29_999, 30_007)}


def test_a_suspect_reading_is_none():
    suspect = {id: replace(view, quality=(3,)) for id, view in READ.items()}
    assert energies(LiveEnergy(), views=suspect)[10_001] is None
