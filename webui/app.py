"""The web application: every room's routes under one roof."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

import bottle

from runtime.secret.vault import Vault
from webui.access.client import AccessClient
from webui.access.guard import Guard
from webui.api.access.certificate import CertificateApi
from webui.api.access.firstsetup import FirstSetupApi
from webui.api.access.screen import ScreenApi
from webui.api.access.session import SessionApi
from webui.api.access.sessions import SessionsApi
from webui.api.access.token import TokenApi
from webui.api.access.user import UserApi
from webui.api.device.charging import ChargingApi
from webui.api.device.command import CommandApi
from webui.api.device.live import LiveApi
from webui.api.device.meters import MeterTreeApi
from webui.api.device.test import DeviceTestApi
from webui.api.device.trace import TraceApi
from webui.api.history.alarm import AlarmApi
from webui.api.history.archive import ArchiveApi
from webui.api.history.chargesession import ChargeSessionApi
from webui.api.history.consumption import ConsumptionApi
from webui.api.history.correction import CorrectionApi
from webui.api.history.curve import CurveApi
from webui.api.history.download import DownloadApi
from webui.api.history.energycheck import EnergyCheckApi
from webui.api.history.eqcheck import EqCheckApi
from webui.api.history.record import RecordApi
from webui.api.machine.automation import AutomationApi
from webui.api.machine.machine import MachineApi
from webui.api.machine.modbusserver import ModbusServerApi
from webui.api.machine.ocpp import OcppApi
from webui.api.machine.outlet import OutletApi
from webui.api.machine.servers import ServersApi
from webui.api.machine.system import SystemApi
from webui.api.site.audit import AuditApi
from webui.api.site.catalogue import CatalogueApi
from webui.api.site.configured import ConfiguredApi
from webui.api.site.ownmap import OwnMapApi
from webui.api.site.scan import ScanApi
from webui.api.site.settings import SettingsApi
from webui.api.site.tariff import TariffApi
from webui.api.site.transfer import TransferApi
from webui.http.errors import ErrorShape
from webui.http.permission import Route
from webui.http.staticfile import StaticFiles
from webui.model.bridge import Bridge
from webui.pages.access.login import LoginPages
from webui.pages.access.screens import ScreenPages
from webui.pages.access.security import SecurityPage
from webui.pages.access.users import UserPages
from webui.pages.charging.charging import ChargingPages
from webui.pages.charging.configuration import ChargingSetup
from webui.pages.charging.ocpp import OcppSetup
from webui.pages.display.alarms import AlarmsPage
from webui.pages.display.consumptions import ConsumptionsPage
from webui.pages.display.curves import CurvesPage
from webui.pages.display.device import DevicePage
from webui.pages.display.devices import DevicesPage
from webui.pages.display.energycheck import EnergyCheckPages
from webui.pages.display.gateways import GatewaysPage
from webui.pages.display.history import HistoryPages
from webui.pages.display.home import HomePage
from webui.pages.display.hubs import HubPages
from webui.pages.display.links import LinksPage
from webui.pages.display.servers import ServersPage
from webui.pages.display.styleguide import StyleguidePage
from webui.pages.display.system import SystemPage
from webui.pages.display.trace import TracePage
from webui.pages.frame.finder import Finder
from webui.pages.frame.manifest import Manifest
from webui.pages.frame.preference import Preferences
from webui.pages.frame.refusalwords import RefusalWords
from webui.pages.frame.shell import Shell
from webui.pages.frame.stock import Stock
from webui.pages.meter.teleinfo import TeleinfoPage
from webui.pages.meter.tree import MeterTreePage
from webui.pages.report.download import DownloadPage
from webui.pages.setup.automation import AutomationSetup
from webui.pages.setup.bill import BillPages
from webui.pages.setup.budget import BudgetSetup
from webui.pages.setup.device import DeviceSetup
from webui.pages.setup.gateway import GatewaySetup
from webui.pages.setup.group import GroupSetup
from webui.pages.setup.machine import MachinePages
from webui.pages.setup.outlet import OutletSetup
from webui.pages.setup.ownmaps import OwnMapPages
from webui.pages.setup.server import ServerSetup
from webui.pages.setup.site import SiteSetup
from webui.pages.setup.threshold import ThresholdSetup


def build(bridge: Bridge, vault: Vault | None = None, stock: Stock | None = None) -> bottle.Bottle:
    """The WSGI application over ``bridge``.

    vault  of the server's secrets; None = the door stands open, everybody is at the machine itself
    stock  None = one of its own
    """
    stock = stock or Stock()
    shell = Shell(bridge, stock)
    app = bottle.Bottle()
    app.config["json.enable"] = False
    errors = ErrorShape(shell.error_page)
    gate = AccessClient(bridge, vault or Vault(secrets.token_bytes()), shell.explain)
    door = Guard(gate, is_closed=vault is not None)
    app.install(errors)
    app.install(door)
    app.add_hook("before_request", door.identify)
    app.default_error_handler = errors.unrouted
    for route in (*routes(bridge, shell, stock.files), *Manifest(stock).routes(), *access_routes(gate, bridge, shell)):
        asked = {"permissions": route.permissions, "asks_pin": route.asks_pin}
        app.route(route.path, route.method, route.handler, **asked)
    return app


def access_routes(gate: AccessClient, bridge: Bridge, shell: Shell) -> Iterable[Route]:
    yield from SessionApi(gate, bridge).routes()
    yield from UserApi(gate).routes()
    yield from TokenApi(gate, bridge).routes()
    yield from ScreenApi(gate, bridge).routes()
    yield from SessionsApi(gate, bridge).routes()
    yield from FirstSetupApi(gate, bridge).routes()
    yield from LoginPages(gate, bridge, shell).routes()
    yield from UserPages(gate, bridge, shell).routes()
    yield from ScreenPages(gate, bridge, shell).routes()


def routes(bridge: Bridge, shell: Shell, files: StaticFiles) -> Iterable[Route]:
    yield from files.routes()
    for api in (
        SystemApi,
        LiveApi,
        MeterTreeApi,
        ConfiguredApi,
        ConsumptionApi,
        CurveApi,
        RecordApi,
        AlarmApi,
        EqCheckApi,
        EnergyCheckApi,
        DownloadApi,
        CorrectionApi,
        ArchiveApi,
        TariffApi,
        TraceApi,
        DeviceTestApi,
        CommandApi,
        MachineApi,
        ModbusServerApi,
        OcppApi,
        ChargingApi,
        ChargeSessionApi,
        ServersApi,
        OutletApi,
        AutomationApi,
        SettingsApi,
        CatalogueApi,
        OwnMapApi,
        AuditApi,
        TransferApi,
        ScanApi,
        CertificateApi,
    ):
        yield from api(bridge).routes()
    for page in (
        HomePage,
        AlarmsPage,
        DownloadPage,
        DevicesPage,
        DevicePage,
        ChargingPages,
        LinksPage,
        ServersPage,
        ConsumptionsPage,
        CurvesPage,
        GatewaysPage,
        TracePage,
        SystemPage,
        HubPages,
        MachinePages,
        HistoryPages,
        EnergyCheckPages,
        TeleinfoPage,
        MeterTreePage,
        BillPages,
        SecurityPage,
    ):
        yield from page(bridge, shell).routes()
    for setup in (
        GatewaySetup,
        DeviceSetup,
        OwnMapPages,
        GroupSetup,
        ThresholdSetup,
        AutomationSetup,
        BudgetSetup,
        OutletSetup,
        ChargingSetup,
        OcppSetup,
        SiteSetup,
        ServerSetup,
    ):
        yield from setup(bridge, shell).routes()
    yield from Preferences().routes()
    yield from Finder(bridge, shell).routes()
    yield from RefusalWords(shell).routes()
    if bridge.demo:
        yield from StyleguidePage(shell).routes()
