"""How long a year of four curves takes, read from the blocks of samples each 10 minutes."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from runtime.core.site.installation import Installation
from runtime.store.env import Store, open_store
from runtime.store.sample.blocks import SPAN_S, Blocks, Run, block_start, encode_head
from runtime.store.sample.deflate import deflate
from tests.bench.table import Row, tell
from tests.webui.stage import NOW_TS, installation, stage
from webui.model.report.curve import CurveReader, Series

pytestmark = pytest.mark.bench

QUANTITY, DEVICES, STEP_S, YEAR_S = "active_power_w", 4, 600, 365 * 86_400
STATISTICS = ("mean", "min", "max")


def test_a_year_of_four_curves(tmp_path: Path) -> None:
    store, site = open_store(tmp_path), installation(DEVICES)
    _fill(store, site)
    reader = CurveReader(stage(store, DEVICES).bridge)
    asked = tuple(Series(device.id, QUANTITY) for device in site.devices)
    to_ts = block_start(NOW_TS)
    took_s = []
    for _ in range(7):
        began = time.process_time()
        answer = reader.describe(asked, to_ts - YEAR_S, to_ts)
        took_s.append(time.process_time() - began)
    assert all(1000 < len(series["mean"]) <= 2000 and None not in series["mean"] for series in answer["series"])
    took_ms = min(took_s) * 1e3
    samples = DEVICES * len(STATISTICS) * YEAR_S // STEP_S
    what = f"a year of {DEVICES} curves from samples each 10 minutes, {samples:,} values, processor time"
    tell(Row(what, "≤ 50 ms", f"{took_ms:.0f} ms", took_ms <= 50))
    store.close()


def _fill(store: Store, site: Installation) -> None:
    """Blocks of a year up to the four weeks that are now, of power that goes up and down."""
    chance, count = random.Random(17), SPAN_S // STEP_S
    blocks = Blocks(store)
    with store.writing() as txn:
        for device in site.devices:
            for start_ts in range(block_start(NOW_TS) - 14 * SPAN_S, block_start(NOW_TS), SPAN_S):
                means = [20_000 + chance.randrange(10_000) for _ in range(count)]
                values = (
                    means,
                    [n - chance.randrange(5_000) for n in means],
                    [n + chance.randrange(5_000) for n in means],
                )
                streams = [
                    ((QUANTITY, statistic), -1, deflate(column, bytes(count)))
                    for statistic, column in zip(STATISTICS, values, strict=True)
                ]
                run = Run(0, STEP_S, STEP_S, count, 0)
                blocks.put(txn, device.id, start_ts, encode_head(device.id, start_ts, [run], [(0, 1, 2)], streams))
