"""Gateways and devices as resources."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from runtime.core.resource.fault import refused
from runtime.core.resource.key import (
    MISSING,
    Key,
    id_key,
    name_key,
    one_of,
    reference_key,
    references_key,
    some_labels,
    some_parameters,
    switch_key,
    text_key,
    within,
)
from runtime.core.resource.reference import Reference, Refusal
from runtime.core.resource.resource import Report, Resource, Tree
from runtime.core.site.metertree import is_in_loop
from runtime.core.site.spec import DeviceSpec, GatewaySpec
from runtime.core.source.scheme import with_scheme
from runtime.core.text.naming import a_name, normalise_text

T = TypeVar("T", bound=Tree)


def _tidy_url(value: str) -> str:
    """An address alone is one of Modbus TCP."""
    url = normalise_text(value)
    return with_scheme(url) if url else url


def _keep_local_address(tree: T, before: GatewaySpec, after: GatewaySpec) -> T:
    if before.local and after.url != before.url:
        message = "the address of the Local gateway is fixed; its serial port is among the Modbus settings"
        raise refused("gateway", before.id, "url", "local_fixed", message)
    return tree


def _keep_local(tree: T, gateway: GatewaySpec) -> T:
    if gateway.local:
        message = "the Local gateway can be switched off, not erased"
        raise refused("gateway", gateway.id, "", "local_kept", message)
    return tree


def _leave_eq_check(tree: T, before: DeviceSpec, after: DeviceSpec) -> T:
    """A device is checked by the gateway that it is behind, and by no other."""
    gateways = tree.of(GATEWAY)
    if all(each.eq_device != after.id or each.id == after.gateway for each in gateways):
        return tree
    left = (
        replace(each, eq_device=0) if each.eq_device == after.id and each.id != after.gateway else each
        for each in gateways
    )
    return tree.having(GATEWAY, left)


def _check_meters_above(tree: Tree, report: Report) -> None:
    """Who measures whom too has an end."""
    devices = {device.id: device for device in tree.of(DEVICE)}
    for device in devices.values():
        if is_in_loop(device, devices):
            report("device", device.id, "above", "meter_loop", "it would be above itself")


GATEWAY = Resource(
    "gateway",
    "gateways",
    GatewaySpec,
    {
        "id": id_key(),
        "name": name_key(""),
        "url": Key((str,), tidy=_tidy_url),
        "on": switch_key(),
        "description": text_key(),
        "timeout_ms": Key((int,), 0, within(0, 10_000)),
        "most_polls_per_s": Key((int,), 0, within(0, 1_000)),
        "board": reference_key(),
        "eq_device": Key((int,), 0, within(0, 9999), is_null=True),
        "local": Key((bool,), False),
    },
    references=(Reference("board", "board"), Reference("eq_device", "device", unseen=True)),
    fixed=("local",),
    see=("panel_board", "system_configuration"),
    unknown="gateway_unknown",
    on_change=_keep_local_address,
    on_erase=_keep_local,
)
DEVICE = Resource(
    "device",
    "devices",
    DeviceSpec,
    {
        "id": id_key(),
        "name": name_key(""),
        "gateway": reference_key(MISSING),
        "unit": Key((int,), problem=within(0, 255)),
        "model": Key((str,), left_out=""),  # a forgotten one is shown as "configuration error"
        "on": switch_key(),
        "load": reference_key(),
        "groups": references_key(),
        "excluded": Key((bool,), False),
        "supply": Key((str,), "upstream", one_of("upstream", "downstream")),
        "parameters": Key((dict,), {}, some_parameters),
        "number": Key((str,), "", a_name, is_null=True),
        "position": Key((int,), 0, within(0, 99), is_null=True),
        "side": Key((str,), "", one_of("", "left", "right"), is_null=True),
        "phase": Key((int,), 0, one_of(0, 1, 2, 3), is_null=True),
        "interface": Key((int,), 0, within(0, 255), is_null=True),
        "labels": Key((dict,), {}, some_labels),
        "exclude_alerts": Key((bool,), False),
        "confirmed": Key((bool,), False),
        "trial_until_ts": Key((int,), 0),
        "power_sign": Key((str,), "normal", one_of("normal", "reversed")),
        "above": reference_key(),
    },
    references=(
        Reference(
            "gateway",
            "gateway",
            held=Refusal("gateway_has_devices", "{count} devices are behind it", "erase or move them first"),
        ),
        Reference("load", "load"),
        Reference("groups", "group", many=True),
        Reference("above", "device"),
    ),
    fixed=("trial_until_ts",),
    see=("panel_board", "system_configuration", "consumptions"),
    check=_check_meters_above,
    on_change=_leave_eq_check,
)
