"""Which registers are read together."""

from runtime.core.decode.readplan import plan
from runtime.core.map.devicemap import parse_map

HEAD = {"id": "acme-m3", "title": "ACME M3", "source": "ACME list", "trust": "published"}
LIVE = [
    f"{stem}_l{n}_{unit}"
    for stem, unit in (("voltage", "v"), ("current", "a"), ("active_power", "w"))
    for n in (1, 2, 3)
]


def reads(*rows, overhead=14, **head):
    """(address, words, kind) of each read; rows are (quantity, address) or (quantity, address, keys)"""
    fields = [
        {"quantity": quantity, "at": at, **({} if "space" in rest else {"type": "u16"}), **rest}
        for quantity, at, rest in ((*row, {})[:3] for row in rows)
    ]
    found = plan(parse_map({**HEAD, **head, "field": fields}, file="acme.toml"), overhead)
    return [(stretch.at, stretch.words, stretch.kind) for stretch in found]


def live(*addresses):
    return list(zip(LIVE, addresses, strict=False))


def test_neighbours_are_read_together():
    assert reads(*live(10, 11, 12)) == [(10, 3, "live")]


def test_a_gap_is_read_over_when_that_is_cheaper_than_another_read():
    assert reads(*live(0, 14)) == [(0, 15, "live")]
    assert reads(*live(0, 16)) == [(0, 1, "live"), (16, 1, "live")]
    assert reads(*live(0, 2), overhead=0) == [(0, 1, "live"), (2, 1, "live")]


def test_no_read_is_longer_than_the_device_allows():
    assert reads(*live(0, 1, 2, 3), max_words=2) == [(0, 2, "live"), (2, 2, "live")]


def test_no_read_crosses_a_break():
    assert reads(*live(0, 1, 2, 3), breaks=[2]) == [(0, 2, "live"), (2, 2, "live")]


def test_a_device_that_refuses_holes_is_asked_only_for_what_it_has():
    assert reads(*live(0, 1, 3), gap_words=0) == [(0, 2, "live"), (3, 1, "live")]
    assert reads(*live(0, 1, 3), gap_words=1) == [(0, 4, "live")]


def test_energies_between_live_values_come_with_them():
    assert reads(("voltage_l1_v", 0), ("active_energy_import_wh", 1), ("voltage_l2_v", 2)) == [(0, 3, "live")]


def test_energies_apart_are_read_by_themselves():
    assert reads(("voltage_l1_v", 0), ("active_energy_import_wh", 40)) == [(0, 1, "live"), (40, 1, "energy")]


def test_parameters_are_not_read_with_every_live_value():
    parameter = ("ct_ratio", 3, {"role": "parameter"})
    assert reads(("voltage_l1_v", 0), parameter, overhead=1) == [(0, 1, "live"), (3, 1, "parameter")]


def test_all_of_one_value_comes_in_one_read():
    assert reads(("active_power_w", 0, {"sign_at": 60}), overhead=0) == [(0, 61, "live")]


def test_each_space_is_read_with_its_own_function():
    rows = [
        ("voltage_l1_v", 0),
        ("voltage_l2_v", 1, {"space": "input", "type": "u16"}),
        ("input_1_state", 0, {"space": "coil"}),
    ]
    assert reads(*rows) == [(0, 1, "live"), (1, 1, "live"), (0, 1, "live")]


def test_the_cheapest_of_all_cuts_is_found():
    """Filled from the left, the first read would be 0 to 12 and pay for nine registers that nobody wants."""
    assert reads(*live(0, 10, 11, 12, 13), max_words=13) == [(0, 1, "live"), (10, 4, "live")]


def test_links_and_harmonics_do_not_hold_up_what_is_live():
    assert reads(("breaker_state", 0), ("link_1_state", 0x100), ("harmonic_voltage_l1_3_pct", 0x200)) == [
        (0, 1, "live"), (0x100, 1, "slow"), (0x200, 1, "slow"),
    ]  # fmt: skip
