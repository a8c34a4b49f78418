"""The server on a real loop and port: TLS, versions, caps, and a station that is silent although it is connected."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from drivers.callers import Callers
from drivers.ocpp import central
from drivers.ocpp.central import OF_ONE_ADDRESS, OcppService
from drivers.ocpp.listener import listen
from drivers.ocpp.presence import states_of
from drivers.ocpp.silentlogger import SILENT
from runtime.clock import SystemClock
from runtime.core.ocpp.resource import OcppServerSpec
from runtime.errors import LinkDown
from runtime.loop.loop import ProcessLoop
from runtime.viewboard import Views
from tests.actors.stage import eventually
from tests.ocppstation import STATIONS, Station
from webui.front.tls.certificate import FILE, Certificates

PASSWORD = "a" * 32


class Served:
    """With one station, CP-1; ``refused`` are addresses and statuses."""

    def __init__(self, tls: ssl.SSLContext | None = None, spec: OcppServerSpec | None = None) -> None:
        self.callers, self.clock = Callers(), SystemClock()
        self.refused: list[tuple[str, int]] = []
        self._listener, self.stations = listen("127.0.0.1", 0), list[Station]()
        self.port = self._listener.getsockname()[1]

        def service(loop: Any) -> OcppService:
            return OcppService(
                loop, self._listener.dup(), tls, spec or OcppServerSpec(1, badges="04A2"), self.clock, self.callers,
                lambda identity: PASSWORD if identity == "CP-1" else "",
                lambda *refused: self.refused.append(refused), boot_s=0.2,
            )  # fmt: skip

        self.loop = ProcessLoop(Views(), self.clock.monotonic)
        self.loop.add("ocpp", service)
        self._run = self.loop.fresh()
        self._thread = threading.Thread(target=self._run.run, daemon=True)
        self._thread.start()

    def station(self, version: str = "1.6", tls: ssl.SSLContext | None = None) -> Station:
        made = STATIONS[version](
            "CP-1", self.port, PASSWORD, tls=tls, now_ts=lambda: self.clock.now_ms() / 1000, badge="04A2"
        )
        self.stations.append(made)
        return made

    def stop(self) -> None:
        for station in self.stations:
            station.stop()
        self._run.stop()
        self._thread.join(10)
        self._listener.close()


@pytest.fixture
def served() -> Iterator[Served]:
    made = Served()
    yield made
    made.stop()


def test_encrypted_with_the_certificate_of_the_pages(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path, lambda: (["localhost"], ["127.0.0.1"]), lambda: SystemClock().now_ts())
    certificates.open()
    made = Served(certificates.context())
    _, begin, rest = (tmp_path / FILE).read_text().partition("-----BEGIN CERTIFICATE-----")
    trusts = ssl.create_default_context(cadata=begin + rest)
    try:
        made.station("2.0.1", trusts).call_in()
        (state,) = states_of(made.callers)
        assert (state.identity, state.version, state.facts.serial) == ("CP-1", "2.0.1", "S-1")
    finally:
        made.stop()


def test_the_newest_connection_of_a_station_is_the_one(served: Served) -> None:
    first, second = served.station(), served.station("2.0.1")
    first.call_in()
    second.call_in()
    assert [state.version for state in states_of(served.callers)] == ["2.0.1"]
    assert eventually(lambda: not first.is_in) and second.is_in


def test_a_version_that_nobody_speaks_is_hung_up_on(served: Served) -> None:
    url = f"ws://CP-1:{PASSWORD}@127.0.0.1:{served.port}/ocpp/CP-1"
    with connect(url, subprotocols=["ocpp9.9"], logger=SILENT, proxy=None) as link:  # type: ignore[list-item]
        assert eventually(lambda: link.close_code == central.NO_VERSION or not _receives(link))
    assert not states_of(served.callers)


def _receives(link: Any) -> bool:
    try:
        link.recv(timeout=0.05)
    except TimeoutError:
        return True
    except Exception:  # noqa: BLE001 - however it ends
        return False
    return True


def test_other_paths_and_names_are_no_stations(served: Served) -> None:
    for path, status in (("/", 404), ("/ocpp/CP-2", 401), ("/ocpp/%2e%2e", 404)):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"ws://CP-1:{PASSWORD}@127.0.0.1:{served.port}{path}", logger=SILENT, proxy=None)
        assert refused.value.response.status_code == status
    assert [status for _, status in served.refused] == [404, 401, 404]


def test_connections_of_one_address_are_bounded_from_their_first_byte_on(served: Served) -> None:
    links = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(OF_ONE_ADDRESS + 5)]
    try:
        assert eventually(lambda: len(served.refused) == 5)
        assert {status for _, status in served.refused} == {503}
    finally:
        for link in links:
            link.close()


def test_whoever_does_not_answer_a_ping_is_gone(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(central, "ANSWER_S", 0.3)
    monkeypatch.setattr(central, "BEAT_S", 0.05)
    station = served.station()
    station.call_in()
    assert states_of(served.callers)
    station.freeze()
    assert eventually(lambda: not states_of(served.callers))


def test_a_station_that_did_not_boot_is_asked_how_it_is(served: Served) -> None:
    station = served.station("2.0.1")
    station.state = "Preparing"
    station.call_in(boots=False)
    assert eventually(lambda: any(state.is_ready for state in states_of(served.callers)))
    assert served.callers.find("CP-1").connectors[1].is_plugged


def test_free_charging_starts_who_is_plugged_in() -> None:
    made = Served(spec=OcppServerSpec(1, free=True))
    try:
        for version in STATIONS:
            station = made.station(version)
            station.badge = ""
            station.call_in()
            station.plug()
            assert eventually(lambda station=station: station.transaction is not None)
            assert station.starts_asked == 1
            station.hang_up()
    finally:
        made.stop()


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(LinkDown) as refused:
        listen("127.0.0.1", taken.getsockname()[1])
    assert refused.value.code == "ocpp_port_unfit"
