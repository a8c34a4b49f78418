"""What people do to what was counted: a meter on a socket, a whole server in told time, and its API.

Lines 19, 20, 21, 22, 25, 26, 27, 32 and 33 of the table of what an index may do (docs/history.md). The consumer takes
3.6 kW (or 3.6 m3 an hour) without a pause, which is 600 Wh in an interval of ten minutes; the rest is typed.
"""

from __future__ import annotations

from functools import partial

import pytest

from runtime.core.energy.continuity import gaps_of
from tests.spec.cellar import ENERGY, EvenMeter, cellar

HOURLY = 3_600
DAY = "2026-05-04"
EVEN = partial(EvenMeter, hourly=HOURLY)
COUNTERS = [
    f"{kind}_{way}{phase}_{unit}"
    for kind, unit in (("active_energy", "wh"), ("reactive_energy", "varh"))
    for way in ("import", "export", "sum")
    for phase in ("", "_l1", "_l2", "_l3")
]


def priced(site, *tariffs: tuple[str, str, str]) -> None:
    """(price, first minute, last minute) of each."""
    for price, start, end in tariffs:
        tariff = site.ask("/tariffs", "POST", {"name": f"From {start}", "prices": [{"price": price}]})
        site.ask("/rules", "POST", {"tariff": tariff["id"], "start": start, "end": end})


def corrected(site, energy: float) -> dict[str, object]:
    times = {"start": f"{DAY}T06:00:00+02:00", "end": f"{DAY}T06:10:00+02:00"}
    return {"device": 1, "quantity": ENERGY, **times, "energy": energy, "reason": "loose clamp"}


def recomputed(site, date: str) -> None:
    site.ask("/recompute", "POST", {"from": date, "to": date})
    site.eventually("done", lambda: site.ask("/recompute")["state"])


@pytest.fixture
def morning(tmp_path):
    """From 05:31 to 06:31; night ends at 06:10. Six o'clock has held 600 Wh of night and 1,200 Wh of day."""
    with cellar(tmp_path, f"{DAY} 05:31", meter=EVEN) as site:
        priced(site, ("0.15", "22:00", "06:09"), ("0.25", "06:10", "21:59"))
        site.passes_until(f"{DAY} 06:32")
        site.eventually(1800, lambda: site.hours(DAY).get("06:00"))
        yield site


def test_19_a_correction_lies_in_its_own_stretch_also_when_recomputed(morning):
    assert morning.hours(DAY, key="cost")["06:00"] == "0.39"  # 0.6 x 0.15 + 1.2 x 0.25
    morning.ask("/corrections", "POST", corrected(morning, 6_000))
    assert morning.hours(DAY)["06:00"] == 7_800
    assert morning.hours(DAY, key="cost")["06:00"] == "1.29"  # and 6 x 0.15
    recomputed(morning, DAY)
    assert morning.hours(DAY, key="cost")["06:00"] == "1.29"
    assert morning.hours(DAY, "&basis=billed", key="cost")["06:00"] == "1.29"


def test_20_a_correction_cannot_take_more_than_its_stretch_held(morning):
    assert morning.refusal("/corrections", "POST", corrected(morning, -601)) == (400, "correction_negative")
    assert morning.hours(DAY)["06:00"] == 1_800 and morning.ask("/corrections") == []
    morning.ask("/corrections", "POST", corrected(morning, -600))
    assert morning.hours(DAY)["06:00"] == 1_200
    assert morning.hours(DAY, key="cost")["06:00"] == "0.30"
    assert morning.refusal("/corrections", "POST", corrected(morning, -1)) == (400, "correction_negative")


def test_21_and_27_what_a_deleted_device_counted_outlives_it_and_another_zone(morning):
    morning.ask("/devices/1", "DELETE")
    morning.ask("/settings", "PATCH", {"zone": "Asia/Tokyo"})
    chart = morning.chart(DAY)
    assert chart["deleted"] is True and morning.hours(DAY)["06:00"] == 1_800
    assert morning.chart(DAY, of="total")["total"] == chart["total"] >= 3_240
    samples = morning.ask(f"/samples?device=1&quantity={ENERGY}&from={DAY}T03:30:00Z&to={DAY}T05:00:00Z")
    assert samples["deleted"] is True and samples["samples"]


