"""Tariffs, cost rules and what is computed with them."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

CODES = (
    Code(
        "tariffs_too_many",
        refusal=Advice(N_("There are five tariffs of this kind already."), N_("Erase one that is not needed.")),
    ),
    Code("prices_too_many", refusal=Advice(N_("A tariff has five prices at most."), N_("Erase an old one."))),
    Code(
        "price_undated", refusal=Advice(N_("Only one price needs no date."), N_("Say from which day the others hold."))
    ),
    Code("price_doubled", refusal=Advice(N_("Two prices hold from the same day on."), N_("Give each its own day."))),
    Code("tariff_unknown", refusal=Advice(N_("This tariff is not there any more."), N_("Choose another one."))),
    Code(
        "rules_too_many",
        refusal=Advice(N_("There are too many cost rules of this kind."), N_("Erase one that is not needed.")),
    ),
    Code("default_taken", refusal=Advice(N_("There is a default rule of this kind already."), N_("One is the most."))),
    Code(
        "default_conditional",
        refusal=Advice(N_("A default rule is always true."), N_("It may have a last day, nothing else.")),
    ),
    Code(
        "repeat_undated",
        refusal=Advice(
            N_("What is repeated every year needs a date or a period."), N_("Give it a first and a last day.")
        ),
    ),
    Code("rule_ends_early", refusal=Advice(N_("The rule ends before it begins."), N_("Choose a later last day."))),
    Code(
        "gas_unscaled",
        refusal=Advice(
            N_("This gas cannot be shown as energy."), N_("Set the gas factor under Bill of consumptions first.")
        ),
    ),
    Code(
        "tariff_in_use",
        refusal=Advice(N_("Cost rules use this tariff."), N_("Delete these rules, or give them another tariff.")),
    ),
    Code(
        "recompute_busy",
        refusal=Advice(N_("Another computation of costs is at work."), N_("Wait until it is done, or cancel it.")),
        status=409,
    ),
    Code(
        "recompute_empty",
        refusal=Advice(N_("These days cannot be computed."), N_("Choose a first day that is not after the last one.")),
        field="to",
    ),
    Code("costs_recomputed", event=N_("Costs are computed anew")),
)
