"""The installation that a master of a scenario needs."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.core.site.defaults import mark_predefined
from runtime.core.site.installation import DeviceSpec, GatewaySpec, GroupSpec, Installation, LoadSpec
from simulator.play.site import address
from simulator.scenario.plan import DevicePlan, Scenario


def installation(scenario: Scenario) -> Installation:
    """Ids count from 1 in the order of the scenario."""
    gateways = {plan.name: number for number, plan in enumerate(scenario.gateways, 1)}
    loads = {name: number for number, (name, _) in enumerate(scenario.loads, 1)}
    groups = {name: number for number, (name, _) in enumerate(scenario.groups, 1)}
    return Installation(
        site=scenario.name,
        zone=scenario.zone,
        currency=scenario.currency,
        interval_s=scenario.interval_s,
        gateways=tuple(
            GatewaySpec(gateways[plan.name], plan.name, address(plan), description=plan.description)
            for plan in scenario.gateways
        ),
        devices=tuple(
            DeviceSpec(
                id=number,
                name=plan.name,
                gateway=gateways[plan.gateway],
                unit=plan.unit,
                model=plan.model,
                load=loads.get(plan.load, 0),
                groups=tuple(groups[name] for name in plan.groups),
                excluded=plan.excluded,
                parameters=dict(plan.parameters),
                number=plan.number,
                position=plan.position,
                side=plan.side,
                phase=plan.phase if plan.number else 0,
                interface=plan.interface,
                labels=dict(plan.labels),
                confirmed=plan.confirmed,
                above=_above(plan, scenario.devices),
            )
            for number, plan in enumerate(scenario.devices, 1)
        ),
        loads=mark_predefined(LoadSpec(loads[name], name, on) for name, on in scenario.loads),
        groups=tuple(GroupSpec(groups[name], name, description) for name, description in scenario.groups),
        tariffs=scenario.billing.tariffs,
        rules=scenario.billing.rules,
        used=dict(scenario.billing.used),
    )


def _above(plan: DevicePlan, plans: Sequence[DevicePlan]) -> int:
    """Number of the device that measures the least beyond all that this one measures, 0 = none."""
    mine = set(plan.branches)
    wider = [
        (len(other.branches), number) for number, other in enumerate(plans, 1) if mine and mine < {*other.branches}
    ]
    return min(wider, default=(0, 0))[1]
