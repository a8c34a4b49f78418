"""Each kind of value has a version, and a kind whose shape changes gets a new one."""

from __future__ import annotations

from dataclasses import fields

import pytest

from actors.automation.automations import Kept
from runtime.core.access.access import Browser, Session, Token, User
from runtime.core.access.delays import Bucket, Delay
from runtime.core.access.screen import Screen
from runtime.core.alert.alert import AlertSpec
from runtime.core.alert.message import Entry, Message
from runtime.core.alert.outlet import OutletSpec
from runtime.core.automation.spec import AutomationSpec
from runtime.core.budget.budget import BudgetSpec
from runtime.core.charging.spec import CircuitSpec, StationSpec
from runtime.core.charging.station.session import ChargeSession
from runtime.core.energy.candidate import Candidate
from runtime.core.energy.corrections import Correction
from runtime.core.energy.displaycheck import DisplayCheck
from runtime.core.energy.ledger import Former, LedgerState
from runtime.core.machine import ClockSetting, Interface, NetworkSetting
from runtime.core.modbus.serverresource import ModbusServerSpec
from runtime.core.ocpp.resource import OcppServerSpec
from runtime.core.site.audit import AuditEntry
from runtime.core.site.diff import Change
from runtime.core.site.installation import (
    FIELDS,
    Assignment,
    BoardSpec,
    DeviceSpec,
    GatewaySpec,
    GroupSpec,
    Installation,
    LoadSpec,
    ZoneSince,
    as_record,
)
from runtime.core.site.resources import RESOURCES
from runtime.core.tariff.contract import ContractSpec
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.core.threshold.threshold import ThresholdSpec
from runtime.core.view import Outcome
from runtime.errors import InvariantBroken
from runtime.store.env import TREES
from runtime.store.migration.versions import KIND_OF_TREE, NEWEST, describe_key, kind_at, newest_of, record_kind
from runtime.store.object.chats import Chat, Chats
from runtime.store.upkeep.backupmedium import Medium

