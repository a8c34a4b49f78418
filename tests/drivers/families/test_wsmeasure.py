import pytest

from drivers.families.wsmeasure import wsmeasure_map
from runtime.core.map.counterfacts import facts_of
from runtime.errors import ConfigError


@pytest.mark.parametrize(
    ("remote_id", "at"), [(10_001, 10_001), ("20003", 20_003), (39_999, 39_999), (29_999, 29_999), ("All", 29_999)]
)
def test_the_remote_id_is_the_address_of_a_64_bit_energy_in_wh(remote_id, at):
    field = wsmeasure_map({"remote_id": remote_id}).fields[0]
    assert (field.quantity, field.space, field.at, field.type, field.scale) == (
        "active_energy_import_wh", "holding", at, "u64", (1, 1),
    )  # fmt: skip


@pytest.mark.parametrize("remote_id", [0, 10_000, 20_000, 30_000, 40_000, 5, -1, "x", "", True, 1.5, "１０００１"])
def test_what_is_no_remote_id_is_refused_with_its_field(remote_id):
    with pytest.raises(ConfigError) as refused:
        wsmeasure_map({"remote_id": remote_id})
    assert [fault.key for fault in refused.value.faults] == ["remote_id"]


def test_a_remote_id_is_needed():
    with pytest.raises(ConfigError):
        wsmeasure_map({})


def test_its_counter_is_a_ledger_that_the_other_server_keeps():
    mapped = wsmeasure_map({"remote_id": 10_001})
    facts, _ = facts_of(mapped.fields, mapped.derived)
    assert facts["active_energy_import_wh"].ledger
