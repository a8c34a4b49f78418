"""The OCPP server over the API: its settings, its stations, and a password that is shown once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.core.ocpp.identity import secret_owner
from runtime.core.ocpp.image import StationFacts
from runtime.core.ocpp.view import OCPP_VIEW, CallerState, OcppView
from runtime.core.view import Trouble
from runtime.secret.secrets import Secrets
from runtime.secret.vault import Vault
from runtime.store.env import open_store
from tests.webui.api.described import checked
from tests.webui.edited import EditedSite, codes
from tests.webui.stage import NOW_TS

SETTINGS, STATE = "/api/v1/ocpp_servers", "/api/v1/ocpp"
FACTS = StationFacts("Alfen", "NG910", "ACE01", "6.6")


class Site(EditedSite):
    def __init__(self, store):
        super().__init__(store)
        self.secrets = Secrets(Vault(bytes(32)), store.records.get)
        self.bridge = replace(self.bridge, secrets=self.secrets)


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    made = Site(store)
    made.send("POST", "/api/v1/gateways", {"name": "Wallbox", "url": "ocpp://CP-1"})
    yield made
    store.close()


def test_it_is_switched_on_changed_and_never_erased(site):
    assert checked(site.get(SETTINGS), SETTINGS, "get").json == []
    made = site.send("POST", SETTINGS, {"on": True, "badges": "04A2, DEADBEEF"})
    assert made.status == 201, made.json
    one = f"{SETTINGS}/1"
    assert (made.json["port"], made.json["tls"], made.json["free"]) == (9000, True, False)
    changed = site.patch(one, {"port": 9001}, made.json["etag"])
    assert (changed.status, changed.json["port"]) == (200, 9001)
    assert codes(site.patch(one, {"badges": "x" * 37}, changed.json["etag"])) == [("badges", "badge_wrong")]
    assert codes(site.get(one, "DELETE")) == [("", "ocpp_server_kept")]


def test_an_address_that_names_no_station_is_refused(site):
    answer = site.send("POST", "/api/v1/gateways", {"name": "Wrong", "url": "ocpp://a/b"})
    assert codes(answer) == [("url", "url_wrong")]


def test_its_state_has_each_station_that_is_configured(site):
    state = checked(site.get(STATE), STATE, "get").json
    assert (state["listens"], [each["station"] for each in state["stations"]]) == (False, ["CP-1"])
    assert (state["stations"][0]["connected"], state["stations"][0]["has_password"]) == (None, False)
    at_ms = NOW_TS * 1000
    connected = CallerState("CP-1", "2.0.1", "10.0.0.9", at_ms, at_ms, True, FACTS, ((1, "GroundFailure"),))
    site.views.publish(OCPP_VIEW, OcppView("0.0.0.0", 9000, True, (connected,), 3))
    state = checked(site.get(STATE), STATE, "get").json
    (station,) = state["stations"]
    assert (state["listens"], state["port"], state["refused"]) == (True, 9000, 3)
    assert (station["connected"]["version"], station["connected"]["serial"]) == ("2.0.1", "ACE01")
    assert station["connected"]["faults"] == [{"connector": 1, "text": "GroundFailure"}]
    site.views.publish(OCPP_VIEW, OcppView(trouble=Trouble("ocpp_without_tls", "no certificate", 1)))
    assert checked(site.get(STATE), STATE, "get").json["error"]["code"] == "ocpp_without_tls"


def test_a_password_is_new_each_time_and_shown_in_the_answer_alone(site):
    path = f"{STATE}/stations/CP-1/password"
    first, second = site.send("POST", path, {}), site.send("POST", path, {})
    assert (first.status, first.json["station"]) == (201, "CP-1")
    assert first.json["url"].startswith("wss://") and first.json["url"].endswith(":9000/ocpp/CP-1")
    assert 16 <= len(first.json["password"]) <= 40 and first.json["password"] != second.json["password"]
    assert site.secrets.of(secret_owner("CP-1")) == {"password": second.json["password"]}
    shown = site.get(STATE).text + site.get("/api/v1/installation").text + site.get("/api/v1/audit").text
    assert second.json["password"] not in shown and '"has_password":true' in shown


def test_nobody_gets_a_password_for_a_station_that_is_not_configured(site):
    answer = site.send("POST", f"{STATE}/stations/CP-9/password", {})
    assert (answer.status, answer.json["error"]["code"]) == (404, "ocpp_station_unknown")
