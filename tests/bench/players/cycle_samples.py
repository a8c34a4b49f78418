"""The samples of one cycle for the storage players: 255 devices, 8 counters and 32 gauges each."""

from __future__ import annotations

import random

from actors.message.device import SampleClosed
from runtime.core.quantity.catalogue import QUANTITIES

DEVICES = range(1, 256)
STEP_S = 600
T0 = 1_780_000_200
COUNTERS = [id for id, quantity in QUANTITIES.items() if quantity.kind == "counter"][:8]
GAUGES = tuple(
    (id, statistic)
    for id, quantity in QUANTITIES.items()
    if quantity.kind == "gauge"
    for statistic in ("mean", "min", "max")
)[:32]
_dice = random.Random(1)


def index_n(device: int, counter: int, ts_ms: int) -> int:
    """Ten billion kWh-thousandths to begin with, then up to 28 kW."""
    return 10**13 + device * 10**9 + (ts_ms - T0 * 1000) * (device + counter) * 30 // 1000


def cycle(number: int) -> list[SampleClosed]:
    start_ts = T0 + number * STEP_S
    end_ts = start_ts + STEP_S
    times = [(start_ts - 3) * 1000, (start_ts + 4) * 1000, (end_ts - 3) * 1000, (end_ts + 4) * 1000]
    return [
        SampleClosed(
            device, start_ts, end_ts, GAUGES, tuple(_dice.randrange(10**6) for _ in GAUGES), (0,) * len(GAUGES),
            {q: tuple((ms, index_n(device, i, ms)) for ms in times) for i, q in enumerate(COUNTERS)},
            steady=(times[2],),
        )
        for device in DEVICES
    ]  # fmt: skip


def written() -> int:
    """Bytes that this process has handed to write calls."""
    with open("/proc/self/io") as file:
        return int(next(line for line in file if line.startswith("wchar")).split()[1])
