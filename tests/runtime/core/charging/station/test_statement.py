"""What charges cost by the prices of their quarters of an hour, and a line for each badge."""

from datetime import datetime
from zoneinfo import ZoneInfo

from runtime.core.charging.station.session import ChargeSession
from runtime.core.charging.station.statement import StatementLine, bill_session, state_badges
from runtime.core.tariff.cost import Bill, money_text
from runtime.core.tariff.rules import RuleSpec, Tariffs
from runtime.core.tariff.tariffs import Price, TariffSpec, amounts

PARIS = ZoneInfo("Europe/Paris")
DAY, NIGHT = (TariffSpec(1, "Day", prices=(Price(11, 250_000),)), TariffSpec(2, "Night", prices=(Price(12, 100_000),)))
RULES = (RuleSpec(1, tariff=1, start="06:00", end="21:59"), RuleSpec(2, tariff=2, start="22:00", end="05:59"))
TARIFFS = Tariffs(RULES, {1: DAY, 2: NIGHT}, PARIS)
PRICES = amounts((DAY, NIGHT))
KWH_N = 1_000_000


def ts(clock):
    return int(datetime.fromisoformat(f"2026-11-30T{clock}").replace(tzinfo=PARIS).timestamp())


def session(rfid="", energy_n=2 * KWH_N, parts=()):
    return ChargeSession(7, 3, 1, ended_ts_ms=2, charged_mas=3_600_000, energy_n=energy_n, parts=parts, rfid=rfid,
                         charging_ms=60_000)  # fmt: skip


def test_each_quarter_of_an_hour_has_the_price_of_its_time():
    charged = session(parts=((ts("21:45"), KWH_N), (ts("22:00"), KWH_N)))
    cost = bill_session(charged, TARIFFS, PRICES)
    assert money_text(cost.cost_p, "EUR") == "0.35"
    assert [(part.tariff, part.value_n) for part in cost.by_tariff] == [(1, KWH_N), (2, KWH_N)]
    assert cost.unpriced_n == 0


def test_without_rules_nothing_has_a_price():
    cost = bill_session(session(parts=((ts("12:00"), 2 * KWH_N),)), None, {})
    assert (cost.cost_p, cost.unpriced_n) == (None, 2 * KWH_N)


def test_a_station_that_counts_no_energy_has_no_cost():
    assert bill_session(session(energy_n=None), TARIFFS, PRICES) == Bill()


def test_each_badge_has_a_line_and_charges_without_one_come_last():
    billed = [
        (session(), Bill(unpriced_n=2 * KWH_N)),
        (session("04B2"), Bill(cost_p=5)),
        (session("04A1", energy_n=None), Bill()),
        (session("04B2", energy_n=KWH_N), Bill(cost_p=7, unpriced_n=3)),
    ]
    assert state_badges(billed) == (
        StatementLine("04A1", 1, 0, 1, 1_000, 60_000),
        StatementLine("04B2", 2, 3 * KWH_N, 0, 2_000, 120_000, 12, 3),
        StatementLine("", 1, 2 * KWH_N, 0, 1_000, 60_000, None, 2 * KWH_N),
    )
