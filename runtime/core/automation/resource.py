"""Rules that act as a resource: which keys there are, and what cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from runtime.core.alert.alert import a_minute, some_addresses, split_addresses
from runtime.core.alert.outlet import HELD
from runtime.core.automation.condition import limit_n
from runtime.core.automation.conflict import fighting
from runtime.core.automation.spec import (
    ACTIONS,
    ALARM,
    CLOCK,
    DAYS,
    DEVICE,
    MESSAGE,
    SIGNS,
    SOURCES,
    TARIFF,
    AutomationSpec,
)
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.resource.key import Key, Problem, id_key, name_key, one_of, reference_key, switch_key, within
from runtime.core.resource.reference import Reference, Refusal
from runtime.core.resource.resource import Report, Resource, Tree
from runtime.core.text.naming import a_name, a_text, normalise_text

MOST_PULSE_S = 86_400
_TARIFF_HELD = Refusal("in_use", "{count} rules use it", "change or erase them first")


def _a_quantity(value: str) -> Problem:
    good = not value or (value in QUANTITIES and QUANTITIES[value].kind != "text")
    return None if good else ("quantity_unknown", f"{value[:80]!r} is nothing that a rule can compare")


def _a_value(value: str | int | float) -> Problem:
    if isinstance(value, str):
        return a_name(value) if value else None
    return None if isfinite(value) else ("out_of_range", f"{value} is no number to compare with")


def _check(tree: Tree, report: Report) -> None:
    specs = tree.of(AUTOMATION)
    for spec in specs:
        for key, code, message in (*_wrong_frame(spec), *_wrong_source(spec), *_wrong_action(spec)):
            report("automation", spec.id, key, code, message)
    for one, other in fighting(specs):
        message = f"it fights with the rule {one.name!r} over the same output"
        report("automation", other.id, "command", "rules_fight", message, "", (("rule", one.name),))


def _wrong_frame(spec: AutomationSpec) -> Iterator[tuple[str, str, str]]:
    start, end = spec.frame
    if end <= start:
        yield "end", "frame_reversed", f"{spec.end} is not after {spec.start}; midnight is 00:00"


def _wrong_source(spec: AutomationSpec) -> Iterator[tuple[str, str, str]]:
    if spec.source == DEVICE:
        if not spec.quantity:
            yield "quantity", "rule_incomplete", "says no quantity"
        elif limit_n(spec) is None:
            yield "value", "rule_value", f"{spec.value!r} is no value of {spec.quantity}"
        elif QUANTITIES[spec.quantity].kind == "state" and spec.sign not in ("=", "<>"):
            yield "sign", "rule_sign", "states are equal or different, none is above another"
    if spec.source == TARIFF and not spec.tariff:
        yield "tariff", "rule_incomplete", "says no tariff"
    if spec.source == ALARM and not spec.alarm:
        yield "alarm", "rule_incomplete", "says no kind of alarm"
    if spec.source in (TARIFF, ALARM, CLOCK) and spec.sign not in ("=", "<>"):
        yield "sign", "rule_sign", "it is so or not, and never more or less"


def _wrong_action(spec: AutomationSpec) -> Iterator[tuple[str, str, str]]:
    if spec.action == MESSAGE:
        if not spec.outlet:
            yield "outlet", "rule_incomplete", "says no outlet"
        if not spec.text:
            yield "text", "rule_incomplete", "says nothing"
    elif not spec.command:
        yield "command", "rule_incomplete", "says no output"


AUTOMATION = Resource(
    "automation",
    "automations",
    AutomationSpec,
    {
        "id": id_key(),
        "name": name_key(),
        "source": Key((str,), problem=one_of(*SOURCES)),
        "device": reference_key(),
        "quantity": Key((str,), "", _a_quantity),
        "tariff": reference_key(),
        "alarm": Key((str,), "", a_name, tidy=normalise_text, is_blank=True),
        "sign": Key((str,), "=", one_of(*SIGNS)),
        "value": Key((str, int, float), "", _a_value),
        "start": Key((str,), "00:00", a_minute),
        "end": Key((str,), "00:00", a_minute),
        "days": Key((str,), "every", one_of(*DAYS)),
        "action": Key((str,), problem=one_of(*ACTIONS)),
        "target": reference_key(),
        "command": Key((str,), "", a_name, tidy=normalise_text, is_blank=True),
        "pulse_s": Key((int,), 5, within(1, MOST_PULSE_S)),
        "outlet": reference_key(),
        "recipients": Key((str,), "", some_addresses, tidy=lambda text: ", ".join(split_addresses(text))),
        "text": Key((str,), "", a_text, tidy=normalise_text),
        "on": switch_key(),
    },
    references=(
        Reference("device", "device"),
        Reference("target", "device"),
        Reference("tariff", "tariff", held=_TARIFF_HELD),
        Reference("outlet", "outlet", held=HELD),
    ),
    see=("system_configuration", "server_configuration"),
    check=_check,
)
