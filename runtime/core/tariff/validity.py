"""What must hold for tariffs and cost rules as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from runtime.core.resource.resource import Report
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import MOST_PRICES, MOST_TARIFFS, TariffSpec

MOST_RULES = 100  # of one fluid


def check_tariffs(listed: Sequence[TariffSpec], report: Report) -> None:
    """Those of one fluid."""
    for tariff in listed[MOST_TARIFFS:]:
        message = f"{tariff.fluid} has more than {MOST_TARIFFS} tariffs"
        report("tariff", tariff.id, "fluid", "tariffs_too_many", message)
    for tariff in listed:
        since = Counter(price.since for price in tariff.prices)
        if len(tariff.prices) > MOST_PRICES:
            message = f"{len(tariff.prices)} prices, {MOST_PRICES} at most"
            report("tariff", tariff.id, "prices", "prices_too_many", message)
        if since[""] > 1:
            hint = "say from which day the others hold"
            report("tariff", tariff.id, "prices", "price_undated", "only one price needs no date", hint)
        for day, times in since.items():
            if day and times > 1:
                report("tariff", tariff.id, "prices", "price_doubled", f"{times} prices hold from {day} on")


def check_rules(rules: Sequence[RuleSpec], fluids: Mapping[int, str], report: Report) -> None:
    """``fluids``: fluid of each tariff; a rule of another tariff is blamed for its reference."""
    count: Counter[str] = Counter()
    for rule in rules:
        fluid = fluids.get(rule.tariff)
        if fluid is None:
            continue
        count[fluid] += 1
        if count[fluid] == MOST_RULES + 1:
            report("rule", rule.id, "tariff", "rules_too_many", f"{fluid} has more than {MOST_RULES} rules")
        count[f"default {fluid}"] += rule.default
        if rule.default and count[f"default {fluid}"] > 1:
            report("rule", rule.id, "default", "default_taken", f"{fluid} has a default rule already")
        _check_rule(rule, report)


def _check_rule(rule: RuleSpec, report: Report) -> None:
    plain = RuleSpec(rule.id, rule.tariff, last=rule.last, default=True)
    if rule.default and rule != plain:
        hint = "it may have a last day ('to'), nothing else"
        report("rule", rule.id, "default", "default_conditional", "a default rule is always true", hint)
    if rule.repeat and not (rule.first and rule.last):
        message = "what is repeated every year needs a date or a period"
        report("rule", rule.id, "repeat", "repeat_undated", message)
    if rule.first and rule.last and rule.last < rule.first and not rule.repeat:
        report("rule", rule.id, "to", "rule_ends_early", f"ends on {rule.last}, before it begins")
