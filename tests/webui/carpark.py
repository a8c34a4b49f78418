"""A car park: a circuit at work with two stations, one that charges and one that waits, and charges that are over."""

from __future__ import annotations

from dataclasses import replace

from runtime.core.charging.area import YELLOW, Area
from runtime.core.charging.decision import START_GREEN, WAIT_YELLOW, Decision
from runtime.core.charging.spec import CircuitSpec, StationSpec
from runtime.core.charging.state import (
    CHARGING_VIEW,
    Charge,
    ChargingView,
    MeterReading,
    OutsideLimit,
    Reason,
    ShareState,
    StationReport,
)
from runtime.core.charging.station.session import ChargeSession
from runtime.core.charging.station.view import STATION_VIEWS, StationView
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.env import Store
from runtime.store.object.charging import ended_records
from tests.webui.stage import NOW_TS, Stage, stage

CIRCUIT = CircuitSpec(1, "Car park", 1, available_ma=63_000, charging_ma=40_000, on=True)
STATIONS = (StationSpec(1, 2, 1, "l1l2l3", rated_ma=32_000), StationSpec(2, 3, 1, "l1", rated_ma=16_000, priority=True))
TARIFF = TariffSpec(1, "Day", prices=(Price(1, 200_000),))
NOW_MS, MINUTE_MS, DAY_MS = NOW_TS * 1000, 60_000, 86_400_000
HERE = ChargeSession(1, 2, NOW_MS - 90 * MINUTE_MS, seen_ts_ms=NOW_MS, charged_mas=36_000_000, energy_n=7_500_000,
                     charging_ms=80 * MINUTE_MS, draws=True, pauses=1, phases=3, rfid="04A1")  # fmt: skip
WAITS = ChargeSession(2, 3, NOW_MS - 28 * MINUTE_MS, seen_ts_ms=NOW_MS)
_QUARTER_TS = NOW_TS // 900 * 900 - 6 * 3600
OVER = (
    replace(HERE, ended_ts_ms=NOW_MS - DAY_MS, ended_by="unplugged", began_ts_ms=NOW_MS - DAY_MS - 3_600_000,
            energy_n=10_000_000, parts=((_QUARTER_TS - 86_400, 10_000_000),)),
    replace(WAITS, ended_ts_ms=NOW_MS - 2 * DAY_MS, ended_by="lost", rfid="=04B2"),
    replace(HERE, ended_ts_ms=NOW_MS - 60 * DAY_MS, ended_by="unplugged"),
)  # fmt: skip


def car_park(store: Store, **changes: object) -> Stage:
    """Its views as the actors publish them."""
    site = stage(
        store,
        others={"charging_circuits": (CIRCUIT,), "charging_stations": STATIONS},
        tariffs=(TARIFF,),
        rules=(RuleSpec(1, tariff=1, start="00:00", end="23:59"),),
        **changes,
    )
    with store.writing() as txn:
        for session in OVER:
            for kind, key, record in ended_records(session):
                store.records.put(txn, kind, key, record)
    publish(site)
    return site


def publish(site: Stage, *, allowed: bool = True, limit_ma: int | None = None) -> None:
    now_ms = round(site.clock.monotonic() * 1000)
    charging = StationReport(
        1, 1, (1, 2, 3), 32_000, plugged=True, connected_ms=now_ms - 90 * MINUTE_MS, charged_mah=10_000,
        currents_ma=(24_000, 24_000, 23_900), confirmed_ma=24_000, watchdog_s=30, allowed=allowed,
    )  # fmt: skip
    waiting = StationReport(2, 1, (1,), 16_000, plugged=True, connected_ms=now_ms - 28 * MINUTE_MS, priority=True,
                            currents_ma=(0,), confirmed_ma=0)  # fmt: skip
    site.views.publish(STATION_VIEWS.of(1), StationView(charging, "charging", 24_000, HERE))
    site.views.publish(STATION_VIEWS.of(2), StationView(waiting, "waiting", 0, WAITS))
    since_ms = now_ms - 28 * MINUTE_MS
    charges = (
        Charge(1, limit_ma=24_000, step=1, is_new=False),
        Charge(2, waits_ms=since_ms, reason=Reason(WAIT_YELLOW, 1, 1, since_ms)),
    )
    state = ShareState({(1, 1): Area(YELLOW, since_ms), (1, 2): Area(), (1, 3): Area()}, charges)
    decisions = (
        Decision(now_ms - 80 * MINUTE_MS, START_GREEN, 1, 0, 32_000, 1, 1, 0, 0, 8_000, 63_000, (1,)),
        Decision(since_ms, WAIT_YELLOW, 2, 0, 0, 1, 1, YELLOW, since_ms, 44_000, 40_000),
    )
    limits = {} if limit_ma is None else {1: OutsideLimit(limit_ma, now_ms + 30 * MINUTE_MS)}
    readings = {1: MeterReading(now_ms - 500, (44_000, 30_000, None))}
    site.views.publish(CHARGING_VIEW, ChargingView(now_ms, site.clock.now_ms(), state, decisions, readings, limits))
