"""The owner of the OCPP server: its port, its certificate, buses that are woken, one event of what is refused."""

from __future__ import annotations

import socket

import pytest

from actors.message.device import CallerCame, EventReported
from actors.ocppserver.ocppserver import EVENT_EACH_S, LISTEN_AGAIN_S, LOOK_S, OcppServer, _Refused
from drivers.callers import Callers
from runtime.core.ocpp.connector import Connector
from runtime.core.ocpp.image import StationFacts
from runtime.core.ocpp.resource import OcppServerSpec
from runtime.core.ocpp.view import OCPP_VIEW
from runtime.core.site.installation import INSTALLATION_VIEW, GatewaySpec, Installation
from runtime.loop.loop import ProcessLoop
from tests.actors.stage import Stage, heard

SITE = Installation(version=1, gateways=(GatewaySpec(4, "One", "ocpp://CP-1"),))


class Connected:
    """A session as its owner sees it."""

    class station:
        version = "1.6"

    identity, address, facts, heard_ms = "CP-1", "10.0.0.9", StationFacts(), 2

    def __init__(self, since_ms=1, is_ready=True, fault=""):
        self.since_ms, self.is_ready = since_ms, is_ready
        self.connectors = {1: Connector(fault=fault)}


class Scene:
    def __init__(self, **settings):
        self.stage, self.callers = Stage(), Callers()
        self.recorder, self.bus = self.stage.mailbox("recorder"), self.stage.mailbox("bus.4")
        self.stage.views.publish(INSTALLATION_VIEW, SITE)
        self.loop = ProcessLoop(self.stage.views, self.stage.clock.monotonic)
        spec = OcppServerSpec(1, **{"on": True, "host": "127.0.0.1", "port": 0, "tls": False, **settings})
        passwords = {"CP-1": "one", "CP-2": "two"}
        incarnation = self.stage.incarnation("ocppserver")
        self.server = self.stage.add(
            OcppServer(incarnation, spec, self.loop, self.callers, lambda name: passwords.get(name, ""), lambda: None)
        )
        self.stage.play()

    @property
    def view(self):
        return self.stage.views.get(OCPP_VIEW)

    def passes(self, seconds=LOOK_S):
        self.stage.clock.advance(seconds)
        self.stage.play()

    def events(self):
        return [(each.code, each.detail) for each in heard(self.recorder) if isinstance(each, EventReported)]

    def woken(self):
        return [each for each in heard(self.bus) if isinstance(each, CallerCame)]


@pytest.fixture
def scene():
    made = Scene()
    yield made
    made.server.on_end()


def test_it_listens_and_tells_where(scene):
    assert scene.view.port and scene.view.host == "127.0.0.1"
    scene.server.on_end()
    assert scene.view.port == 0


def test_a_port_that_is_taken_is_reported_once_and_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        scene = Scene(port=taken.getsockname()[1])
        scene.passes(LISTEN_AGAIN_S)
        assert scene.view.trouble.code == "ocpp_port_unfit"
        assert [code for code, _ in scene.events()] == ["ocpp_port_unfit"]
    scene.passes(LISTEN_AGAIN_S)
    assert scene.view.port and scene.view.trouble is None
    scene.server.on_end()


def test_without_a_certificate_nothing_is_open():
    scene = Scene(tls=True)
    assert (scene.view.port, scene.view.trouble.code) == (0, "ocpp_without_tls")
    scene.server.on_end()


def test_the_bus_of_a_station_is_woken_once_when_it_can_be_read(scene):
    scene.callers.enter("CP-1", Connected(is_ready=False))
    scene.passes()
    assert scene.woken() == []
    scene.callers.enter("CP-1", Connected())
    scene.passes()
    scene.passes()
    assert scene.woken() == [CallerCame()]
    scene.callers.enter("CP-1", Connected(since_ms=5))
    scene.passes()
    assert scene.woken() == [CallerCame()]


def test_who_comes_and_goes_and_what_is_wrong_are_events(scene):
    scene.callers.enter("CP-1", Connected())
    scene.passes()
    scene.callers.enter("CP-1", Connected(fault="GroundFailure"))
    scene.passes()
    scene.passes()
    scene.callers.leave("CP-1", scene.callers.find("CP-1"))
    scene.passes()
    assert scene.events() == [
        ("ocpp_station_came", "CP-1: OCPP 1.6 from 10.0.0.9"),
        ("ocpp_station_fault", "CP-1, connector 1: GroundFailure"),
        ("ocpp_station_left", "CP-1"),
    ]


def test_one_event_of_an_address_that_is_refused_however_often(scene):
    for _ in range(5):
        scene.server.on_receive(_Refused("10.0.0.66", 401))
    assert scene.events() == [("ocpp_client_refused", "10.0.0.66: 401")]
    scene.passes(EVENT_EACH_S)
    scene.server.on_receive(_Refused("10.0.0.66", 401))
    assert len(scene.events()) == 1
    scene.passes()
    assert scene.view.refused == 6


def test_only_stations_of_gateways_that_are_on_have_a_password(scene):
    assert [scene.server._password_for(name) for name in ("CP-1", "CP-2")] == ["one", ""]