def test_22_a_day_that_the_zone_skipped_is_empty_and_its_neighbours_are_whole(tmp_path):
    with cellar(tmp_path, "2011-12-29 22:51", meter=EVEN, zone="Pacific/Apia") as site:
        site.passes_until("2011-12-31 01:02")
        site.eventually(3_600, lambda: site.hours("2011-12-31").get("00:00"))
        assert site.hours("2011-12-29")["23:00"] == 3_600
        for path in ("/consumption/loads?", "/consumption?of=device:1&", "/consumption?of=total&"):
            skipped = site.ask(f"{path}period=day&date=2011-12-30")
            assert (skipped["bins"], skipped["total"], skipped["cost"]) == ([], None, None)
        assert site.ask("/consumption/loads?period=day&date=2011-12-31")["total"] == 3_600
        month = site.ask("/consumption?of=device:1&period=month&date=2011-12-31")["bins"]
        assert [bin["start"][:10] for bin in month[-3:]] == ["2011-12-28", "2011-12-29", "2011-12-31"]


def test_25_without_a_rule_there_is_no_cost_rather_than_one_of_nothing(morning):
    for rule in morning.ask("/rules"):
        morning.ask(f"/rules/{rule['id']}", "DELETE")
    recomputed(morning, DAY)
    day = morning.chart(DAY)
    assert (day["cost"], day["unpriced"]) == (None, day["total"])
    assert morning.hours(DAY, key="cost")["06:00"] is None
    assert morning.hours(DAY, "&basis=billed", key="cost")["06:00"] == "0.39"


def test_26_a_price_is_digits_and_a_dot_and_what_is_kept_is_what_is_paid(tmp_path):
    with cellar(tmp_path, f"{DAY} 05:51", meter=EVEN) as site:
        for price in ("1_000", "٠.٢", "0,2"):
            refused = site.refusal("/tariffs", "POST", {"name": "Odd", "prices": [{"price": price}]})
            assert refused == (422, "price_wrong")
        assert site.ask("/tariffs") == []
        priced(site, (" 0.2 ", "00:00", "23:59"))
        assert site.ask("/tariffs")[0]["prices"][0]["price"] == "0.20"
        site.passes_until(f"{DAY} 06:32")
        site.eventually("0.36", lambda: site.hours(DAY, key="cost").get("06:00"))  # 1.8 x 0.2


def test_32_a_gas_factor_holds_from_its_day_on(tmp_path):
    with cellar(tmp_path, "2026-04-30 22:51", meter=EVEN, quantities=("gas_dm3",)) as site:
        site.ask("/settings", "PATCH", {"gas_wh_per_m3": 11_000})
        site.passes_until("2026-05-01 00:32")
        energy = "&fluid=gas&as=energy"
        site.eventually(19_800, lambda: site.hours("2026-05-01", energy).get("00:00"))  # 1.8 m3 x 11 kWh
        april = site.chart("2026-04-30", energy)
        assert site.hours("2026-04-30", energy)["23:00"] == 39_600
        site.ask("/settings", "PATCH", {"gas_wh_per_m3": 12_000})
        assert site.chart("2026-04-30", energy)["bins"] == april["bins"]
        assert site.hours("2026-05-01", energy) == {"00:00": 21_600}
        month = site.ask("/consumption?of=device:1&period=month&date=2026-04-30" + energy)
        assert month["total"] == april["total"]


def test_33_one_outage_of_a_meter_with_24_counters_is_one_event(tmp_path):
    assert len(COUNTERS) == 24
    with cellar(tmp_path, f"{DAY} 09:31", meter=partial(EVEN, counters=24), quantities=COUNTERS) as site:
        site.meter.dark = site.at_ms(f"{DAY} 10:03"), site.at_ms(f"{DAY} 10:50")
        site.passes_until(f"{DAY} 12:02")
        site.eventually(3_600, lambda: site.hours(DAY).get("11:00"))
        assert site.hours(DAY)["10:00"] == 3_600
        (event,) = site.ask("/events?code=counter_gap&subject=device.1")
        gaps = dict(gaps_of("counter_gap", 0, event["detail"]))
        assert sorted(gaps) == sorted(COUNTERS)
        assert {gap.energy_n for gap in gaps.values()} == {48 * 60_000}  # from 10:02 to 10:50
