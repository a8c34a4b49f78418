"""Many gateways with one meter each: what a benchmark of polling reads."""

from __future__ import annotations

import datetime

from simulator.plant.plant import BranchSpec
from simulator.scenario.plan import DevicePlan, GatewayPlan, Scenario

BENCH_CACHE_MS = 10_000  # registers are laid out this seldom, so that the slave is never what is measured


def bench_scenario(gateways: int, turnaround_ms: float, base_port: int, model: str, today: datetime.date) -> Scenario:
    """Ports from ``base_port`` on (0: whichever are free), unit 1 on each; the meters count since yesterday."""
    ports = [base_port + number if base_port else 0 for number in range(gateways)]
    names = [f"Meter {number:03d}" for number in range(1, gateways + 1)]
    return Scenario(
        name="Bench",
        zone="UTC",
        currency="EUR",
        interval_s=600,
        seed=1,
        origin=today - datetime.timedelta(days=1),
        gateways=tuple(
            GatewayPlan(f"Gateway {number:03d}", "tcp", "127.0.0.1", port, turnaround_ms=turnaround_ms)
            for number, port in enumerate(ports)
        ),
        branches=tuple(BranchSpec(name, "machines", 40_000) for name in names),
        devices=tuple(
            DevicePlan(name, f"Gateway {number:03d}", 1, model, (name,)) for number, name in enumerate(names)
        ),
    )
