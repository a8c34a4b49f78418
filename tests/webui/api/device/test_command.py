"""Telling devices something over HTTP: what can be told, who may, and what comes back."""

from dataclasses import replace

import pytest

from actors.mailbox.reply import answer, refuse
from actors.message.device import Command
from runtime.core.device.command import DONE, UNCONFIRMED, Outcome
from runtime.core.site.defaults import complete
from runtime.core.site.installation import DeviceSpec
from runtime.errors import WattkeeperError
from runtime.store.env import open_store
from tests.webui.api.described import checked
from tests.webui.edited import EditedSite
from tests.webui.stage import NOW_TS
from tests.webui.stage import installation as usual
from webui.http.caller import Caller

BOARD, STATION, STATE, CONTROL = 4, 5, 6, 7
DEVICES = (
    DeviceSpec(BOARD, "Board", 1, 40, "legrand-028812", labels={"output_1": "Gate"}),
    DeviceSpec(STATION, "Station", 1, 41, "legrand-greenup"),
    DeviceSpec(STATE, "Pump breaker", 1, 2, "legrand-414929", interface=2),
    DeviceSpec(CONTROL, "Pump", 1, 2, "legrand-414931", interface=2),
)


class Site(EditedSite):
    """``says``: what the gateway answers; without it a command is done."""

    def __init__(self, store):
        site = usual()
        super().__init__(store, complete(replace(site, devices=(*site.devices, *DEVICES))))
        self.says, self.told = None, []
        real = self.peers

        def peers(name, message):
            if not isinstance(message, Command):
                return real(name, message)
            self.told.append((name, message.wish))
            self._answer(message)
            return True

        self.peers = peers

    def _answer(self, message):
        if isinstance(self.says, WattkeeperError):
            refuse(message.reply, self.says)
        else:
            outcome = self.says or Outcome(message.wish, DONE, NOW_TS * 1000, "output_1_state", 1, 1)
            answer(message.reply, replace(outcome, wish=message.wish))

    def tell(self, device, command, value, **headers):
        path = f"/api/v1/devices/{device}/commands"
        return checked(self.send("POST", path, {"command": command, "value": value}, **headers), path, "post")

    def commands(self, device):
        path = f"/api/v1/devices/{device}/commands"
        return {each["command"]: each for each in checked(self.get(path), path).json}


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield Site(store)
    store.close()


def test_what_a_device_can_be_told_is_listed(site):
    rows = site.commands(BOARD)
    assert rows["output_1"]["choices"] == ["off", "on"]
    assert rows["output_1"]["name"] == "Gate" and rows["output_2"]["name"] is None
    on_time = rows["output_1_on_time"]
    assert (on_time["least"], on_time["most"], on_time["unit"], on_time["choices"]) == (0, 3600, "s", None)
    assert site.commands(1) == {}


def test_a_list_says_what_is_locked(site):
    assert {row["locked"] for row in site.commands(BOARD).values()} == {"map_provisional"}


def test_a_command_is_told_and_its_outcome_comes_back(site):
    told = site.tell(BOARD, "output_1", "on").json
    assert (told["ok"], told["state"], told["told"], told["read"]) == (True, "done", "on", "on")
    (name, wish), *_ = site.told
    assert name == "gateway.1"
    assert (wish.device, wish.command, wish.value, wish.author) == (BOARD, "output_1", "on", "local")


def test_numbers_are_numbers(site):
    site.tell(STATION, "limit", 16)
    site.tell(STATION, "limit", 10.5)
    assert [wish.value for _, wish in site.told] == [16, 10.5]


def test_the_idempotency_key_is_the_request(site):
    site.tell(BOARD, "output_1", "on", idempotency_key="k1")
    site.tell(BOARD, "output_1", "on")
    site.tell(BOARD, "output_1", "on")
    keys = [wish.request for _, wish in site.told]
    assert keys[0] == "k1" and keys[1] and keys[1] != keys[2]


