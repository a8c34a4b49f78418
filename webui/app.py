"""The web application: every room's routes under one roof."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from webui.api.archive import ArchiveApi
from webui.api.configured import ConfiguredApi
from webui.api.consumption import ConsumptionApi
from webui.api.correction import CorrectionApi
from webui.api.live import LiveApi
from webui.api.machine import MachineApi
from webui.api.record import RecordApi
from webui.api.system import SystemApi
from webui.api.tariff import TariffApi
from webui.api.trace import TraceApi
from webui.api.trial import TrialApi
from webui.bridge import Bridge
from webui.errors import ErrorShape
from webui.pages.consumptions import ConsumptionsPage
from webui.pages.device import DevicePage
from webui.pages.devices import DevicesPage
from webui.pages.devicesetup import DeviceSetup
from webui.pages.gateways import GatewaysPage
from webui.pages.gatewaysetup import GatewaySetup
from webui.pages.groupsetup import GroupSetup
from webui.pages.home import HomePage
from webui.pages.hubs import HubPages
from webui.pages.machine import MachinePages
from webui.pages.preference import Preferences
from webui.pages.shell import Shell
from webui.pages.styleguide import StyleguidePage
from webui.pages.system import SystemPage
from webui.pages.trace import TracePage
from webui.permission import Route
from webui.staticfile import StaticFiles


def build(bridge: Bridge) -> bottle.Bottle:
    """The WSGI application over ``bridge``."""
    files = StaticFiles()
    shell = Shell(bridge, files)
    app = bottle.Bottle()
    app.config["json.enable"] = False
    errors = ErrorShape(shell.error_page)
    app.install(errors)
    app.default_error_handler = errors.unrouted
    for route in routes(bridge, shell, files):
        app.route(route.path, route.method, route.handler, permissions=route.permissions)
    return app


def routes(bridge: Bridge, shell: Shell, files: StaticFiles) -> Iterable[Route]:
    yield from files.routes()
    for api in (
        SystemApi,
        LiveApi,
        ConfiguredApi,
        ConsumptionApi,
        RecordApi,
        CorrectionApi,
        ArchiveApi,
        TariffApi,
        TraceApi,
        TrialApi,
        MachineApi,
    ):
        yield from api(bridge).routes()
    for page in (
        HomePage,
        DevicesPage,
        DevicePage,
        ConsumptionsPage,
        GatewaysPage,
        TracePage,
        SystemPage,
        HubPages,
        MachinePages,
    ):
        yield from page(bridge, shell).routes()
    for setup in (GatewaySetup, DeviceSetup, GroupSetup):
        yield from setup(bridge, shell).routes()
    yield from Preferences().routes()
    if bridge.demo:
        yield from StyleguidePage(shell).routes()
