"""Version 2.0.1: what a station says and is asked in its words. An EVSE is what version 1.6 calls a connector."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from ocpp.exceptions import OCPPError
from ocpp.routing import on
from ocpp.v201 import ChargePoint, call, call_result

from drivers.ocpp.ask import ask
from drivers.ocpp.moment import moment_of
from drivers.ocpp.session import Session
from drivers.ocpp.silentlogger import SILENT
from drivers.ocpp.v16 import ANSWER_S, BEAT_S, LOOK_S, SETTINGS, first_limit_ma, list_version
from runtime.core.ocpp.image import StationFacts
from runtime.core.ocpp.profile import Profile, as_2_0_1

FACTS = ("vendor_name", "model", "serial_number", "firmware_version")
# (component, variable) -> value
VARIABLES = {
    ("SampledDataCtrlr", "TxUpdatedInterval"): SETTINGS["MeterValueSampleInterval"],
    ("SampledDataCtrlr", "TxUpdatedMeasurands"): SETTINGS["MeterValuesSampledData"],
}


class Station201(ChargePoint):
    version = "2.0.1"

    def __init__(self, session: Session, connection: Any) -> None:
        super().__init__(session.identity, connection, ANSWER_S, SILENT)
        self._session = session
        self._starts = 0

    # ---- what it says

    @on("BootNotification")
    def _boot(self, charging_station: Mapping[str, Any], **more: Any) -> Any:
        told = (
            charging_station.get(key) or "" for key in ("vendor_name", "model", "serial_number", "firmware_version")
        )
        self._session.booted(StationFacts(*told))
        return call_result.BootNotification(moment_of(self._session.heard_ms), BEAT_S, "Accepted")

    @on("Heartbeat")
    def _beat(self, **more: Any) -> Any:
        return call_result.Heartbeat(moment_of(self._session.heard_ms))

    @on("StatusNotification")
    def _status(self, timestamp: str, connector_status: str, evse_id: int, **more: Any) -> Any:
        """Of "Occupied" transaction events tell more."""
        connector = self._session.connectors.get(evse_id)
        if connector_status != "Occupied" or connector is None or connector.transaction is None:
            fault = connector_status if connector_status == "Faulted" else ""
            self._session.take_state(evse_id, connector_status, fault, timestamp)
        return call_result.StatusNotification()

    @on("Authorize")
    def _authorize(self, id_token: Mapping[str, Any], **more: Any) -> Any:
        return call_result.Authorize(self._verdict(id_token))

    @on("TransactionEvent")
    def _transaction(
        self, event_type: str, timestamp: str, transaction_info: Mapping[str, Any], **more: Any
    ) -> Any:  # fmt: skip
        session, transaction = self._session, transaction_info["transaction_id"]
        unit = (more.get("evse") or {}).get("id") or self._connector_of(transaction)
        token = more.get("id_token")
        if event_type == "Started" or (event_type == "Updated" and token):
            badge = (token or {}).get("id_token") or ""
            session.began(unit, transaction, badge)
        session.goes_on(unit, transaction)
        for each in more.get("meter_value") or ():
            session.measured(unit, each["sampled_value"], each["timestamp"])
        if state := transaction_info.get("charging_state"):
            session.take_state(unit, state, moment=timestamp)
        if event_type == "Ended":
            session.ended(transaction)
        return call_result.TransactionEvent(id_token_info=self._verdict(token) if token else None)

    @on("MeterValues")
    def _meter(self, evse_id: int, meter_value: Sequence[Mapping[str, Any]], **more: Any) -> Any:
        for each in meter_value:
            self._session.measured(evse_id, each["sampled_value"], each["timestamp"])
        return call_result.MeterValues()

    @on("NotifyEvent")
    def _event(self, **more: Any) -> Any:
        return call_result.NotifyEvent()

    @on("NotifyReport")
    def _report(self, **more: Any) -> Any:
        return call_result.NotifyReport()

    @on("NotifyChargingLimit")
    def _other_limit(self, **more: Any) -> Any:
        return call_result.NotifyChargingLimit()

    @on("ClearedChargingLimit")
    def _no_other_limit(self, **more: Any) -> Any:
        return call_result.ClearedChargingLimit()

    @on("SecurityEventNotification")
    def _security(self, **more: Any) -> Any:
        return call_result.SecurityEventNotification()

    @on("FirmwareStatusNotification")
    def _firmware(self, **more: Any) -> Any:
        return call_result.FirmwareStatusNotification()

    @on("LogStatusNotification")
    def _log(self, **more: Any) -> Any:
        return call_result.LogStatusNotification()

    @on("DataTransfer")
    def _data(self, **more: Any) -> Any:
        return call_result.DataTransfer("UnknownVendorId")

    # ---- what it is asked

    async def set_profile(self, profile: Profile) -> bool:
        answer = await ask(self, call.SetChargingProfile(profile.connector, as_2_0_1(profile)))
        return bool(answer.status == "Accepted")

    async def limit_in_force(self, connector: int) -> int | None:
        answer = await ask(self, call.GetCompositeSchedule(LOOK_S, connector, "A"))
        return first_limit_ma(answer.schedule) if answer.status == "Accepted" else None

    async def start(self, connector: int, badge: str) -> bool:
        self._starts += 1
        token = {"id_token": badge, "type": "Central"}
        answer = await ask(self, call.RequestStartTransaction(token, self._starts, connector))
        return bool(answer.status == "Accepted")

    async def stop(self, transaction: int | str) -> bool:
        answer = await ask(self, call.RequestStopTransaction(str(transaction)))
        return bool(answer.status == "Accepted")

    async def make_available(self, connector: int, *, on: bool) -> bool:
        answer = await ask(self, call.ChangeAvailability("Operative" if on else "Inoperative", {"id": connector}))
        return answer.status in ("Accepted", "Scheduled")

    async def configure(self, badges: Sequence[str], *, booted: bool) -> None:
        """As far as it takes it."""
        variables = [
            {"component": {"name": component}, "variable": {"name": variable}, "attribute_value": value}
            for (component, variable), value in VARIABLES.items()
        ]
        asked: list[Any] = [call.SetVariables(variables)]
        asked += [call.TriggerMessage(what) for what in (() if booted else ("BootNotification", "StatusNotification"))]
        if badges:
            listed = [
                {"id_token": {"id_token": badge, "type": "ISO14443"}, "id_token_info": {"status": "Accepted"}}
                for badge in badges
            ]
            asked.append(call.SendLocalList(list_version(badges), "Full", listed))
        for each in asked:
            with contextlib.suppress(OCPPError):
                await ask(self, each)

    def _connector_of(self, transaction: str) -> int:
        known = self._session.connectors.items()
        return next((unit for unit, connector in known if connector.transaction == transaction), 0)

    def _verdict(self, token: Mapping[str, Any]) -> dict[str, str]:
        badge, without = token["id_token"], token["type"] == "NoAuthorization"
        free = without and self._session.spec.free
        return {"status": "Accepted" if free or self._session.accepts(badge) else "Invalid"}
