from __future__ import annotations

import pytest

from runtime.core.tariff.rules import RuleSpec
from runtime.core.view import RecomputeView
from runtime.store.env import Store
from tests.webui.api.site.test_tariff import RULES, TARIFFS
from tests.webui.stage import Stage, stage
from webui.http.caller import Caller


@pytest.fixture
def billed(store: Store) -> Stage:
    return stage(store, tariffs=TARIFFS, rules=(*RULES, RuleSpec(4, 2, first="2026-12-25", last="2026-12-25")))


def test_rules_stand_in_their_order_with_the_one_in_force_and_what_is_odd(billed: Stage) -> None:
    page = billed.get("/setup/bill").text
    assert page.index('data-path="/api/v1/rules/1/move"') < page.index('data-path="/api/v1/rules/2/move"')
    assert page.count(">now</span>") == 1 and "Some hours of the week have no tariff" in page
    assert "€0.201" in page and "1 Nov 2024 – 31 Mar 2025 · every year" in page
    always = stage(billed.history._store, tariffs=TARIFFS, rules=(RuleSpec(9, 1), *RULES))
    assert "never reached" in always.get("/setup/bill").text


def test_each_kind_has_its_own_tariffs_and_gas_its_factor(billed: Stage) -> None:
    assert "City water" in billed.get("/setup/bill?fluid=water").text
    gas = billed.get("/setup/bill?fluid=gas").text
    assert "kWh/m³" in gas and "No rule yet" in gas and "City water" not in gas
    assert billed.get("/setup/bill?fluid=nonsense").status == 200


def test_forms_of_tariffs_and_rules_show_what_there_is(billed: Stage) -> None:
    tariff = billed.get("/setup/bill/tariffs/1").text
    assert 'value="0.1873"' in tariff and 'value="2026-11-20"' in tariff and tariff.count('name="row.') == 10
    rule = billed.get("/setup/bill/rules/1").text
    assert 'value="06:00"' in rule and 'value="14:59"' in rule and 'data-method="PATCH"' in rule
    assert 'data-method="POST"' in billed.get("/setup/bill/rules/new").text
    assert billed.get("/setup/bill/rules/new?fluid=gas").status in (302, 303)
    assert 'name="fluid" value="gas"' in billed.get("/setup/bill/tariffs/new?fluid=gas").text
    assert billed.get("/setup/bill/tariffs/99").status == billed.get("/setup/bill/rules/99").status == 404


def test_who_may_only_see_gets_no_forms_to_send(billed: Stage) -> None:
    billed.caller = Caller("Guest", 2, frozenset({("consumptions", "see")}))
    page = billed.get("/setup/bill").text
    assert "Off-peak" in page and "data-act" not in page and "/setup/bill/rules/new" not in page


def test_a_computation_that_runs_is_followed(billed: Stage) -> None:
    assert 'data-state="none"' in billed.get("/setup/bill").text
    billed.views.publish("recompute", RecomputeView(739_000, 739_010, 3))
    assert 'data-state="running"' in billed.get("/setup/bill").text


def test_the_currency_is_chosen_from_the_list_and_what_an_old_site_kept_stays_to_be_seen(store: Store) -> None:
    old = stage(store, tariffs=TARIFFS, rules=RULES, currency="<B>")
    page = old.get("/setup/bill").text
    assert '<option value="&lt;B&gt;" selected>' in page and '<option value="CHF">' in page
    assert old.get("/").status == old.get("/live/home").status == 200
    assert "XAU" not in page