# What lies in the store is made of these. Whoever changes one raises the version of its kind in versions.py, adds a
# step to steps.py, and notes version and fields here: docs/records.md.
SHAPES = (
    (
        "ledger",
        3,
        LedgerState,
        "ts_ms raw_n total_n edge_ts edge_total_n quality rollovers held former unmoved_n dip_ms "
        "glitch_ms pace moved_ts paused falls doubted_ms again_ts",
    ),
    ("ledger", 3, Former, "ts_ms raw_n total_n"),
    ("ledger", 3, Candidate, "readings is_home count"),
    (
        "installation",
        12,
        Installation,
        "version site zone currency interval_s gateways devices loads groups tariffs rules "
        "former_tariffs assignments gas_wh_per_m3 gas_factors zones boards edition language connections_per_host "
        "doubted used supply_contracts thresholds modbus_servers ocpp_servers charging_circuits charging_stations "
        "outlets alerts automations budgets",
    ),
    (
        "installation",
        12,
        CircuitSpec,
        "id name meter available_ma charging_ma on hysteresis_pct first_step_pct second_step_pct guaranteed_mah "
        "hard_limit parent allocation others_ma pause_s turn_s lost_s",
    ),
    ("installation", 12, ContractSpec, "id name device since prices subscription prorata"),
    ("installation", 12, ThresholdSpec, "id name device quantity value direction for_s hysteresis on"),
    ("installation", 12, OutletSpec, "id name kind on link parameters"),
    ("installation", 12, AlertSpec, "id group outlet recipients subject severity quiet_from quiet_to on"),
    (
        "installation",
        12,
        AutomationSpec,
        "id name source action device quantity tariff alarm sign value start end days target command pulse_s outlet "
        "recipients text on",
    ),
    ("automation", 1, Kept, "holds pulse_until_ms"),
    ("installation", 12, BudgetSpec, "id name kind fluid device load measure_group period amount hours on"),
    ("installation", 12, StationSpec, "id device circuit wiring priority rated_ma fallback_ma watchdog_s"),
    (
        "installation",
        12,
        ModbusServerSpec,
        "id on host port clients connections idle_s gateway units rate_per_s name write_units",
    ),
    ("installation", 12, OcppServerSpec, "id on host port tls free badges name"),
    ("installation", 12, GatewaySpec, "id name url on description timeout_ms board eq_device local most_polls_per_s"),
    (
        "installation",
        12,
        DeviceSpec,
        "id name gateway unit model on load groups excluded supply "
        "parameters number position side phase interface labels exclude_alerts confirmed trial_until_ts power_sign "
        "above",
    ),
    ("installation", 12, LoadSpec, "id name on predefined"),
    ("installation", 12, BoardSpec, "id name description on"),
    ("installation", 12, GroupSpec, "id name description on"),
    ("installation", 12, Assignment, "device from_ts load groups excluded gone"),
    ("installation", 12, ZoneSince, "zone from_ts"),
    ("installation", 12, TariffSpec, "id name fluid colour prices former unpriced"),
    ("installation", 12, Price, "version amount_u since"),
    ("installation", 12, RuleSpec, "id tariff first last repeat start end days default"),
    (
        "chargesession",
        1,
        ChargeSession,
        "station device began_ts_ms ended_ts_ms seen_ts_ms charged_mas energy_n register_n parts charging_ms draws "
        "pauses phases rfid ended_by starts_ts_ms allowed priority",
    ),
    ("audit", 1, AuditEntry, "version ts_ms author changes source undoes"),
    ("audit", 1, Change, "kind id name action fields"),
    ("user", 1, User, "id name rights index code enabled factory version"),
    (
        "session",
        2,
        Session,
        "id key user csrf began_ts seen_ts pin_ts ends_ts address browser agent wrong watched_until_ts",
    ),
    ("browser", 1, Browser, "id key user began_ts used_ts address wrong agent"),
    ("token", 2, Token, "id name key rights by made_ts ends_ts screen"),
    ("token", 2, Screen, "pages turn_s theme dark_from_min dark_until_min"),
    ("delay", 1, Delay, "wrong last_ms until_ms known_ms"),
    ("delay", 1, Bucket, "level ts_ms"),
    (
        "correction",
        1,
        Correction,
        "id device quantity start_ts end_ts delta_n author reason made_ms taken_back_ms taken_back_by",
    ),
    (
        "displaycheck",
        1,
        DisplayCheck,
        "device quantity shown_n digit_n index_n read_ms checked_ms author result numerator denominator "
        "other_device other_quantity power",
    ),
    (
        "message",
        1,
        Message,
        "id outlet recipient subject created_ms entries more not_before_ms begun attempts next_ms code detail",
    ),
    ("message", 1, Entry, "key state at_ms since_ms kind severity name position text path"),
    ("chats", 1, Chats, "after chats"),
    ("chats", 1, Chat, "recipient name since_ts on"),
    ("settings medium", 1, Medium, "folder every_days keep"),
    ("archive outcomes", 1, Outcome, "job at_ms code detail"),
    ("machine clock", 1, ClockSetting, "automatic server"),
    ("machine before", 1, Interface, "name mac state profile wanted now"),
    ("machine before", 1, NetworkSetting, "method address gateway dns"),
)


def shape(made: type) -> str:
    """Of what is kept of it: fields of the class; of the installation its own, and a list of each other resource."""
    if made is Installation:
        return " ".join([*as_record(Installation()), *(each.plural for each in RESOURCES if each.plural not in FIELDS)])
    names = made._fields if issubclass(made, tuple) else [field.name for field in fields(made)]
    return " ".join(names)


def test_every_resource_is_noted_here():
    noted = {made for kind, _, made, _ in SHAPES if kind == "installation"}
    assert {resource.spec for resource in RESOURCES} <= noted


@pytest.mark.parametrize(
    ("kind", "version", "made", "expected"), SHAPES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_kind_whose_fields_change_gets_a_new_version(kind, version, made, expected):
    assert (newest_of(kind), shape(made)) == (version, expected), "docs/records.md says what to do"


def test_every_tree_and_every_kind_has_a_version():
    assert {*KIND_OF_TREE, "records"} == set(TREES)
    assert set(KIND_OF_TREE.values()) <= set(NEWEST) and min(NEWEST.values()) >= 1
    with pytest.raises(InvariantBroken, match="no version"):
        newest_of("color")


def test_the_kind_of_a_value_follows_from_where_it_lies():
    assert kind_at("checkpoints", b"\0" * 6) == "ledger"
    assert kind_at("records", b"user\0         3") == "user"
    assert kind_at("records", b"settings\0medium") == record_kind("settings", "medium") == "settings medium"
    assert kind_at("records", b"color\0         1") not in NEWEST


def test_a_value_is_named_by_what_it_is():
    assert describe_key("ledger", b"\0\7") == "ledger: device 7"
    assert describe_key("records", b"installation\0now") == "records: installation now"
    assert describe_key("events", b"\1\2") == "events: 0102"
