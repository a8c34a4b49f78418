"""Tariffs and cost rules in the installation's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.core.edit.installationfile import Known, dump, load
from runtime.core.site.installation import Installation, as_record, from_record
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.errors import ConfigError

MANUAL = """
[site]
currency = "EUR"
gas_wh_per_m3 = 11_200

[[tariff]]
name = "Tariff 1"
colour = "#ff8800"
price = "0.1580"

[[tariff]]
name = "Tariff 2"
prices = [{price = 0.12}, {price = "0.125", from = 2026-07-01}]

[[tariff]]
name = "Tariff 1"
fluid = "gas"
price = 1

[[rule]]
tariff = "Tariff 2"
date = 2019-12-25
repeat = true

[[rule]]
tariff = "Tariff 1"
fluid = "electricity"
start = "00:00"
end = "18:59"
days = ["mon", "tue", "wed", "thu", "fri"]

[[rule]]
tariff = "Tariff 2"
start = "19:00"
days = ["mon", "tue", "wed", "thu", "fri"]

[[rule]]
tariff = "Tariff 1"
fluid = "gas"
default = true
to = 2026-12-31
"""


def loaded(text: str, current: Installation = Installation(), **options: bool) -> Installation:
    return load(text, "site.toml", current, Known(models=(), schemes={}), **options)


def test_tariffs_and_rules_are_read_with_their_order():
    site = loaded(MANUAL)
    assert site.tariffs == (
        TariffSpec(1, "Tariff 1", "electricity", "#ff8800", (Price(1, 158_000),), unpriced=2),
        TariffSpec(2, "Tariff 2", prices=(Price(3, 120_000), Price(4, 125_000, "2026-07-01")), unpriced=5),
        TariffSpec(3, "Tariff 1", "gas", prices=(Price(6, 1_000_000),), unpriced=7),
    )
    workdays = ("mon", "tue", "wed", "thu", "fri")
    assert site.rules == (
        RuleSpec(1, 2, first="2019-12-25", last="2019-12-25", repeat=True),
        RuleSpec(2, 1, end="18:59", days=workdays),
        RuleSpec(3, 2, start="19:00", days=workdays),
        RuleSpec(4, 3, last="2026-12-31", default=True),
    )
    assert site.gas_wh_per_m3 == 11_200


def test_a_load_of_a_dump_or_of_the_same_file_changes_nothing():
    site = loaded(MANUAL)
    for again in (loaded(dump(site), site, replace_all=True), loaded(MANUAL, site), loaded(dump(site), site)):
        assert as_record(again) == {**as_record(site), "version": site.version + 1}
    assert from_record(as_record(site)) == site


def test_gas_factors_have_dates_in_a_file_too():
    dated = {"": 11_200, "2026-02-01": 11_350}
    site = loaded('[site]\ngas_factors = {"" = 11_200, "2026-02-01" = 11_350}\n')
    assert site.gas_factors == dated and loaded(dump(site)).gas_factors == dated
    with pytest.raises(ConfigError, match="is not a date"):
        loaded('[site]\ngas_factors = {"last year" = 11_200}\n')


def test_a_price_edit_is_a_new_version():
    site = loaded(MANUAL)
    dearer = loaded('[[tariff]]\nname = "Tariff 1"\nprice = "0.2"\n', site)
    assert dearer.tariffs[0].prices == (Price(8, 200_000),)
    assert dearer.tariffs[0].former == (Price(1, 158_000),)
    assert dearer.tariffs[1:] == site.tariffs[1:] and dearer.rules == site.rules


def test_a_new_rule_on_its_own_comes_first():
    site = loaded(MANUAL)
    excepted = loaded('[[rule]]\ntariff = 1\nfrom = 2020-03-01\nto = "2020-03-31"\n', site)
    assert [rule.id for rule in excepted.rules] == [5, 1, 2, 3, 4]


def test_a_tariff_that_is_deleted_stays_known_for_old_bills_and_its_number_is_never_given_again():
    site = loaded(MANUAL)
    emptied = loaded("", site, replace_all=True)
    assert (emptied.tariffs, emptied.rules, emptied.former_tariffs) == ((), (), site.tariffs)
    again = loaded('[[tariff]]\nname = "New"\nprice = 1\n', emptied)
    assert again.tariffs == (TariffSpec(4, "New", prices=(Price(8, 1_000_000),), unpriced=9),)


RULE = '[[tariff]]\nname = "t"\nprice = 1\n[[rule]]\ntariff = "t"\n'


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("[[tariff]]\nprice = 1\n", "tariff[1].name: is missing (a new tariff needs it)"),
        ("[[tariff]]\nname = 't'\nfluid = 'beer'\n", "tariff[1].fluid: 'beer' is none of electricity, water, gas"),
        ("[[tariff]]\nname = 't'\nprice = '0.1234567'\n", "tariff[1].price: '0.1234567' has more than 6 decimals"),
        ("[[tariff]]\nname = 't'\nprices = [1, 2]\n", "tariff 1.prices: only one price needs no date"),
        (
            "[[tariff]]\nname = 't'\nprices = [{price = 1, form = 2026-01-01}]\n",
            "tariff[1].prices: price 1: each is {price",
        ),
        ("[[tariff]]\nname = 't'\ncolour = 'red'\n", "tariff[1].colour: 'red' is not a colour such as #ff8800"),
        ("[[tariff]]\nname = 't'\n[[tariff]]\nname = 't'\n", ""),
        ("".join(f"[[tariff]]\nname = 't{i}'\n" for i in range(6)), "tariff 6.fluid: electricity has more than 5"),
        (RULE.replace('tariff = "t"', 'tariff = "u"'), "rule[1].tariff: there is no tariff named 'u' (the names in"),
        (RULE.replace('tariff = "t"', "tariff = 7"), "rule 1.tariff: there is no tariff 7"),
        (RULE + "start = '24:00'\n", "rule[1].start: '24:00' is not a time of the day"),
        (RULE + "date = '2026-02-30'\n", "rule[1].date: '2026-02-30' is not a date such as 2026-12-25"),
        (RULE + "days = ['monday']\n", "rule[1].days: 'monday' is none of mon, tue, wed, thu, fri, sat, sun"),
        (RULE + "repeat = true\n", "rule 1.repeat: what is repeated every year needs a date or a period"),
        (RULE + "from = 2026-03-02\nto = 2026-03-01\n", "rule 1.to: ends on 2026-03-01, before it begins"),
        (RULE + "default = true\nstart = '08:00'\n", "rule 1.default: a default rule is always true"),
        (RULE + "default = true\n[[rule]]\ntariff = 't'\ndefault = true\nto = 2026-01-01\n", "rule 2.default: elec"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(wrong, told):
    if not told:
        assert len(loaded(wrong).tariffs) == 1  # the same tariff said twice
        return
    with pytest.raises(ConfigError) as refused:
        loaded(wrong)
    assert str(refused.value.faults[0]).startswith(f"site.toml: {told}")


def test_the_example_of_the_documentation_can_be_loaded():
    page = (Path(__file__).parents[4] / "docs" / "tariffs.md").read_text(encoding="utf-8")
    site = loaded(page.partition("```toml\n")[2].partition("```")[0])
    assert [rule.tariff for rule in site.rules] == [2, 1, 2] and site.gas_wh_per_m3 == 11_200
