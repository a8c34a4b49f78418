"""Bytes a stored value, filling years, reading a day of them; SQLite and rrdtool beside, each in its own process.

A tenth of ten years here, all of them in ``make soak``.
"""

import time

import pytest

from runtime.store.upkeep.child import verify_in_child
from tests.bench.bench_store import play
from tests.bench.table import Row, tell

DEVICES, TEN_YEARS = 25, 131  # of four weeks
TWO_DAYS = 288  # cycles
VALUES_OF_255 = 255 * 40 * 525_600  # ten years at 10 minutes
RRDTOOL_MISSING = "rrdtool is missing (Debian package rrdtool)"


def told(what: str, spans: int, figures: dict, beside: str) -> None:
    fill_min = figures["fill_s"] / 60 * TEN_YEARS / spans
    stored, whole = figures["bytes_a_value"], figures["file_bytes_a_value"]
    tell(
        Row(
            f"{what}, stored in blocks, all pages counted",
            "≤ 1.45 B a value",
            f"{stored:.2f} B",
            stored <= 1.45,
            beside,
        )
    )
    size_gb = whole * VALUES_OF_255 / 1e9
    text = f"{size_gb:.1f} GB ({whole:.2f} B a value)"
    tell(Row("ten years of 255 devices × 40 columns, whole file, extrapolated", "≤ 10 GB", text, size_gb <= 10))
    text = f"{fill_min:.1f} min; 255 devices {fill_min * 255 / DEVICES:.0f} min"
    kind = "measured" if spans == TEN_YEARS else "extrapolated"
    tell(Row(f"filling ten years for 25 devices × 40 columns, {kind}", "≤ 10 min", text, fill_min <= 10))


@pytest.mark.bench
def test_a_year_of_samples(tmp_path):
    for part in ("ours", "peers"):
        (tmp_path / part).mkdir()
    spans = TEN_YEARS // 10
    figures = play("archive_store.py", tmp_path / "ours", DEVICES, spans)
    peers = play("archive_peers.py", tmp_path / "peers", 2, 2)
    names = {"sqlite": "SQLite with rollups", "rrdtool": "rrdtool"}
    sizes = [f"{names[name]} {peer['bytes_a_value']:.1f} B" for name, peer in peers.items()]
    days = [f"{names[name]} {peer['day_ms']:.2f} ms" for name, peer in peers.items()]
    missing = [] if "rrdtool" in peers else [RRDTOOL_MISSING]
    told(f"{DEVICES} devices × 40 columns × a year", spans, figures, ", ".join(sizes + missing))
    for length in ("day", "week"):
        took = figures[f"{length}_ms"]
        beside = ", ".join(days + missing) if length == "day" else ""
        tell(Row(f"a {length} of one quantity out of a block", "≤ 10 ms", f"{took:.1f} ms", took <= 10, beside))


@pytest.mark.bench
def test_the_look_at_the_start(tmp_path):
    play("cycle_store.py", tmp_path, 2, TWO_DAYS - 2, "all")
    took = []
    for _ in range(5):
        began = time.perf_counter()
        assert verify_in_child(tmp_path, quick=True).ok
        took.append(time.perf_counter() - began)
    text = f"{sorted(took)[2]:.2f} s"
    tell(Row("verifying at the start, in a child, 255 devices, two days", "≤ 0.3 s", text, sorted(took)[2] <= 0.3))
