"""The web application: every room's routes under one roof."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

import bottle

from runtime.vault import Vault
from webui.api.archive import ArchiveApi
from webui.api.catalogue import CatalogueApi
from webui.api.certificate import CertificateApi
from webui.api.command import CommandApi
from webui.api.configured import ConfiguredApi
from webui.api.consumption import ConsumptionApi
from webui.api.correction import CorrectionApi
from webui.api.eqcheck import EqCheckApi
from webui.api.live import LiveApi
from webui.api.machine import MachineApi
from webui.api.ownmap import OwnMapApi
from webui.api.record import RecordApi
from webui.api.scan import ScanApi
from webui.api.session import SessionApi
from webui.api.settings import SettingsApi
from webui.api.system import SystemApi
from webui.api.tariff import TariffApi
from webui.api.token import TokenApi
from webui.api.trace import TraceApi
from webui.api.trail import TrailApi
from webui.api.transfer import TransferApi
from webui.api.trial import TrialApi
from webui.api.user import UserApi
from webui.api.visit import VisitApi
from webui.api.welcome import WelcomeApi
from webui.bridge import Bridge
from webui.door import Door
from webui.errors import ErrorShape
from webui.gate import Gate
from webui.pages.bill import BillPages
from webui.pages.consumptions import ConsumptionsPage
from webui.pages.device import DevicePage
from webui.pages.devices import DevicesPage
from webui.pages.devicesetup import DeviceSetup
from webui.pages.gateways import GatewaysPage
from webui.pages.gatewaysetup import GatewaySetup
from webui.pages.groupsetup import GroupSetup
from webui.pages.history import HistoryPages
from webui.pages.home import HomePage
from webui.pages.hubs import HubPages
from webui.pages.links import LinksPage
from webui.pages.login import LoginPages
from webui.pages.machine import MachinePages
from webui.pages.ownmaps import OwnMapPages
from webui.pages.preference import Preferences
from webui.pages.refusalwords import RefusalWords
from webui.pages.security import SecurityPage
from webui.pages.serversetup import ServerSetup
from webui.pages.shell import Shell
from webui.pages.sitesetup import SiteSetup
from webui.pages.stock import Stock
from webui.pages.styleguide import StyleguidePage
from webui.pages.system import SystemPage
from webui.pages.trace import TracePage
from webui.pages.users import UserPages
from webui.permission import Route
from webui.staticfile import StaticFiles


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
    gate = Gate(bridge, vault or Vault(secrets.token_bytes()), shell.said)
    door = Door(gate, is_closed=vault is not None)
    app.install(errors)
    app.install(door)
    app.add_hook("before_request", door.identify)
    app.default_error_handler = errors.unrouted
    for route in (*routes(bridge, shell, stock.files), *access_routes(gate, bridge, shell)):
        asked = {"permissions": route.permissions, "asks_pin": route.asks_pin}
        app.route(route.path, route.method, route.handler, **asked)
    return app


def access_routes(gate: Gate, bridge: Bridge, shell: Shell) -> Iterable[Route]:
    yield from SessionApi(gate).routes()
    yield from UserApi(gate).routes()
    yield from TokenApi(gate, bridge).routes()
    yield from VisitApi(gate, bridge).routes()
    yield from WelcomeApi(gate, bridge).routes()
    yield from LoginPages(gate, bridge, shell).routes()
    yield from UserPages(gate, bridge, shell).routes()


def routes(bridge: Bridge, shell: Shell, files: StaticFiles) -> Iterable[Route]:
    yield from files.routes()
    for api in (
        SystemApi,
        LiveApi,
        ConfiguredApi,
        ConsumptionApi,
        RecordApi,
        EqCheckApi,
        CorrectionApi,
        ArchiveApi,
        TariffApi,
        TraceApi,
        TrialApi,
        CommandApi,
        MachineApi,
        SettingsApi,
        CatalogueApi,
        OwnMapApi,
        TrailApi,
        TransferApi,
        ScanApi,
        CertificateApi,
    ):
        yield from api(bridge).routes()
    for page in (
        HomePage,
        DevicesPage,
        DevicePage,
        LinksPage,
        ConsumptionsPage,
        GatewaysPage,
        TracePage,
        SystemPage,
        HubPages,
        MachinePages,
        HistoryPages,
        BillPages,
        SecurityPage,
    ):
        yield from page(bridge, shell).routes()
    for setup in (GatewaySetup, DeviceSetup, OwnMapPages, GroupSetup, SiteSetup, ServerSetup):
        yield from setup(bridge, shell).routes()
    yield from Preferences().routes()
    yield from RefusalWords(shell).routes()
    if bridge.demo:
        yield from StyleguidePage(shell).routes()
