"""Supply contracts: prices by register, subscription, what is refused."""

from dataclasses import replace

import pytest

from runtime.core.edit import edits
from runtime.core.site.defaults import complete
from runtime.core.tariff.contract import CONTRACT, ContractSpec, contracts_of
from runtime.errors import ConfigError
from tests.webui.edited import CHECKER
from tests.webui.stage import installation

SITE = complete(installation())
OFF_PEAK = ContractSpec(1, "HP/HC", 1, "", ("0.15790", "0.2065"), "180.12")
P = 10**12  # of the currency


def test_energy_costs_what_its_register_has_as_price_exactly():
    assert OFF_PEAK.cost_p(1, 1) == 157_900
    assert OFF_PEAK.cost_p(2, 1_234_567) == 1_234_567 * 206_500
    assert replace(OFF_PEAK, prices=("", "0.1")).cost_p(1, 1000) is None
    assert OFF_PEAK.cost_p(3, 1000) is None and OFF_PEAK.cost_p(1, None) is None


def test_each_day_bears_its_part_of_the_subscription_or_the_year_all_of_it():
    assert OFF_PEAK.subscription_p("day", 1) == 18012 * P // 100 // 365
    assert OFF_PEAK.subscription_p("year", 365) == 18012 * P // 100
    whole = replace(OFF_PEAK, prorata=False)
    assert (whole.subscription_p("day", 1), whole.subscription_p("year", 3)) == (0, 18012 * P // 100)
    assert replace(OFF_PEAK, subscription="").subscription_p("year", 365) == 0


def test_the_contracts_of_a_meter_come_by_day():
    tempo = ContractSpec(2, "Tempo", 1, "2026-07-01")
    assert contracts_of([tempo, OFF_PEAK, ContractSpec(3, "Other", 2)], 1) == (OFF_PEAK, tempo)


def faults(*rows):
    tree = SITE
    try:
        for values in rows:
            tree = edits.add(CONTRACT, {"device": 1, **values})(tree)
    except ConfigError as error:
        return list(error.faults)
    return CHECKER.faults(tree)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"prices": ["0.1", "free"]}, "price_wrong"),
        ({"prices": [0.1]}, "price_wrong"),
        ({"prices": ["0.1"] * 11}, "out_of_range"),
        ({"since": "someday"}, "value_wrong"),
        ({"subscription": "much"}, "value_wrong"),
        ({"device": 77}, "reference_unknown"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(values, code):
    (fault,) = faults({"name": "Mine", **values})
    assert next(iter(values)) in fault.key
    assert fault.code == code


def test_two_contracts_of_one_meter_from_one_day_are_refused_and_from_two_days_not():
    assert [fault.code for fault in faults({"name": "Mine"}, {"name": "Other"})] == ["contract_doubled"]
    assert not faults({"name": "Mine"}, {"name": "Other", "since": "2026-07-01"})
