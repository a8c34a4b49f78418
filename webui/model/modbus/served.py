"""The Modbus TCP server as its page and the API show it."""

from __future__ import annotations

from runtime.core.modbusserver.liveenergy import ENERGY
from runtime.core.modbusserver.remoteid import RemoteObject, remote_objects
from runtime.core.modbusserver.serverview import MODBUS_SERVER_VIEW, ModbusServerView
from webui.model.bridge import Bridge


def modbus_state(bridge: Bridge) -> ModbusServerView:
    """Listening to nobody while it is switched off."""
    return bridge.views.get(MODBUS_SERVER_VIEW, ModbusServerView())


def offered_objects(bridge: Bridge) -> tuple[RemoteObject, ...]:
    """What a master may ask for by Remote ID, in the order of the installation."""
    site = bridge.installation()
    electric = frozenset(device.id for device in site.devices if ENERGY in bridge.counters(device.id))
    return tuple(remote_objects(site, electric))
