"""WES-1: the bill of a Tempo year with a change of contract, by register, is that of a calculation with decimals."""

import datetime
import json
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from runtime.core.clock.timegrid import local
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.core.tariff.contract import CONTRACT, ContractSpec
from runtime.store.energy.importer import import_history
from runtime.store.env import open_store
from runtime.store.history import History
from tests.tic import TEMPO
from tests.webui.pages.meter.test_teleinfo import says
from tests.webui.stage import Stage, ToldClock
from webui.model.consumption.registers import RegisterReader

ZONE = ZoneInfo("Europe/Paris")
DAY_S = 86_400
FIRST_TS = int(datetime.datetime(2026, 1, 1, tzinfo=ZONE).timestamp())
TODAY = datetime.date(2026, 11, 20)
CHANGED = datetime.date(2026, 7, 14)
OLD = ContractSpec(1, "Old", 1, "", ("0.14860",) * 2, "151.20")
NEW = ContractSpec(
    2, "Tempo", 1, CHANGED.isoformat(), ("0.12960", "0.16090", "0.14860", "0.18940", "0.15680", "0.75620"), "160.08"
)
REGISTERS = 6


def used_wh(register, day):
    """Of an hour of that day: other in each register, none in the sixth for the half of the year."""
    return (day.toordinal() * 7 + register * 131) % 400 + register


def lines():
    """Indexes by the hour, one line a UTC day."""
    indexes = [1_000_000 * number for number in range(1, REGISTERS + 1)]
    end_ts = int(datetime.datetime.combine(TODAY + datetime.timedelta(1), datetime.time(), ZONE).timestamp())
    for start in range(FIRST_TS, end_ts, DAY_S):
        edges = range(start, min(start + DAY_S, end_ts) + 1, 3600)
        shown = {f"active_energy_import_t{number}_wh": [] for number in range(1, REGISTERS + 1)}
        for edge in edges:
            for number, listed in enumerate(shown.values(), 1):
                if edge > edges[0]:
                    indexes[number - 1] += used_wh(number, local(edge - 1, ZONE).date())
                listed.append(indexes[number - 1] * 1000)
        yield json.dumps({"device": 1, "start_ts": start, "step_s": 3600, "indexes": shown})


def hours_of(day):
    begin, end = (datetime.datetime.combine(day + datetime.timedelta(more), datetime.time(), ZONE) for more in (0, 1))
    return int(end.timestamp() - begin.timestamp()) // 3600


def by_hand(first, contracts=(OLD, NEW)):
    """The bill from a day to today, with decimals."""
    total, day = Decimal(0), first
    while day <= TODAY:
        contract = [each for each in contracts if not each.since or each.since <= day.isoformat()][-1]
        total += Decimal(contract.subscription) / 365
        for number, price in enumerate(contract.prices, 1):
            total += Decimal(price) * used_wh(number, day) * hours_of(day) / 1000
        day += datetime.timedelta(1)
    return total


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def year(store):
    site = Installation(
        site="House", zone="Europe/Paris", currency="EUR", gateways=(GatewaySpec(1, "Meter", "tic:///dev/ttyUSB0"),),
        devices=(DeviceSpec(1, "Supply", 1, 1, "teleinfo-historique"),),
    ).having(CONTRACT, (OLD, NEW))  # fmt: skip
    import_history(store, lines(), site)
    noon_ts = int(datetime.datetime.combine(TODAY, datetime.time(12), ZONE).timestamp())
    return Stage(site, History(store), ToldClock(noon_ts))


def test_the_bill_of_a_day_a_month_and_a_year_with_two_contracts_is_that_of_a_hand_calculation(year):
    says(year, TEMPO)
    reader, view = RegisterReader(year.bridge), year.bridge.device(1)
    registers = reader.registers(view, TODAY)
    assert len(registers) == REGISTERS
    cost = reader.contract_cost(view, registers, TODAY)
    for total_p, first in zip(cost.totals_p, (TODAY, TODAY.replace(day=1), TODAY.replace(month=1, day=1)), strict=True):
        assert Decimal(total_p).scaleb(-12) == pytest.approx(
            by_hand(first), abs=Decimal("1e-11")
        )  # one rest a contract
    assert cost.name == "Tempo"


def test_the_energy_of_registers_costs_exactly_and_without_a_price_nothing(year):
    says(year, TEMPO)
    reader, view = RegisterReader(year.bridge), year.bridge.device(1)
    year.installation = year.installation.having(CONTRACT, (ContractSpec(1, "One", 1, "", ("0.12345",)),))
    first, second, *_ = reader.registers(view, TODAY)
    assert second.costs_p == (None, None, None)
    assert first.costs_p[0] == used_wh(1, TODAY) * hours_of(TODAY) * 1000 * 123_450


def test_the_page_shows_them_and_a_contract_that_begins_tomorrow_not_yet(year):
    page = says(year, TEMPO)
    assert "Subscription" in page and "Tempo" in page and "Cost by the cost rules" not in page
    later = ContractSpec(3, "Later", 1, (TODAY + datetime.timedelta(1)).isoformat(), ("9",))
    year.installation = year.installation.having(CONTRACT, (later,))
    assert "Later" not in year.get("/live/devices/1/teleinfo/energy").text
