"""Orders to a station: no limit without a safe current, each an end of its own; a station's clock is allowed for."""

from __future__ import annotations

import asyncio
import concurrent.futures
import datetime

import pytest
from ocpp.exceptions import GenericError
from websockets.exceptions import ConnectionClosedError

from drivers.callers import Callers
from drivers.ocpp.line import ocpp_line
from drivers.ocpp.session import HEARD_S, OWN_BADGE, Session
from runtime.core.modbus.request import Request
from runtime.core.ocpp.image import FALLBACK, LIMIT, WATCHDOG, StationFacts
from runtime.core.ocpp.profile import UNTOLD_MA, UNTOLD_S
from runtime.core.ocpp.resource import OcppServerSpec
from runtime.errors import ConfigError, LinkDown, NoAnswer, Refused

TS = 1_773_223_080


class Clock:
    """One that a test turns."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at

    def now_ms(self) -> int:
        return TS * 1000 + round(self.at * 1000)

    def now_ts(self) -> int:
        return self.now_ms() // 1000


class Played:
    """A station that accepts what ``takes`` says, and notes what it was asked."""

    version = "1.6"

    def __init__(self) -> None:
        self.profiles, self.asked = [], []
        self.takes = lambda profile: True
        self.in_force = None

    async def set_profile(self, profile):
        self.profiles.append(profile)
        return self.takes(profile)

    async def limit_in_force(self, connector):
        return self.in_force

    async def start(self, connector, badge):
        self.asked.append(("start", connector, badge))
        return True

    async def stop(self, transaction):
        self.asked.append(("stop", transaction))
        return True

    async def make_available(self, connector, *, on):
        self.asked.append(("available", connector, on))
        return True


class Stage:
    def __init__(self, free=False) -> None:
        self.loop, self.clock, self.callers = asyncio.new_event_loop(), Clock(), Callers()
        self.spec = OcppServerSpec(1, free=free, badges="04A2")
        self.session = self.connected()

    def connected(self) -> Session:
        session = Session("CP-1", self.loop, self.clock, self.callers, self.spec, iter(range(7, 99)).__next__)
        session.station = self.station = Played()
        self.callers.enter("CP-1", session)
        session.take_state(1, "Preparing")
        return session

    def order(self, name: str, value: int) -> bool:
        async def carry_out() -> bool:
            done = await self.session._carry_out(1, name, value)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return done

        return self.loop.run_until_complete(carry_out())

    @property
    def connector(self):
        return self.session.connectors[1]

    def sent(self):
        return [(each.limit_ma, each.lasts_s, each.transaction) for each in self.station.profiles]


@pytest.fixture
def stage():
    made = Stage()
    yield made
    made.loop.close()


def test_the_first_limit_is_preceded_by_a_safe_current(stage):
    assert stage.order("limit", 16_000)
    assert stage.sent() == [(UNTOLD_MA, 0, None), (16_000, UNTOLD_S, None)]
    assert stage.order("limit", 10_000)
    assert stage.sent()[2:] == [(10_000, UNTOLD_S, None)]
    assert stage.connector.limit_in_force(0.0) == 10_000


def test_without_a_safe_current_no_limit_is_sent(stage):
    stage.station.takes = lambda profile: bool(profile.lasts_s)
    assert not stage.order("limit", 16_000)
    assert stage.sent() == [(UNTOLD_MA, 0, None)] and stage.connector.limit_ma is None


def test_a_limit_of_a_transaction_names_it_and_one_that_is_rejected_so_is_tried_without(stage):
    stage.session.began(1, 7, "04A2")
    stage.station.takes = lambda profile: profile.transaction is None
    assert stage.order("limit", 16_000)
    assert [transaction for _, _, transaction in stage.sent()] == [None, 7, None]


def test_a_shorter_watchdog_shortens_the_limit_that_holds(stage):
    stage.order("fallback", 8_000)
    stage.order("limit", 16_000)
    assert stage.order("watchdog", 15)
    assert stage.sent() == [(8_000, 0, None), (16_000, UNTOLD_S, None), (16_000, 15, None)]
    assert [stage.connector.limit_in_force(now) for now in (12.9, 13.1)] == [16_000, 8_000]


def test_a_rejected_limit_leaves_the_higher_one_in_force(stage):
    stage.order("limit", 10_000)
    stage.station.takes = lambda profile: False
    assert not stage.order("limit", 16_000)
    assert stage.connector.limit_in_force(0.0) == 16_000


def test_what_it_shows_to_be_in_force_counts_where_it_is_more(stage):
    stage.session.began(1, 7, "04A2")
    stage.station.in_force = 32_000
    stage.order("limit", 10_000)
    assert stage.connector.limit_in_force(0.0) == 32_000


def test_a_new_connection_sets_the_safe_current_again_as_it_was_given(stage):
    stage.order("fallback", 8_000)
    stage.order("watchdog", 20)
    stage.order("limit", 16_000)
    stage.session = stage.connected()
    assert stage.connector.limit_in_force(0.0) == 16_000 and stage.connector.fallback_ma == 0
    stage.order("limit", 12_000)
    assert stage.sent() == [(8_000, 0, None), (12_000, 20, None)]


def test_after_a_boot_no_limit_is_known_and_the_safe_current_is_set_again(stage):
    stage.order("limit", 16_000)
    stage.session.booted(StationFacts("Alfen", "NG910"))
    assert stage.connector.limit_in_force(0.0) is None
    stage.order("limit", 16_000)
    assert stage.sent()[2:] == [(UNTOLD_MA, 0, None), (16_000, UNTOLD_S, None)]


def test_a_clock_that_is_behind_has_limits_begin_by_it_and_one_that_is_ahead_does_not_have_them_end_late(stage):
    for behind_s, begins_ts in ((20, TS - 22), (-20, TS - 2)):
        stage.session._behind.clear()
        text = datetime.datetime.fromtimestamp(TS - behind_s, datetime.UTC).isoformat()
        stage.session.take_state(1, "Preparing", moment=text)
        stage.order("limit", 16_000)
        assert stage.station.profiles[-1].begins_ts == begins_ts


def test_messages_that_waited_in_the_station_say_nothing_of_its_clock(stage):
    stage.session.take_state(1, "Preparing", moment=_text(TS))
    stage.session.measured(1, [{"value": "5", "measurand": "Current.Import", "phase": "L1"}], _text(TS - 300))
    assert stage.connector.currents_ma[0] is None
    stage.order("limit", 16_000)
    assert stage.station.profiles[-1].begins_ts == TS - 2


def _text(ts):
    return datetime.datetime.fromtimestamp(ts, datetime.UTC).isoformat()


def test_free_charging_starts_who_is_plugged_in_once():
    stage = Stage(free=True)
    try:
        stage.session.take_state(2, "Preparing")
        stage.session.take_state(2, "Preparing")
        stage.loop.run_until_complete(asyncio.sleep(0))
        assert [each for each in stage.station.asked if each[1] == 2] == [("start", 2, OWN_BADGE)]
        assert stage.session.accepts("whoever")
    finally:
        stage.loop.close()


def test_orders_of_charge_and_station(stage):
    stage.session.began(1, 7, "04A2")
    assert stage.order("charge", 0) and stage.order("charge", 1) and stage.order("station", 0)
    assert stage.station.asked == [("stop", 7), ("start", 1, "04A2"), ("available", 1, False)]


def test_an_error_of_the_station_is_a_refusal(stage):
    async def fails(profile):
        raise GenericError("no")

    stage.station.set_profile = fails
    assert not stage.order("limit", 16_000)


# ---- the line


def line_of(stage):
    return ocpp_line("ocpp://CP-1", stage.clock, stage.callers)


def write(at, value):
    return Request(1, 6, at, 1, value.to_bytes(2, "big"))


class Answering:
    """Stands where a session would, and answers as it is told."""

    is_ready = True

    def __init__(self, result) -> None:
        self.result, self.orders = result, []

    await_order = Session.await_order
    identity = "CP-1"

    def begin_order(self, unit, order, value):
        self.orders.append((unit, order, value))
        future = concurrent.futures.Future()
        if isinstance(self.result, Exception):
            future.set_exception(self.result)
        elif self.result is not None:
            future.set_result(self.result)
        return future


@pytest.mark.parametrize(
    ("at", "raw", "order"), [(LIMIT, 137, ("limit", 13_700)), (FALLBACK, 60, ("fallback", 6_000)),
                             (WATCHDOG, 30, ("watchdog", 30)), (30, 1, ("charge", 1)), (2, 0, ("station", 0))],
)  # fmt: skip
def test_a_write_becomes_an_order(stage, at, raw, order):
    played = Answering(True)
    stage.callers.enter("CP-1", played)
    assert line_of(stage).transact(write(at, raw), 1.0) == b""
    assert played.orders == [(1, *order)]


@pytest.mark.parametrize(
    ("result", "error"),
    [(False, Refused), (None, NoAnswer), (TimeoutError(), NoAnswer), (ConnectionClosedError(None, None), LinkDown)],
)
def test_what_the_station_does_not_do_is_an_error(stage, result, error):
    stage.callers.enter("CP-1", Answering(result))
    with pytest.raises(error):
        line_of(stage).transact(write(LIMIT, 100), 0.01)


def test_registers_that_there_are_not_are_refused(stage):
    line = line_of(stage)
    for request in (write(5, 1), Request(1, 4, 0, 1), Request(1, 3, 139, 2)):
        with pytest.raises(Refused):
            line.transact(request, 1.0)
    with pytest.raises(NoAnswer):
        line.transact(Request(9, 3, 0, 1), 1.0)


def test_a_station_that_is_not_there_or_not_heard_is_a_link_that_is_down(stage):
    line = line_of(stage)
    assert line.is_open and line.transact(Request(1, 3, 0, 2), 1.0)
    stage.clock.at = HEARD_S + 0.1
    assert not line.is_open
    with pytest.raises(LinkDown) as silent:
        line.open()
    assert silent.value.code == "station_away"
    stage.session.heard()
    assert line.is_open
    line.close()
    with pytest.raises(LinkDown):
        line.transact(Request(1, 3, 0, 2), 1.0)


@pytest.mark.parametrize("url", ["ocpp://", "ocpp://a/b", "ocpp://a b", "tcp://a"])
def test_an_address_that_names_no_station_is_refused(stage, url):
    with pytest.raises(ConfigError):
        ocpp_line(url, stage.clock)
