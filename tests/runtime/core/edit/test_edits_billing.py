from __future__ import annotations

import pytest

from runtime.core.edit import edits
from runtime.core.edit.ruleorder import DOWN, UP, move_rule
from runtime.core.site.installation import Installation
from runtime.core.tariff.ruleresource import RULE
from runtime.core.tariff.tariffresource import TARIFF
from runtime.errors import ConfigError

PEAK = {"name": "Peak", "colour": "#d9480f", "prices": [{"price": "0.20"}, {"price": 0.25, "from": "2026-12-01"}]}


def billed(*steps: object) -> Installation:
    site = Installation()
    for step in steps:
        site = step(site)  # type: ignore[operator]
    return site


def refusal(does) -> list[tuple[str, int, str, str]]:
    with pytest.raises(ConfigError) as refused:
        does()
    return [(fault.kind, fault.id, fault.field, fault.code) for fault in refused.value.faults]


SITE = billed(
    edits.add(TARIFF, PEAK), edits.add(TARIFF, {"name": "Night", "price": "0.1"}),
    edits.add(TARIFF, {"name": "Tap", "fluid": "water", "price": 3}),
    edits.add(RULE, {"tariff": 1, "start": "06:00", "end": "21:59"}), edits.add(RULE, {"tariff": 3, "default": True}),
    edits.add(RULE, {"tariff": 2, "default": True}),
)  # fmt: skip


def order(site: Installation) -> list[int]:
    return [rule.id for rule in site.rules]


def test_tariffs_and_rules_are_added_with_numbers_of_their_own() -> None:
    assert [(tariff.id, tariff.name, tariff.fluid) for tariff in SITE.tariffs] == [
        (1, "Peak", "electricity"), (2, "Night", "electricity"), (3, "Tap", "water")
    ]  # fmt: skip
    assert [(price.amount_u, price.since) for price in SITE.tariffs[0].prices] == [
        (200_000, ""),
        (250_000, "2026-12-01"),
    ]
    assert order(SITE) == [1, 2, 3] and SITE.used["rule"] == 3


def test_an_edited_price_is_a_new_version_and_the_old_one_stays_known() -> None:
    before = SITE.tariffs[1].prices[0]
    after = edits.patch(TARIFF, 2, {"prices": [{"price": "0.11"}]})(SITE).tariffs[1]
    assert after.prices[0].version > before.version and after.former == (before,)
    assert edits.patch(TARIFF, 2, {"colour": None})(SITE).tariffs[1].prices == (before,)


def test_a_deleted_tariff_stays_known_to_old_bills_and_one_in_use_is_kept() -> None:
    site = edits.erase(RULE, 1)(SITE)
    erased = edits.erase(TARIFF, 1)(site)
    assert [tariff.id for tariff in erased.former_tariffs] == [1]
    again = edits.add(TARIFF, {"name": "Peak", "price": 1})(erased)
    assert again.tariffs[-1].id == 4
    assert refusal(lambda: edits.erase(TARIFF, 2)(site)) == [("tariff", 2, "", "tariff_in_use")]


def test_a_new_rule_stands_before_the_default_rule_of_its_fluid() -> None:
    site = edits.add(RULE, {"tariff": 2, "date": "2026-12-25", "repeat": True})(SITE)
    assert order(site) == [1, 2, 4, 3]
    rule = site.rules[2]
    assert (rule.first, rule.last, rule.repeat) == ("2026-12-25", "2026-12-25", True)


def test_a_rule_is_edited_in_its_place_and_moves_among_those_of_its_fluid() -> None:
    site = edits.patch(RULE, 1, {"days": ["sat", "sun"], "to": "2027-01-31"})(SITE)
    assert order(site) == [1, 2, 3] and site.rules[0].days == ("sat", "sun") and site.rules[0].start == "06:00"
    assert order(move_rule(1, DOWN)(site)) == [3, 2, 1]
    assert order(move_rule(3, UP)(site)) == [3, 2, 1]
    assert move_rule(1, UP)(site) is site and move_rule(2, DOWN)(site) is site


def test_a_period_is_opened_again_by_an_empty_day() -> None:
    site = edits.patch(RULE, 1, {"from": "2026-01-01", "to": "2026-03-31"})(SITE)
    assert (site.rules[0].first, site.rules[0].last) == ("2026-01-01", "2026-03-31")
    half = edits.patch(RULE, 1, {"from": ""})(site).rules[0]
    assert (half.first, half.last) == ("", "2026-03-31")
    assert edits.patch(RULE, 1, {"from": None, "to": None, "date": None})(site).rules[0].last == ""
    added = edits.add(RULE, {"tariff": 1, "from": "", "to": "", "days": []})(SITE)
    assert (added.rules[1].first, added.rules[1].days) == ("", ())


@pytest.mark.parametrize(
    ("does", "told"),
    [
        (lambda: edits.add(TARIFF, {"price": 1}), ("tariff", 0, "name")),
        (lambda: edits.add(TARIFF, {"name": "  ", "price": 1}), ("tariff", 0, "name")),
        (lambda: edits.add(TARIFF, {"name": "A", "colour": "red"}), ("tariff", 0, "colour")),
        (lambda: edits.add(TARIFF, {"name": "A", "prices": [{"price": "dear"}]}), ("tariff", 0, "prices")),
        (lambda: edits.patch(TARIFF, 1, {"fluid": "gas"})(SITE), ("tariff", 1, "fluid")),
        (lambda: edits.patch(TARIFF, 9, {"name": "A"})(SITE), ("tariff", 9, "")),
        (lambda: edits.add(RULE, {"tariff": "Peak"}), ("rule", 0, "tariff")),
        (lambda: edits.add(RULE, {"start": "06:00"}), ("rule", 0, "tariff")),
        (lambda: edits.add(RULE, {"tariff": 1, "end": "24:00"}), ("rule", 0, "end")),
        (lambda: edits.add(RULE, {"tariff": 1, "days": ["payday"]}), ("rule", 0, "days")),
        (lambda: edits.patch(RULE, 1, {"id": 2}), ("rule", 1, "id")),
        (lambda: edits.erase(RULE, 9)(SITE), ("rule", 9, "")),
    ],
)
def test_what_is_wrong_is_blamed_on_the_field(does, told) -> None:
    assert refusal(does)[0][:3] == told
