"""The tree of servers over the API and on its page, and what a server below offers."""

from __future__ import annotations

import pytest

from runtime.core.modbusserver.remoteid import RemoteObject
from runtime.core.servertree.node import SERVER_TREE_VIEW, ServerNode
from runtime.core.servertree.table import TABLE_AT, encode_table
from runtime.errors import NoAnswer, Refused
from tests.webui.api.described import checked
from tests.webui.stage import stage

TREE, OBJECTS = "/api/v1/servers", "/api/v1/gateways/1/remote-objects"
YARD = ServerNode(0, "Yard", "loop", 0)
ROOT = ServerNode(
    1, "Head office", parts=(ServerNode(2, "North", "away", 75, (YARD,), 1), ServerNode(0, "New", "unknown", -1))
)
OFFERED = (RemoteObject(29_999, "all", 0, ""), RemoteObject(10_007, "device", 7, "Säge"))
IMAGE = encode_table(ROOT, OFFERED)


@pytest.fixture
def site(store):
    return stage(store)


def answered(request):
    octets = IMAGE.read(request.at - TABLE_AT, request.count)
    assert isinstance(octets, bytes)
    return octets


def test_a_server_that_reads_no_other_is_alone(site):
    tree = checked(site.get(TREE), TREE, "get").json
    assert (tree["state"], tree["servers"], tree["gateway"]) == ("on", [], None)
    assert "No other server is read here" in site.get("/servers").text


def test_the_tree_has_state_and_age_of_each_link(site):
    site.views.publish(SERVER_TREE_VIEW, ROOT)
    tree = checked(site.get(TREE), TREE, "get").json
    north, new = tree["servers"]
    assert (north["name"], north["state"], north["age_s"], north["gateway"]) == ("North", "away", 75, 1)
    assert north["servers"][0]["state"] == "loop" and new["age_s"] is None
    page = site.get("/servers").text
    assert page.index("North") < page.index("75 s ago") < page.index("Yard") < page.index("refused")


def test_what_another_server_offers_is_asked_over_its_gateway(site):
    site.wire = answered
    listed = checked(site.get(OBJECTS), OBJECTS, "get").json["objects"]
    assert [(each["remote_id"], each["name"], each["id"]) for each in listed] == [
        (29_999, "", None),
        (10_007, "Säge", 7),
    ]


@pytest.mark.parametrize(
    ("error", "expected"),
    [(Refused(2, "no such address"), (409, "server_foreign")), (NoAnswer("no_answer", "silent"), (503, "no_answer"))],
)
def test_one_that_offers_nothing_says_why(site, error, expected):
    def refused(request):
        raise error

    site.wire = refused
    answer = site.get(OBJECTS)
    assert (answer.status, answer.json["error"]["code"]) == expected


def test_registers_that_are_no_table_are_another_make(site):
    site.wire = lambda request: bytes(2 * request.count)
    answer = site.get(OBJECTS)
    assert (answer.status, answer.json["error"]["code"]) == (409, "server_foreign")


def test_a_gateway_that_is_not_there_offers_nothing(site):
    assert site.get("/api/v1/gateways/99/remote-objects").status == 404
