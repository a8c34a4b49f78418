"""The children that others connect to: the Modbus server for masters, the OCPP server for charging stations."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace

from actors.mailbox.incarnation import Incarnation
from actors.modbusserver.modbusserver import ModbusServer
from actors.ocppserver.ocppserver import OcppServer
from actors.supervision.childspec import ChildSpec
from drivers.callers import Callers
from runtime import __version__
from runtime.core.modbus.serverresource import ModbusServerSpec, server_of
from runtime.core.ocpp.identity import secret_owner
from runtime.core.ocpp.resource import OcppServerSpec, ocpp_of
from runtime.core.site.installation import Installation
from runtime.loop.loop import ProcessLoop
from runtime.secret.secrets import Secrets
from runtime.settings import Address
from runtime.store.env import Store

STOP_S = 3.0


class ServingChildren:
    """Of one server. ``modbus``: where the Modbus server listens, switched on or not; None = as it is configured."""

    def __init__(
        self, store: Store, loop: ProcessLoop, passwords: Secrets, callers: Callers,
        tls: Callable[[], ssl.SSLContext | None], modbus: Address | None,
    ) -> None:  # fmt: skip
        self._store, self._loop, self._passwords = store, loop, passwords
        self._callers, self._tls, self._modbus = callers, tls, modbus

    def children(self, site: Installation) -> list[ChildSpec]:
        """Those that are switched on."""
        children = []
        if (modbus := self._modbus_server(site)).on:
            children.append(self._modbus_child(modbus))
        if (ocpp := ocpp_of(site)).on:
            children.append(self._ocpp_child(ocpp))
        return children

    def _modbus_server(self, site: Installation) -> ModbusServerSpec:
        configured = server_of(site)
        if self._modbus is None:
            return configured
        return replace(configured, on=True, host=self._modbus.host, port=self._modbus.port)

    def _modbus_child(self, spec: ModbusServerSpec) -> ChildSpec:
        def make(incarnation: Incarnation) -> ModbusServer:
            return ModbusServer(incarnation, spec, self._store, self._loop, __version__)

        return ChildSpec("modbusserver", make, exclusive=True, part=spec, stop_deadline_s=STOP_S)

    def _ocpp_child(self, spec: OcppServerSpec) -> ChildSpec:
        def make(incarnation: Incarnation) -> OcppServer:
            return OcppServer(incarnation, spec, self._loop, self._callers, self._password_of, self._tls)

        return ChildSpec("ocppserver", make, exclusive=True, part=spec, stop_deadline_s=STOP_S)

    def _password_of(self, identity: str) -> str:
        return self._passwords.of(secret_owner(identity)).get("password", "")
