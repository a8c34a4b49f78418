"""What must hold for tariffs and cost rules as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from runtime.core.site.installation import Installation
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import FLUIDS, MOST_PRICES, MOST_TARIFFS, TariffSpec

MOST_RULES = 100  # of one fluid

Tell = Callable[..., None]  # (kind, id, key, code, message, hint)


def check_billing(whole: Installation, tell: Tell) -> None:
    for fluid in FLUIDS:
        _check_tariffs([tariff for tariff in whole.tariffs if tariff.fluid == fluid], tell)
    _check_rules(whole, tell)


def _check_tariffs(listed: Sequence[TariffSpec], tell: Tell) -> None:
    """Those of one fluid."""
    for tariff in listed[MOST_TARIFFS:]:
        message = f"{tariff.fluid} has more than {MOST_TARIFFS} tariffs"
        tell("tariff", tariff.id, "fluid", "tariffs_too_many", message)
    for tariff in listed:
        since = Counter(price.since for price in tariff.prices)
        if len(tariff.prices) > MOST_PRICES:
            message = f"{len(tariff.prices)} prices, {MOST_PRICES} at most"
            tell("tariff", tariff.id, "prices", "prices_too_many", message)
        if since[""] > 1:
            hint = "say from which day the others hold"
            tell("tariff", tariff.id, "prices", "price_undated", "only one price needs no date", hint)
        for day, times in since.items():
            if day and times > 1:
                tell("tariff", tariff.id, "prices", "price_doubled", f"{times} prices hold from {day} on")


def _check_rules(whole: Installation, tell: Tell) -> None:
    fluids = {tariff.id: tariff.fluid for tariff in whole.tariffs}
    count: Counter[str] = Counter()
    for rule in whole.rules:
        fluid = fluids.get(rule.tariff)
        if fluid is None:
            if rule.tariff:
                tell("rule", rule.id, "tariff", "tariff_unknown", f"there is no tariff {rule.tariff}")
            continue
        count[fluid] += 1
        if count[fluid] == MOST_RULES + 1:
            tell("rule", rule.id, "tariff", "rules_too_many", f"{fluid} has more than {MOST_RULES} rules")
        count[f"default {fluid}"] += rule.default
        if rule.default and count[f"default {fluid}"] > 1:
            tell("rule", rule.id, "default", "default_taken", f"{fluid} has a default rule already")
        _check_rule(rule, tell)


def _check_rule(rule: RuleSpec, tell: Tell) -> None:
    plain = RuleSpec(rule.id, rule.tariff, last=rule.last, default=True)
    if rule.default and rule != plain:
        hint = "it may have a last day ('to'), nothing else"
        tell("rule", rule.id, "default", "default_conditional", "a default rule is always true", hint)
    if rule.repeat and not (rule.first and rule.last):
        message = "what is repeated every year needs a date or a period"
        tell("rule", rule.id, "repeat", "repeat_undated", message)
    if rule.first and rule.last and rule.last < rule.first and not rule.repeat:
        tell("rule", rule.id, "to", "rule_ends_early", f"ends on {rule.last}, before it begins")
