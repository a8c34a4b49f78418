"""Speed of the web with 255 devices of 40 quantities: live JSON against a plain json.dumps for each request, pages."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runtime.core.clock.timegrid import local
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.store.energy.importer import import_history
from runtime.store.env import open_store
from runtime.text.figures import json_number
from tests.bench.table import Row, tell
from tests.webui.stage import ZONE, Stage, installation, stage, steady_lines

pytestmark = pytest.mark.bench

DEVICES = 255
MEASURED = tuple(id for id, row in QUANTITIES.items() if row.kind in ("counter", "gauge"))[:40]
PAGES = (
    "/", "/devices", "/devices/7", "/devices/7/history", "/devices/7/energy-check", "/energy-check",
    "/consumptions", "/consumptions/details",
    "/consumptions/tariffs", "/gateways", "/system", "/setup", "/setup/gateways", "/setup/gateways/1",
    "/setup/gateways/new", "/setup/devices/1",
    "/setup/devices/new", "/setup/scan", "/setup/loads", "/setup/loads/1", "/setup/groups", "/setup/groups/1",
    "/setup/boards", "/setup/bill", "/setup/maps", "/setup/changes", "/setup/transfer", "/setup/sample-rate", "/server",
    "/server/modbus", "/server/general", "/server/clock", "/server/network", "/server/archive", "/server/security",
)  # fmt: skip
GATEWAYS = 8


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    store = open_store(tmp_path_factory.mktemp("bench"))
    import_history(store, steady_lines(installation(DEVICES, GATEWAYS), 3), installation(DEVICES, GATEWAYS))
    made = stage(store, DEVICES, GATEWAYS)
    for id in range(1, DEVICES + 1):
        made.publishes(id, quantities=MEASURED, values_n=tuple(1000 * id + at for at in range(len(MEASURED))))
    yield made
    store.close()


def test_live_json_beside_a_plain_dump(site: Stage) -> None:
    cached_s = _fastest(lambda: site.get("/api/v1/live"), 200)
    document = _document(site)
    dump_s = _fastest(lambda: json.dumps(document).encode(), 10)
    plain_s = _fastest(lambda: json.dumps(_document(site)).encode(), 5)
    v = site.get("/api/v1/live").json["v"]
    unchanged_s = _fastest(lambda: site.get(f"/api/v1/live?since={v}"), 200)
    ratio = dump_s / cached_s
    tell(
        Row(
            f"live JSON of {DEVICES} devices, through the application",
            ">= 10x a plain json.dumps per request",
            f"{ratio:.0f}x ({cached_s * 1e6:.0f} us)",
            ratio >= 10,
            f"json.dumps {dump_s * 1e3:.1f} ms ({plain_s * 1e3:.1f} ms with gathering), "
            f"nothing changed {unchanged_s * 1e6:.0f} us",
        )
    )


def test_live_json_when_every_value_changed(site: Stage) -> None:
    def changed() -> None:
        site.clock.goes_on(1.1)
        for id in range(1, DEVICES + 1):
            site.publishes(id, quantities=MEASURED, values_n=tuple(range(id, id + len(MEASURED))))

    took = []
    for _ in range(5):
        changed()
        began = time.perf_counter()
        site.get("/api/v1/live")
        took.append(time.perf_counter() - began)
    took_s = min(took)
    tell(
        Row(
            f"live JSON rebuilt for {DEVICES} devices, at most once a second",
            "<= 150 ms",
            f"{took_s * 1e3:.0f} ms",
            took_s <= 0.15,
        )
    )


def test_pages(site: Stage) -> None:
    took_s = {path: _fastest(lambda path=path: site.get(path), 5) for path in PAGES}  # type: ignore[misc]
    slowest = max(took_s, key=lambda path: took_s[path])
    tell(
        Row(
            f"any page with {DEVICES} devices, server time",
            "<= 150 ms",
            f"{took_s[slowest] * 1e3:.0f} ms ({slowest})",
            took_s[slowest] <= 0.15,
        )
    )


def _document(site: Stage) -> dict[str, Any]:
    """What a handler without a cache gathers: the same answer from the same views."""
    devices = [
        {
            "id": view.id,
            "name": view.name,
            "state": view.state,
            "error": None,
            "stale_after_s": view.stale_after_s,
            "readings": {
                id: {
                    "value": json_number(n, QUANTITIES[id].exp10) if isinstance(n, int) else n,
                    "unit": QUANTITIES[id].unit,
                    "ts": _iso(ts_ms),
                    "quality": Quality(quality).label,
                }
                for id, n, ts_ms, quality in zip(view.quantities, view.values_n, view.ts_ms, view.quality, strict=True)
            },
        }
        for view in site.bridge.devices()
    ]
    now = local(site.clock.now_ts(), ZONE).isoformat()
    return {"v": "1", "now": now, "stale_after_s": 30, "devices": devices}


def _iso(ts_ms: int) -> str:
    return datetime.datetime.fromtimestamp(ts_ms / 1000, ZONE).isoformat(timespec="milliseconds")


def _fastest(act: Callable[[], object], times: int) -> float:
    """Seconds of the fastest of several runs, after one to warm up."""
    act()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return min(took)
