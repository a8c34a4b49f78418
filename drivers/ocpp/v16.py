"""Version 1.6J: what a station says and is asked in its words."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from ocpp.exceptions import OCPPError
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result

from drivers.ocpp.ask import ask
from drivers.ocpp.moment import moment_of
from drivers.ocpp.session import Session
from drivers.ocpp.silentlogger import SILENT
from runtime.core.ocpp.image import StationFacts
from runtime.core.ocpp.profile import Profile, as_1_6
from runtime.core.ocpp.resource import MOST_BADGES

ANSWER_S = 5.0
BEAT_S = 60  # between two heartbeats: its clock is set by each
LOOK_S = 60  # of the schedule that is asked for
SETTINGS = {
    "MeterValueSampleInterval": "5",
    "MeterValuesSampledData": "Energy.Active.Import.Register,Current.Import,Power.Active.Import,Voltage",
    "ClockAlignedDataInterval": "0",
}
NO_FAULT = "NoError"
LONGEST_BADGE = 20


class Station16(ChargePoint):
    version = "1.6"

    def __init__(self, session: Session, connection: Any) -> None:
        super().__init__(session.identity, connection, ANSWER_S, SILENT)
        self._session = session

    # ---- what it says

    @on("BootNotification")
    def _boot(self, charge_point_vendor: str, charge_point_model: str, **more: Any) -> Any:
        serial = more.get("charge_point_serial_number") or more.get("charge_box_serial_number") or ""
        facts = StationFacts(charge_point_vendor, charge_point_model, serial, more.get("firmware_version") or "")
        self._session.booted(facts)
        return call_result.BootNotification(moment_of(self._session.heard_ms), BEAT_S, "Accepted")

    @on("Heartbeat")
    def _beat(self, **more: Any) -> Any:
        return call_result.Heartbeat(moment_of(self._session.heard_ms))

    @on("StatusNotification")
    def _status(self, connector_id: int, error_code: str, status: str, **more: Any) -> Any:
        words = (error_code if error_code != NO_FAULT else "", more.get("info"), more.get("vendor_error_code"))
        self._session.take_state(connector_id, status, " ".join(filter(None, words)), more.get("timestamp") or "")
        return call_result.StatusNotification()

    @on("Authorize")
    def _authorize(self, id_tag: str) -> Any:
        return call_result.Authorize(self._verdict(id_tag))

    @on("StartTransaction")
    def _start(self, connector_id: int, id_tag: str, meter_start: int, **more: Any) -> Any:
        session, transaction = self._session, self._session.begin_transaction()
        if session.accepts(id_tag):
            session.began(connector_id, transaction, id_tag)
        session.counted(connector_id, meter_start)
        return call_result.StartTransaction(transaction, self._verdict(id_tag))

    @on("StopTransaction")
    def _stop(self, meter_stop: int, transaction_id: int, **more: Any) -> Any:
        connector = self._session.ended(transaction_id)
        self._session.counted(connector, meter_stop)
        return call_result.StopTransaction()

    @on("MeterValues")
    def _meter(self, connector_id: int, meter_value: Sequence[Mapping[str, Any]], **more: Any) -> Any:
        self._session.goes_on(connector_id, more.get("transaction_id"))
        for each in meter_value:
            self._session.measured(connector_id, each["sampled_value"], each["timestamp"])
        return call_result.MeterValues()

    @on("DataTransfer")
    def _data(self, **more: Any) -> Any:
        return call_result.DataTransfer("UnknownVendorId")

    @on("DiagnosticsStatusNotification")
    def _diagnostics(self, **more: Any) -> Any:
        return call_result.DiagnosticsStatusNotification()

    @on("FirmwareStatusNotification")
    def _firmware(self, **more: Any) -> Any:
        return call_result.FirmwareStatusNotification()

    @on("SecurityEventNotification")
    def _security(self, **more: Any) -> Any:
        return call_result.SecurityEventNotification()

    # ---- what it is asked

    async def set_profile(self, profile: Profile) -> bool:
        answer = await ask(self, call.SetChargingProfile(profile.connector, as_1_6(profile)))
        return bool(answer.status == "Accepted")

    async def limit_in_force(self, connector: int) -> int | None:
        answer = await ask(self, call.GetCompositeSchedule(connector, LOOK_S, "A"))
        return first_limit_ma(answer.charging_schedule) if answer.status == "Accepted" else None

    async def start(self, connector: int, badge: str) -> bool:
        answer = await ask(self, call.RemoteStartTransaction(badge, connector))
        return bool(answer.status == "Accepted")

    async def stop(self, transaction: int | str) -> bool:
        answer = await ask(self, call.RemoteStopTransaction(int(transaction)))
        return bool(answer.status == "Accepted")

    async def make_available(self, connector: int, *, on: bool) -> bool:
        answer = await ask(self, call.ChangeAvailability(connector, "Operative" if on else "Inoperative"))
        return answer.status in ("Accepted", "Scheduled")

    async def configure(self, badges: Sequence[str], *, booted: bool) -> None:
        """As far as it takes it: what is refused is optional in this version."""
        asked: list[Any] = [call.ChangeConfiguration(key, value) for key, value in SETTINGS.items()]
        wanted = () if booted else ("BootNotification", "StatusNotification")
        asked += [call.TriggerMessage(what) for what in wanted]
        known = [badge for badge in badges if len(badge) <= LONGEST_BADGE][:MOST_BADGES]
        if known:
            listed = [{"id_tag": badge, "id_tag_info": {"status": "Accepted"}} for badge in known]
            asked.append(call.SendLocalList(list_version(known), "Full", listed))
        for each in asked:
            with contextlib.suppress(OCPPError):
                await ask(self, each)

    def _verdict(self, badge: str) -> dict[str, str]:
        return {"status": "Accepted" if self._session.accepts(badge) else "Invalid"}


def first_limit_ma(schedule: Any) -> int | None:
    """Of a composite schedule in amperes; None when it tells no such thing."""
    try:
        if schedule["charging_rate_unit"] != "A":
            return None
        return round(float(schedule["charging_schedule_period"][0]["limit"]) * 1000)
    except (TypeError, LookupError, ValueError, OverflowError):
        return None


def list_version(badges: Sequence[str]) -> int:
    """Above 0, another one for another list."""
    return zlib.crc32(",".join(badges).encode()) % 0x7FFFFFFE + 1
