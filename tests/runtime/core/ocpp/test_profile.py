"""Profiles as OCPP writes them; that they fit the schemas of both versions is held against those of the package."""

import asyncio

import pytest
from ocpp.charge_point import remove_nones, snake_to_camel_case
from ocpp.messages import Call, validate_payload

from runtime.core.ocpp.profile import EARLY_S, as_1_6, as_2_0_1, lease_end, leased_profile, safe_profile

TS = 1_773_223_080  # 2026-03-11T09:58:00Z


def test_the_safe_current_is_a_default_at_the_lowest_level_without_an_end():
    made = as_1_6(safe_profile(2, 6_000))
    period = {"start_period": 0, "limit": 6.0}
    assert made == {
        "charging_profile_id": 21, "stack_level": 0, "charging_profile_purpose": "TxDefaultProfile",
        "charging_profile_kind": "Relative",
        "charging_schedule": {"charging_rate_unit": "A", "charging_schedule_period": [period]},
    }  # fmt: skip


def test_a_limit_lies_above_it_belongs_to_the_transaction_and_ends_by_itself():
    made = as_1_6(leased_profile(1, 13_750, 30, TS, transaction=7))
    assert (made["charging_profile_purpose"], made["stack_level"], made["transaction_id"]) == ("TxProfile", 1, 7)
    assert made["valid_to"] == "2026-03-11T09:58:28Z"
    schedule = made["charging_schedule"]
    assert (schedule["start_schedule"], schedule["duration"]) == ("2026-03-11T09:57:58Z", 30)
    assert schedule["charging_schedule_period"] == [{"start_period": 0, "limit": 13.7}]


def test_a_limit_ends_no_later_than_its_watchdog():
    profile = leased_profile(1, 10_000, 30, TS, None)
    assert lease_end(profile, TS, now=100.0) == 100.0 + 30 - EARLY_S


def test_each_kind_at_each_connector_has_a_number_of_its_own():
    made = [
        profile.id
        for connector in (1, 2)
        for profile in (
            safe_profile(connector, 6_000),
            leased_profile(connector, 6_000, 30, TS, None),
            leased_profile(connector, 6_000, 30, TS, "tx"),
        )
    ]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("limit_ma", [0, 6_000, 13_750, 80_000])
@pytest.mark.parametrize("transaction", [None, 7])
def test_they_fit_the_schemas_of_both_versions(limit_ma, transaction):
    profile = leased_profile(1, limit_ma, 30, TS, transaction)
    _check("1.6", {"connector_id": 1, "cs_charging_profiles": as_1_6(profile)})
    text = leased_profile(1, limit_ma, 30, TS, None if transaction is None else "tx-7")
    _check("2.0.1", {"evse_id": 1, "charging_profile": as_2_0_1(text)})
    _check("2.0.1", {"evse_id": 1, "charging_profile": as_2_0_1(safe_profile(1, limit_ma))})


def _check(version, payload):
    call = Call("1", "SetChargingProfile", remove_nones(snake_to_camel_case(payload)))
    asyncio.run(validate_payload(call, version))
