"""What holds of tariffs and cost rules now, and what is odd about them."""

from __future__ import annotations

from runtime.core.clock.timegrid import local
from runtime.core.site.installation import Installation
from runtime.core.tariff.rules import RuleSpec, tariffs_by_fluid
from runtime.core.tariff.tariffs import FLUIDS
from runtime.core.tariff.warnings import Gap, gaps, warnings
from webui.model.bridge import Bridge

SEE_BILLS = (("consumptions", "see"), ("panel_board", "see"), ("system_configuration", "see"))
ACT_BILLS = (("system_configuration", "act"),)


def rules_in_force(bridge: Bridge) -> tuple[RuleSpec, ...]:
    """The rule of each fluid that is true now; none of a fluid where no rule is."""
    installation, now_ts = bridge.installation(), bridge.clock.now_ts()
    compiled = tariffs_by_fluid(installation.tariffs, installation.rules, bridge.zone)
    held = {rules.rule_of(now_ts) for rules in compiled.values()}
    return tuple(rule for rule in installation.rules if rule.id in held)


def rules_of(installation: Installation, fluid: str) -> tuple[RuleSpec, ...]:
    of = {tariff.id for tariff in installation.tariffs if tariff.fluid == fluid}
    return tuple(rule for rule in installation.rules if rule.tariff in of)


def gaps_by_fluid(bridge: Bridge) -> dict[str, list[Gap]]:
    site, today = bridge.installation(), local(bridge.clock.now_ts(), bridge.zone).date()
    listed = {fluid: rules_of(site, fluid) for fluid in FLUIDS}
    return {fluid: gaps(site.tariffs, rules, bridge.zone, today) for fluid, rules in listed.items() if rules}


def warnings_of(bridge: Bridge, fluid: str) -> dict[int, str]:
    """Rule -> why it does not hold from today on."""
    site, today = bridge.installation(), local(bridge.clock.now_ts(), bridge.zone).date()
    return warnings(site.tariffs, rules_of(site, fluid), bridge.zone, today)