def test_what_the_device_shows_otherwise_is_told(site):
    site.says = Outcome(None, UNCONFIRMED, NOW_TS * 1000, "output_1_state", 1, 0, "command_not_taken", "shows off")
    told = site.tell(BOARD, "output_1", "on").json
    assert (told["ok"], told["state"], told["told"], told["read"]) == (False, "unconfirmed", "on", "off")
    assert told["code"] == "command_not_taken"


@pytest.mark.parametrize(
    ("code", "status", "field"),
    [
        ("command_unknown", 404, "command"),
        ("command_value", 422, "value"),
        ("map_provisional", 403, None),
        ("device_off", 409, None),
        ("model_other", 409, None),
        ("request_reused", 409, None),
        ("no_reply", 503, None),
    ],
)
def test_what_is_refused_says_why(site, code, status, field):
    site.says = WattkeeperError(code, "no")
    refused = site.tell(BOARD, "output_1", "on")
    assert (refused.status, refused.json["error"]["code"]) == (status, code)
    assert refused.json["error"].get("field") == field


@pytest.mark.parametrize(
    "body", [{}, {"command": "output_1"}, {"command": "output_1", "value": True}, {"command": 1, "value": 1}]
)
def test_a_body_that_makes_no_sense_is_refused(site, body):
    assert site.send("POST", f"/api/v1/devices/{BOARD}/commands", body).status == 400
    assert site.told == []


def test_a_command_to_an_address_reaches_the_module_that_carries_it(site):
    assert set(site.commands(STATE)) == {"contactor"}
    assert site.commands(STATE)["contactor"]["device"] == CONTROL
    site.tell(STATE, "contactor", "open")
    assert site.told[0][1].device == CONTROL


def test_stations_ask_for_their_own_right(site):
    site.caller = Caller("ada", 2, frozenset({("panel_board", "act")}))
    assert site.tell(BOARD, "output_1", "on").status == 200
    assert site.tell(STATION, "charge", "wait").status == 403
    site.caller = Caller("bob", 3, frozenset({("green_up", "act")}))
    assert site.tell(STATION, "charge", "wait").status == 200
    assert site.tell(BOARD, "output_1", "on").status == 403
    assert [wish.author for _, wish in site.told] == ["ada", "bob"]


def test_there_is_no_telling_what_is_not_there(site):
    assert site.tell(99, "output_1", "on").status == 404
    assert site.get("/api/v1/devices/99/commands").status == 404


TRIAL = f"/api/v1/devices/{BOARD}/trial"


def test_one_device_is_unlocked_for_a_while_and_locked_again(site):
    unlocked = checked(site.send("POST", TRIAL, {"minutes": 10}), TRIAL, "post")
    assert unlocked.status == 200 and unlocked.json["locked"] is None
    assert site.installation.device(BOARD).trial_until_ts == NOW_TS + 600
    assert {row["locked"] for row in site.commands(BOARD).values()} == {None}
    assert {row["locked"] for row in site.commands(STATION).values()} == {"map_provisional"}
    locked = checked(site.get(TRIAL, "DELETE"), TRIAL, "delete")
    assert locked.json["locked"] == "map_provisional" and locked.json["trial_until"] is None


def test_a_trial_ends_by_itself(site):
    site.send("POST", TRIAL, {"minutes": 10})
    site.clock.goes_on(600)
    assert {row["locked"] for row in site.commands(BOARD).values()} == {"map_provisional"}


def test_who_unlocked_is_in_the_audit_trail(site):
    site.send("POST", TRIAL, {})
    entry = site.trail.last()
    assert entry.author == "local" and entry.touches("device", BOARD)
    assert list(entry.changes[0].fields) == ["trial_until_ts"]


def test_a_trial_lasts_a_day_at_most(site):
    assert site.send("POST", TRIAL, {"minutes": 1441}).status == 400
    assert site.send("POST", TRIAL, {"minutes": 0}).status == 400


def test_what_is_not_locked_needs_no_trial(site):
    assert checked(site.send("POST", "/api/v1/devices/1/trial", {}), "/api/v1/devices/1/trial", "post").status == 409
