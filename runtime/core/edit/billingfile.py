"""Tariffs and cost rules in an installation file: read, checked, merged into what is there, written back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from runtime.core.site.billingschema import RULE, TARIFF, iso
from runtime.core.site.installation import Installation
from runtime.core.site.schema import Row, missing_keys
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import LAST_VERSION, Price, TariffSpec, amount_text, number_prices, parse_amount
from runtime.errors import Fault


@dataclass(frozen=True, slots=True)
class Billing:
    """What a load makes of tariffs and rules. ``used``: kind -> highest number ever given."""

    tariffs: tuple[TariffSpec, ...] = ()
    former_tariffs: tuple[TariffSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()
    used: dict[str, int] = field(default_factory=dict)


def merge_billing(
    current: Installation,
    tariff_rows: Iterable[Row],
    rule_rows: Iterable[Row],
    file: str,
    faults: list[Fault],
    *,
    replace_all: bool,
) -> Billing:
    """Tariffs match by id, then by fluid and name; rules by id, then by what they say. New rules come first."""
    used = {key: current.used.get(key, 0) for key in ("tariff", "rule", "price")}
    kept = {} if replace_all else {tariff.id: tariff for tariff in current.tariffs}
    for row in tariff_rows:
        tariff = _tariff(row, current, kept, used, file, faults)
        if tariff is not None:
            kept[tariff.id] = tariff
    if used["price"] > LAST_VERSION:
        faults.append(Fault(file, "tariff", f"prices were changed more than {LAST_VERSION} times"))
    rules: dict[int, RuleSpec] = {}
    for row in rule_rows:
        rule = _rule(row, current, kept.values(), used, file, faults)
        if rule is not None:
            rules[rule.id] = rule
    others = [] if replace_all else [rule for rule in current.rules if rule.id not in rules]
    former = {t.id: t for t in (*current.former_tariffs, *current.tariffs) if t.id not in kept}
    return Billing(tuple(kept.values()), tuple(former.values()), (*rules.values(), *others), used)


def tariff_table(tariff: TariffSpec) -> dict[str, object]:
    """A tariff as its table in the file."""
    table: dict[str, object] = {"id": tariff.id, "name": tariff.name, "fluid": tariff.fluid}
    if tariff.colour:
        table["colour"] = tariff.colour
    table["prices"] = [_price_table(price) for price in tariff.prices]
    return table


def rule_table(rule: RuleSpec) -> dict[str, object]:
    """A rule as its table in the file, without what goes without saying."""
    table: dict[str, object] = {"id": rule.id, "tariff": rule.tariff}
    if rule.first and rule.first == rule.last:
        table["date"] = rule.first
    else:
        table |= {key: day for key, day in (("from", rule.first), ("to", rule.last)) if day}
    usual = RuleSpec(rule.id, rule.tariff)
    for key in ("repeat", "start", "end", "days", "default"):
        if getattr(rule, key) != getattr(usual, key):
            table[key] = getattr(rule, key)
    return table


def _tariff(
    row: Row,
    current: Installation,
    kept: Mapping[int, TariffSpec],
    used: dict[str, int],
    file: str,
    faults: list[Fault],
) -> TariffSpec | None:
    values = dict(row.values)
    fluid, name = values.get("fluid", "electricity"), values.get("name")
    same = next((t.id for t in (*kept.values(), *current.tariffs) if (t.fluid, t.name) == (fluid, name)), 0)
    id = values.get("id") or same or _highest(current, used) + 1
    used["tariff"] = max(used["tariff"], id)
    before = kept.get(id) or next((t for t in (*current.tariffs, *current.former_tariffs) if t.id == id), None)
    if before is None and (missing := missing_keys(row, TARIFF, file)):
        faults += missing
        return None
    after = before or TariffSpec(id, values["name"])
    after = replace(after, id=id, **{key: values[key] for key in ("name", "fluid", "colour") if key in values})
    if before is not None and before.fluid != after.fluid:
        faults.append(Fault(file, f"{row.place}.fluid", "a tariff stays with its fluid", "add another tariff"))
    if "prices" in values or "price" in values:
        after = replace(after, prices=tuple(_prices(values)))
    after, used["price"] = number_prices(before, after, used["price"])
    return after


def _highest(current: Installation, used: Mapping[str, int]) -> int:
    return max([used["tariff"], *(tariff.id for tariff in (*current.tariffs, *current.former_tariffs))])


def _prices(values: Mapping[str, Any]) -> Iterable[Price]:
    if "price" in values:
        yield Price(0, parse_amount(values["price"]))
    for row in values.get("prices", ()):
        if isinstance(row, Mapping):
            yield Price(0, parse_amount(row["price"]), iso(row.get("from", "")))
        else:
            yield Price(0, parse_amount(row))


def _price_table(price: Price) -> dict[str, object]:
    table: dict[str, object] = {"price": amount_text(price.amount_u)}
    return table | ({"from": price.since} if price.since else {})


def _rule(
    row: Row, current: Installation, tariffs: Iterable[TariffSpec], used: dict[str, int], file: str, faults: list[Fault]
) -> RuleSpec | None:
    values = {key: value for key, value in row.values.items() if key in ("repeat", "start", "end", "days", "default")}
    days = {
        "first": row.values.get("date", row.values.get("from")),
        "last": row.values.get("date", row.values.get("to")),
    }
    values |= {key: iso(day) for key, day in days.items() if day is not None}
    if "days" in values:
        values["days"] = tuple(values["days"])
    stated = row.values.get("id", 0)
    before = next((rule for rule in current.rules if rule.id == stated), None)
    if before is None and (missing := missing_keys(row, RULE, file)):
        faults += missing
        return None
    if "tariff" in row.values:
        values["tariff"] = _tariff_id(row, list(tariffs), file, faults)
    rule = replace(before, **values) if before else RuleSpec(stated, **values)
    if not rule.id:
        same = next((known.id for known in current.rules if replace(known, id=0) == rule), 0)
        rule = replace(rule, id=same or max([used["rule"], *(known.id for known in current.rules)]) + 1)
    used["rule"] = max(used["rule"], rule.id)
    return rule


def _tariff_id(row: Row, tariffs: list[TariffSpec], file: str, faults: list[Fault]) -> int:
    given, fluid = row.values["tariff"], row.values.get("fluid", "")
    if isinstance(given, int):
        return given
    found = [tariff for tariff in tariffs if tariff.name == given and fluid in ("", tariff.fluid)]
    if len(found) == 1:
        return found[0].id
    place = f"{row.place}.tariff"
    if found:
        faults.append(Fault(file, place, f"there are several tariffs named {given!r}", 'say which: fluid = "gas"'))
    else:
        hint = "the names in use: " + (", ".join(sorted(tariff.name for tariff in tariffs)) or "none")
        faults.append(Fault(file, place, f"there is no tariff named {given!r}", hint))
    return 0
