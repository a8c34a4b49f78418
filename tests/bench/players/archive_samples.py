"""Four weeks of one device as meters give them, seeded: 8 counters of whole Wh (index and energy), 24 gauges."""

from __future__ import annotations

import math
import random

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.store.sample.blocks import SPAN_S, block_start

STEP_S = 600
SLOTS = SPAN_S // STEP_S
FIRST_TS = block_start(1_500_000_000)
COUNTERS = [id for id, quantity in QUANTITIES.items() if quantity.kind == "counter"][:8]
_POWERS = ("active_power_w", "active_power_l1_w", "active_power_l2_w", "active_power_l3_w")
_CURRENTS = ("current_l1_a", "current_l2_a", "current_l3_a")
_VOLTAGES = ("voltage_l1_v", "voltage_l2_v", "voltage_l3_v")
_OTHERS = (("power_factor", 970, 5), ("frequency_hz", 50_000, 15), ("thd_voltage_l1_pct", 350, 40))
COLUMNS = 2 * len(COUNTERS) + 2 * len(_POWERS + _CURRENTS + _VOLTAGES) + 4


def span(device: int, number: int, before_n: dict[str, int]) -> dict[tuple[str, str], list[int]]:
    """Columns of the four weeks with that number; ``before_n`` holds the indexes and goes along."""
    dice = random.Random(device * 10_000 + number)
    columns: dict[tuple[str, str], list[int]] = {}
    load_w = _load(dice, 500 + 300 * (device % 20))
    for at, counter in enumerate(COUNTERS):
        share = (1.0, 0.4, 0.3, 0.3, 0.2, 0.1, 0.1, 0.05)[at]
        columns[counter, "index"], columns[counter, "energy"] = _counted(dice, load_w, share, before_n, counter)
    for at, power in enumerate(_POWERS):
        mean = [round(w * 10 * (1.0, 0.4, 0.35, 0.25)[at] * dice.gauss(1, 0.002)) for w in load_w]
        columns[power, "mean"] = mean
        columns[power, "max"] = [round(n * dice.uniform(1.0, 1.15) / 10) * 10 for n in mean]
    for at, current in enumerate(_CURRENTS):
        columns[current, "mean"] = [round(w * (0.4, 0.35, 0.25)[at] / 0.23 * dice.gauss(1, 0.003)) for w in load_w]
        columns[current, "max"] = [round(n * 1.1 / 10) * 10 for n in columns[current, "mean"]]
    for voltage in _VOLTAGES:
        mean = [round(23_000 + 80 * math.sin(i / 80) + dice.gauss(0, 40)) for i in range(SLOTS)]
        columns[voltage, "mean"], columns[voltage, "min"] = mean, [n // 10 * 10 - 50 for n in mean]
    for quantity, middle, spread in _OTHERS:
        columns[quantity, "mean"] = [round(dice.gauss(middle, spread)) for _ in range(SLOTS)]
    columns["temperature_c", "mean"] = [round(2_000 + 300 * math.sin(i / 23) + dice.gauss(0, 5)) for i in range(SLOTS)]
    return columns


def _load(dice: random.Random, base_w: float) -> list[float]:
    """A working day's shape, drift and something that switches."""
    drift, switched, load = 0.0, 0, []
    for i in range(SLOTS):
        drift = drift * 0.97 + dice.gauss(0, 0.06)
        if dice.random() < 0.03:
            switched = dice.choice((0, 1, 2))
        shape = 0.3 + 0.7 * max(0.0, math.sin(i % 144 / 144 * math.pi))
        load.append(max(0.0, base_w * shape * (1 + 0.15 * drift) + switched * base_w * 0.2))
    return load


def _counted(
    dice: random.Random, load_w: list[float], share: float, before_n: dict[str, int], counter: str
) -> tuple[list[int], list[int]]:
    """(index at the end of each slot in whole Wh, energy as the ledger interpolates it), in thousandths."""
    true_n, edge_n = before_n.get(counter, 10**10), before_n.get(f"{counter} edge", 10**10)
    indexes, energies = [], []
    for w in load_w:
        true_n += round(w * share * 1000 / 6 * dice.gauss(1, 0.005))
        index_n = true_n // 1000 * 1000
        after_n = (true_n + round(w * share * 1000 * 4 / 3600)) // 1000 * 1000
        now_n = index_n + (after_n - index_n) * 3 // 7
        indexes.append(index_n)
        energies.append(now_n - edge_n)
        edge_n = now_n
    before_n[counter], before_n[f"{counter} edge"] = true_n, edge_n
    return indexes, energies
