"""What must hold for an installation as a whole, whoever edited it (SYS-1, SYS-4, SYS-10, SYS-12)."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from runtime.core.installation import BoardSpec, DeviceSpec, GatewaySpec, GroupSpec, Installation, LoadSpec
from runtime.core.tariffrules import RuleSpec
from runtime.core.tariffs import FLUIDS, MOST_PRICES, MOST_TARIFFS, TariffSpec
from runtime.errors import Fault

MOST_GROUPS = 5
MOST_RULES = 100  # of one fluid
NEVER_A_LOAD = 9999  # 29999 stands for all electrical loads on the Modbus server

Places = Mapping[tuple[str, int], str]
Tell = Callable[..., None]  # (kind, id, key, message, hint)
Spec = BoardSpec | GatewaySpec | DeviceSpec | LoadSpec | GroupSpec | TariffSpec


def check(
    whole: Installation,
    models: Collection[str],
    schemes: Collection[str],
    file: str,
    places: Places,
    faults: list[Fault],
) -> None:
    """Append every fault found. ``places`` says where in the file an object stands, for the messages."""

    def tell(kind: str, id: int, key: str, message: str, hint: str = "") -> None:
        faults.append(Fault(file, f"{places.get((kind, id), f'{kind} {id}')}.{key}", message, hint))

    for gateway in whole.gateways:
        scheme = gateway.url.partition("://")[0]
        if scheme not in schemes:
            hint = "a URL starts with one of: " + ", ".join(f"{known}://" for known in sorted(schemes))
            tell("gateway", gateway.id, "url", f"{gateway.url!r} has no known scheme", hint)
    for load in whole.loads:
        if load.id == NEVER_A_LOAD:
            tell("load", load.id, "id", f"{NEVER_A_LOAD} is never given to a load")
    for device in whole.devices:
        _check_device(device, whole, models, tell)
    _check_addresses(whole, tell)
    boards = {board.id for board in whole.boards}
    for gateway in whole.gateways:
        if gateway.board and gateway.board not in boards:
            tell("gateway", gateway.id, "board", f"there is no panel board {gateway.board}")
        if gateway.eq_device and all(device.id != gateway.eq_device for device in whole.devices_of(gateway.id)):
            tell("gateway", gateway.id, "eq_device", f"device {gateway.eq_device} is not behind this gateway")
    _check_names("board", whole.boards, tell)
    _check_names("gateway", whole.gateways, tell)
    _check_names("device", whole.devices, tell)
    _check_names("load", whole.loads, tell)
    _check_names("group", whole.groups, tell)
    for fluid in FLUIDS:
        _check_tariffs([tariff for tariff in whole.tariffs if tariff.fluid == fluid], tell)
    _check_rules(whole, tell)


def _check_device(device: DeviceSpec, whole: Installation, models: Collection[str], tell: Tell) -> None:
    if device.model not in models:
        close = difflib.get_close_matches(device.model, list(models), 1)
        hint = f"did you mean {close[0]!r}?" if close else "'wattkeeper models' lists them"
        tell("device", device.id, "model", f"there is no model {device.model!r}", hint)
    if whole.gateway(device.gateway) is None:
        tell("device", device.id, "gateway", f"there is no gateway {device.gateway}")
    if device.load and all(load.id != device.load for load in whole.loads):
        tell("device", device.id, "load", f"there is no load {device.load}")
    if len(device.groups) > MOST_GROUPS:
        tell("device", device.id, "groups", f"{len(device.groups)} groups, {MOST_GROUPS} at most")
    for group in device.groups:
        if all(known.id != group for known in whole.groups):
            tell("device", device.id, "groups", f"there is no group {group}")


def _check_addresses(whole: Installation, tell: Tell) -> None:
    taken: dict[tuple[object, ...], DeviceSpec] = {}
    for device in whole.devices:
        place = (device.gateway, device.unit, device.interface, device.position, device.side)
        other = taken.setdefault(place, device)
        if other is not device:
            message = f"address {device.address} is taken by {other.name!r} on the same gateway"
            tell("device", device.id, "unit", message, "each device on a bus has an address of its own")


def _check_tariffs(listed: Sequence[TariffSpec], tell: Tell) -> None:
    """Those of one fluid."""
    for tariff in listed[MOST_TARIFFS:]:
        tell("tariff", tariff.id, "fluid", f"{tariff.fluid} has more than {MOST_TARIFFS} tariffs")
    for tariff in listed:
        since = Counter(price.since for price in tariff.prices)
        if len(tariff.prices) > MOST_PRICES:
            tell("tariff", tariff.id, "prices", f"{len(tariff.prices)} prices, {MOST_PRICES} at most")
        if since[""] > 1:
            tell("tariff", tariff.id, "prices", "only one price needs no date", "say from which day the others hold")
        for day, times in since.items():
            if day and times > 1:
                tell("tariff", tariff.id, "prices", f"{times} prices hold from {day} on")
    _check_names("tariff", listed, tell)


def _check_rules(whole: Installation, tell: Tell) -> None:
    fluids = {tariff.id: tariff.fluid for tariff in whole.tariffs}
    count: Counter[str] = Counter()
    for rule in whole.rules:
        fluid = fluids.get(rule.tariff)
        if fluid is None:
            if rule.tariff:
                tell("rule", rule.id, "tariff", f"there is no tariff {rule.tariff}")
            continue
        count[fluid] += 1
        if count[fluid] == MOST_RULES + 1:
            tell("rule", rule.id, "tariff", f"{fluid} has more than {MOST_RULES} rules")
        count[f"default {fluid}"] += rule.default
        if rule.default and count[f"default {fluid}"] > 1:
            tell("rule", rule.id, "default", f"{fluid} has a default rule already")
        _check_rule(rule, tell)


def _check_rule(rule: RuleSpec, tell: Tell) -> None:
    plain = RuleSpec(rule.id, rule.tariff, last=rule.last, default=True)
    if rule.default and rule != plain:
        tell("rule", rule.id, "default", "a default rule is always true", "it may have a last day ('to'), nothing else")
    if rule.repeat and not (rule.first and rule.last):
        tell("rule", rule.id, "repeat", "what is repeated every year needs a date or a period")
    if rule.first and rule.last and rule.last < rule.first and not rule.repeat:
        tell("rule", rule.id, "to", f"ends on {rule.last}, before it begins")


def _check_names(kind: str, listed: Sequence[Spec], tell: Tell) -> None:
    first: dict[str, int] = {}
    for spec in listed:
        if spec.name in first:
            tell(kind, spec.id, "name", f"{spec.name!r} is taken by {kind} {first[spec.name]}", "names are unique")
        first.setdefault(spec.name, spec.id)
