"""A charging station for tests, with a car: it calls a server over a real socket and obeys its profiles as OCPP says.

It stands on the client side of the package ``ocpp``, as the server does on the other; what it does with profiles, its
clock, its car and its network is its own, and knows nothing of the server.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime
import ssl
import threading
from collections.abc import Callable
from typing import Any

from ocpp.routing import on
from ocpp.v16 import ChargePoint as ChargePoint16
from ocpp.v16 import call as call16
from ocpp.v16 import call_result as result16
from ocpp.v201 import ChargePoint as ChargePoint201
from ocpp.v201 import call as call201
from ocpp.v201 import call_result as result201
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from drivers.ocpp.silentlogger import SILENT

RATED_A = 32.0
SAMPLE_S = 0.2
TICK_S = 0.05


class Profiles:
    """Those that a station keeps; ``now_ts`` is its own clock."""

    def __init__(self, now_ts: Callable[[], float]) -> None:
        self._now_ts = now_ts
        self.kept: dict[tuple[str, int], dict[str, Any]] = {}
        self.takes: Callable[[dict[str, Any]], bool] = lambda profile: True

    def put(self, profile: dict[str, Any]) -> bool:
        if not self.takes(profile):
            return False
        self.kept[profile["charging_profile_purpose"], profile["stack_level"]] = profile
        return True

    def limit_a(self) -> float:
        """Of the highest level that holds now; those of the transaction before those of any."""
        for purpose in ("TxProfile", "TxDefaultProfile"):
            levels = sorted((level for kind, level in self.kept if kind == purpose), reverse=True)
            for level in levels:
                limit = self._limit_of(self.kept[purpose, level])
                if limit is not None:
                    return limit
        return RATED_A

    def _limit_of(self, profile: dict[str, Any]) -> float | None:
        schedule = profile["charging_schedule"]
        schedule = schedule[0] if isinstance(schedule, list) else schedule
        now = self._now_ts()
        if "valid_to" in profile and now >= _ts(profile["valid_to"]):
            return None
        if "start_schedule" in schedule:
            began = _ts(schedule["start_schedule"])
            if now < began or now >= began + schedule["duration"]:
                return None
        return float(schedule["charging_schedule_period"][0]["limit"])


class Station:
    """``plug`` a car, ``unplug`` it; ``drawn_a`` is what it takes now. ``wants_a`` 0 = none is there."""

    version = "1.6"

    def __init__(
        self, identity: str, port: int, password: str, *, tls: ssl.SSLContext | None = None,
        now_ts: Callable[[], float], badge: str = "",
    ) -> None:  # fmt: skip
        self.identity, self.badge = identity, badge
        self.url = f"{'wss' if tls else 'ws'}://127.0.0.1:{port}/ocpp/{identity}"
        self._tls, self._now_ts = tls, now_ts
        sealed = base64.b64encode(f"{identity}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {sealed}"}
        self.profiles = Profiles(now_ts)
        self.wants_a, self.energy_wh = 0.0, 1000.0
        self.transaction: Any = None
        self.starts_asked = 0
        self.is_authorised = False
        self.state = "Available"
        self.settings: dict[str, str] = {}
        self.badges: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._serving: asyncio.Task[None] | None = None
        self.point: Any = None
        self._link: Any = None
        self.status_of_refusal = 0

    # ---- what a test does

    def call_in(self, *, boots: bool = True) -> None:
        """Returns once it is in, and the server knows its state."""
        self._do(self._open(boots))

    def hang_up(self) -> None:
        """The network is gone: no goodbye."""
        self._do(self._close())

    def plug(self, wants_a: float = 16.0) -> None:
        self.wants_a = wants_a
        self._do(self._come())

    def unplug(self) -> None:
        self.wants_a = 0.0
        self._do(self._leave())

    def send_raw(self, text: str | bytes) -> None:
        self._do(self._link.send(text))

    def raw(self, text: str | bytes) -> str | None:
        """What comes back for it, None = the connection ended, or nothing did. Its own listening ends with it."""

        async def ask() -> str | None:
            assert self._serving is not None
            self._serving.cancel()
            await asyncio.wait([self._serving])
            try:
                await self._link.send(text)
                async with asyncio.timeout(0.5):
                    async for message in self._link:
                        if '"x"' in message:
                            return str(message)
            except (ConnectionClosed, TimeoutError):
                return None
            return None

        return self._do(ask())

    def freeze(self) -> None:
        """It stays connected, and reads nothing any more."""
        self._loop.call_soon_threadsafe(self._link.transport.pause_reading)

    @property
    def is_in(self) -> bool:
        return self._link is not None and self._serving is not None and not self._serving.done()

    def stop(self) -> None:
        self._do(self._wind_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def drawn_a(self) -> float:
        """A car draws nothing under 6 A."""
        if self.transaction is None or not self.is_authorised:
            return 0.0
        drawn = min(self.wants_a, self.profiles.limit_a())
        return drawn if drawn >= 6.0 else 0.0

    # ---- the network

    async def _open(self, boots: bool) -> None:
        protocols: Any = [f"ocpp{self.version}"]
        self._link = await connect(
            self.url, subprotocols=protocols, additional_headers=self._headers, ssl=self._tls, compression=None,
            logger=SILENT, proxy=None, server_hostname="localhost" if self._tls else None,
        )  # fmt: skip
        self.point = self._make_point()
        self._serving = self._loop.create_task(self._serve())
        if boots:
            await self._boot()
            await self._tell(self.state)

    async def _serve(self) -> None:
        meter = self._loop.create_task(self._meter())
        try:
            with contextlib.suppress(ConnectionClosed):
                await self.point.start()
        finally:
            meter.cancel()

    async def _close(self) -> None:
        if self._link is not None:
            self._link.transport.abort()
            if self._serving is not None:
                with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                    await asyncio.wait_for(self._serving, 5)

    async def _wind_up(self) -> None:
        await self._close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _meter(self) -> None:
        while True:
            await asyncio.sleep(SAMPLE_S)
            if self.transaction is not None:
                with contextlib.suppress(ConnectionClosed, TimeoutError):
                    await self._measure(self.drawn_a())

    # ---- the car

    async def _come(self) -> None:
        await self._tell("Preparing")
        if self.badge:
            self.loop_do(self._begin(self.badge))

    async def _leave(self) -> None:
        if self.transaction is not None:
            await self._end()
        await self._tell("Available")

    def loop_do(self, work: Any) -> None:
        self._task = self._loop.create_task(work)

    def now_text(self) -> str:
        return datetime.datetime.fromtimestamp(self._now_ts(), datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    # ---- version 1.6

    def _make_point(self) -> Any:
        return Point16(self, self._link)

    async def _boot(self) -> None:
        await self.point.call(call16.BootNotification("Model S", "Stand-in", charge_point_serial_number="S-1"))

    async def _tell(self, state: str, error: str = "NoError") -> None:
        self.state = state
        await self.point.call(call16.StatusNotification(1, error, state, timestamp=self.now_text()))

    async def _begin(self, badge: str) -> None:
        allowed = await self.point.call(call16.Authorize(badge))
        if allowed.id_tag_info["status"] != "Accepted":
            return
        begun = await self.point.call(
            call16.StartTransaction(1, badge, round(self.energy_wh), self.now_text()), suppress=False
        )
        self.transaction, self.is_authorised = begun.transaction_id, begun.id_tag_info["status"] == "Accepted"
        await self._tell("Charging")

    async def _end(self) -> None:
        transaction, self.transaction = self.transaction, None
        self.profiles.kept.pop(("TxProfile", 1), None)
        await self.point.call(call16.StopTransaction(round(self.energy_wh), self.now_text(), transaction))

    async def _measure(self, drawn_a: float) -> None:
        self.energy_wh += drawn_a * 690 * SAMPLE_S / 3600
        sampled = [{"value": f"{self.energy_wh:.1f}", "measurand": "Energy.Active.Import.Register", "unit": "Wh"}]
        sampled += [
            {"value": f"{drawn_a:.1f}", "measurand": "Current.Import", "phase": phase, "unit": "A"}
            for phase in ("L1", "L2", "L3")
        ]
        values = [{"timestamp": self.now_text(), "sampled_value": sampled}]
        await self.point.call(call16.MeterValues(1, values, self.transaction))


class Point16(ChargePoint16):
    def __init__(self, station: Station, connection: Any) -> None:
        super().__init__(station.identity, connection, 10, SILENT)
        self._station = station

    @on("SetChargingProfile")
    def _profile(self, connector_id: int, cs_charging_profiles: dict[str, Any]) -> Any:
        taken = self._station.profiles.put(cs_charging_profiles)
        return result16.SetChargingProfile("Accepted" if taken else "Rejected")

    @on("GetCompositeSchedule")
    def _schedule(self, connector_id: int, duration: int, **more: Any) -> Any:
        period = [{"start_period": 0, "limit": self._station.profiles.limit_a()}]
        schedule = {"charging_rate_unit": "A", "charging_schedule_period": period}
        return result16.GetCompositeSchedule("Accepted", connector_id, self._station.now_text(), schedule)

    @on("RemoteStartTransaction")
    def _start(self, id_tag: str, **more: Any) -> Any:
        self._station.starts_asked += 1
        self._station.loop_do(self._station._begin(id_tag))
        return result16.RemoteStartTransaction("Accepted")

    @on("RemoteStopTransaction")
    def _stop(self, transaction_id: int) -> Any:
        self._station.loop_do(self._station._end())
        return result16.RemoteStopTransaction("Accepted")

    @on("ChangeAvailability")
    def _available(self, connector_id: int, type: str) -> Any:
        self._station.loop_do(self._station._tell("Available" if type == "Operative" else "Unavailable"))
        return result16.ChangeAvailability("Accepted")

    @on("ChangeConfiguration")
    def _configure(self, key: str, value: str) -> Any:
        self._station.settings[key] = value
        return result16.ChangeConfiguration("Accepted")

    @on("TriggerMessage")
    def _trigger(self, requested_message: str, **more: Any) -> Any:
        if requested_message == "StatusNotification":
            self._station.loop_do(self._station._tell(self._station.state))
        return result16.TriggerMessage("Accepted")

    @on("SendLocalList")
    def _list(self, local_authorization_list: list[dict[str, Any]], **more: Any) -> Any:
        self._station.badges = [each["id_tag"] for each in local_authorization_list]
        return result16.SendLocalList("Accepted")


class Station201(Station):
    version = "2.0.1"

    def _make_point(self) -> Any:
        return Point201(self, self._link)

    async def _boot(self) -> None:
        told = {"vendor_name": "Stand-in", "model": "Model S", "serial_number": "S-1"}
        await self.point.call(call201.BootNotification(told, "PowerUp"))

    async def _tell(self, state: str, error: str = "NoError") -> None:
        self.state = state
        shown = state if state in ("Available", "Unavailable", "Faulted") else "Occupied"
        await self.point.call(call201.StatusNotification(self.now_text(), shown, 1, 1))

    async def _begin(self, badge: str) -> None:
        token = {"id_token": badge, "type": "ISO14443"}
        allowed = await self.point.call(call201.Authorize(token))
        if allowed.id_token_info["status"] != "Accepted":
            return
        self.transaction, self._seq = f"tx-{self.starts_asked}", 0
        begun = await self._event("Started", "Authorized", "Charging", id_token=token)
        self.is_authorised = begun.id_token_info["status"] == "Accepted"

    async def _end(self) -> None:
        await self._event("Ended", "EVDeparted", "Idle")
        self.transaction = None
        self.profiles.kept.pop(("TxProfile", 1), None)

    async def _measure(self, drawn_a: float) -> None:
        self.energy_wh += drawn_a * 690 * SAMPLE_S / 3600
        sampled: list[dict[str, Any]] = [{"value": self.energy_wh, "measurand": "Energy.Active.Import.Register"}]
        sampled += [{"value": drawn_a, "measurand": "Current.Import", "phase": phase} for phase in ("L1", "L2", "L3")]
        values = [{"timestamp": self.now_text(), "sampled_value": sampled}]
        await self._event(
            "Updated", "MeterValuePeriodic", "Charging" if drawn_a else "SuspendedEVSE", meter_value=values
        )

    async def _event(self, kind: str, reason: str, state: str, **more: Any) -> Any:
        self._seq += 1
        told = {"transaction_id": self.transaction, "charging_state": state}
        return await self.point.call(
            call201.TransactionEvent(kind, self.now_text(), reason, self._seq, told, evse={"id": 1}, **more)
        )


class Point201(ChargePoint201):
    def __init__(self, station: Station, connection: Any) -> None:
        super().__init__(station.identity, connection, 10, SILENT)
        self._station = station

    @on("SetChargingProfile")
    def _profile(self, evse_id: int, charging_profile: dict[str, Any], **more: Any) -> Any:
        taken = self._station.profiles.put(charging_profile)
        return result201.SetChargingProfile("Accepted" if taken else "Rejected")

    @on("GetCompositeSchedule")
    def _schedule(self, duration: int, evse_id: int, **more: Any) -> Any:
        period = [{"start_period": 0, "limit": self._station.profiles.limit_a()}]
        schedule = {
            "evse_id": evse_id, "duration": duration, "schedule_start": self._station.now_text(),
            "charging_rate_unit": "A", "charging_schedule_period": period,
        }  # fmt: skip
        return result201.GetCompositeSchedule("Accepted", None, schedule)

    @on("RequestStartTransaction")
    def _start(self, id_token: dict[str, Any], remote_start_id: int, **more: Any) -> Any:
        self._station.starts_asked += 1
        self._station.loop_do(self._station._begin(id_token["id_token"]))
        return result201.RequestStartTransaction("Accepted")

    @on("RequestStopTransaction")
    def _stop(self, transaction_id: str, **more: Any) -> Any:
        self._station.loop_do(self._station._end())
        return result201.RequestStopTransaction("Accepted")

    @on("ChangeAvailability")
    def _available(self, operational_status: str, **more: Any) -> Any:
        self._station.loop_do(self._station._tell("Available" if operational_status == "Operative" else "Unavailable"))
        return result201.ChangeAvailability("Accepted")

    @on("SetVariables")
    def _configure(self, set_variable_data: list[dict[str, Any]], **more: Any) -> Any:
        answers = []
        for each in set_variable_data:
            self._station.settings[each["variable"]["name"]] = each["attribute_value"]
            answers.append(
                {"attribute_status": "Accepted", "component": each["component"], "variable": each["variable"]}
            )
        return result201.SetVariables(answers)

    @on("TriggerMessage")
    def _trigger(self, requested_message: str, **more: Any) -> Any:
        if requested_message == "StatusNotification":
            self._station.loop_do(self._station._tell(self._station.state))
        return result201.TriggerMessage("Accepted")

    @on("SendLocalList")
    def _list(self, local_authorization_list: list[dict[str, Any]], **more: Any) -> Any:
        self._station.badges = [each["id_token"]["id_token"] for each in local_authorization_list]
        return result201.SendLocalList("Accepted")


STATIONS = {"1.6": Station, "2.0.1": Station201}


def _ts(text: str) -> float:
    return datetime.datetime.fromisoformat(text).timestamp()
