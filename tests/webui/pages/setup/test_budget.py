"""The page of budgets and leaks."""

from __future__ import annotations

import pytest

from runtime.store.env import open_store
from tests.webui.edited import EditedSite, codes

BUDGETS = "/api/v1/budgets"
MONTH = {"name": "Month", "kind": "budget", "fluid": "electricity", "amount": 2000.5}


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield EditedSite(store)
    store.close()


def text(site):
    answer = site.get("/setup/budgets")
    assert answer.status == 200
    return " ".join(answer.body.decode().split())


def test_it_says_what_each_watches(site):
    assert "No budget yet" in text(site)
    assert site.send("POST", BUDGETS, {**MONTH, "device": None, "load": None}).status == 201
    leak = {"name": "Tap", "kind": "leak", "fluid": "water", "device": 1, "hours": 12}
    assert site.send("POST", BUDGETS, leak).status == 201
    shown = text(site)
    assert "Everything · Electricity" in shown and "2,000.5 kWh · Month" in shown
    assert "no hour of 12 stands still" in shown


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"amount": 0}, ("amount", "budget_wrong")),
        ({"amount": -1}, ("amount", "out_of_range")),
        ({"device": 1, "load": 1}, ("device", "budget_wrong")),
        ({"kind": "leak", "device": 1}, ("fluid", "budget_wrong")),
        ({"kind": "leak", "fluid": "water", "load": 1}, ("device", "budget_wrong")),
        ({"period": "week"}, ("period", "choice_unknown")),
        ({"device": 77}, ("device", "reference_unknown")),
    ],
)
def test_what_cannot_be(site, change, fault):
    assert codes(site.send("POST", BUDGETS, {**MONTH, **change})) == [fault]


def test_none_of_a_list_is_everything(site):
    assert site.send("POST", BUDGETS, {**MONTH, "device": 0, "load": 0, "measure_group": 0}).status == 201
