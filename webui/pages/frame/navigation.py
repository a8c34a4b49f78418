"""Where one can go: the navigation, the tiles of the two configuration pages, and who is shown each."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.text.wording import N_
from webui.http.caller import caller

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One page that others lead to. ``name`` and ``text`` are msgids; ``rights`` as its route declares them.

    short     the name where there is little room, "" = the name
    is_extra  left out of the bar at the foot of a phone: it is reached over another page
    """

    path: str
    icon: str
    name: str
    rights: Pairs
    text: str = ""
    short: str = ""
    is_extra: bool = False


_HOME: Pairs = (("home", "see"),)
_BOARD: Pairs = (("panel_board", "see"),)
_CONSUMPTIONS: Pairs = (("consumptions", "see"),)
_ALARMS: Pairs = (("alarms", "see"),)
_GREEN_UP: Pairs = (("green_up", "see"),)
_REPORTS: Pairs = (("reports", "see"),)
_SYSTEM: Pairs = (("system_configuration", "see"),)
_ACT: Pairs = (("system_configuration", "act"),)
_SERVERS: Pairs = (("server_configuration", "see"), ("system_configuration", "see"))
_SERVER: Pairs = (("server_configuration", "see"),)

NAVIGATION = (
    NavigationEntry("/", "home", N_("Home"), _HOME),
    NavigationEntry("/devices", "board", N_("My panel board"), _BOARD, short=N_("Board")),
    NavigationEntry("/consumptions", "chart", N_("Consumptions"), _CONSUMPTIONS, short=N_("Energy")),
    NavigationEntry("/charging", "car", N_("Green’Up"), _GREEN_UP, N_("Charging stations: who charges, who waits")),
    NavigationEntry("/alarms", "alarm", N_("Alarms"), _ALARMS, N_("What is wrong, and who has seen it")),
    NavigationEntry(
        "/reports",
        "report",
        N_("Reports & data download"),
        _REPORTS,
        N_("Energy and costs as tables for a spreadsheet"),
        is_extra=True,
    ),
    NavigationEntry("/gateways", "gateway", N_("Gateways"), _BOARD + _SYSTEM, is_extra=True),
    NavigationEntry(
        "/setup", "settings", N_("System configuration"), _SYSTEM, N_("Gateways, devices, loads, groups"), N_("Set-up")
    ),
    NavigationEntry(
        "/server", "server", N_("Web server configuration"), _SERVER, N_("Users, network, date and time"), N_("Server")
    ),
    NavigationEntry("/system", "system", N_("System"), _HOME, is_extra=True),
)

SETUP = (
    NavigationEntry(
        "/setup/gateways", "gateway", N_("Gateways and devices"), _SYSTEM, N_("The ways to your meters, and the meters")
    ),
    NavigationEntry(
        "/setup/maps",
        "measure",
        N_("Own meters"),
        _SYSTEM,
        N_("Register tables of meters that are not in the catalogue"),
    ),
    NavigationEntry(
        "/setup/scan", "scan", N_("Find devices"), _ACT, N_("See who answers on a bus and add them with one click")
    ),
    NavigationEntry(
        "/setup/loads",
        "load",
        N_("Loads, groups and panel boards"),
        _SYSTEM,
        N_("What the energy is for, and where it goes"),
    ),
    NavigationEntry(
        "/setup/bill",
        "tariff",
        N_("Bill of consumptions"),
        _SYSTEM,
        N_("Currency, tariffs and cost rules; costs computed anew"),
    ),
    NavigationEntry(
        "/links", "link", N_("Link Functionality"), _SYSTEM, N_("Which EMS module makes which other one act by itself")
    ),
    NavigationEntry(
        "/servers", "server", N_("System view"), _SERVERS, N_("The servers that are read here, and those below them")
    ),
    NavigationEntry(
        "/setup/charging",
        "car",
        N_("Green’Up configuration"),
        _SYSTEM,
        N_("How charging stations share the current; which come first"),
    ),
    NavigationEntry(
        "/setup/ocpp",
        "car",
        N_("Charging stations with OCPP"),
        _SYSTEM,
        N_("Stations of any make that call in by themselves"),
    ),
    NavigationEntry(
        "/setup/thresholds",
        "alarm",
        N_("Thresholds"),
        _SYSTEM + _ALARMS,
        N_("Measures that are an alarm above or below"),
    ),
    NavigationEntry(
        "/setup/budgets",
        "water",
        N_("Budgets and leaks"),
        _SYSTEM + _ALARMS,
        N_("What a period may take; water that never stops"),
    ),
    NavigationEntry(
        "/setup/automations",
        "wand",
        N_("Rules that act"),
        _SYSTEM,
        N_("When something is so: a message, or an output"),
    ),
    NavigationEntry(
        "/setup/sample-rate", "clock", N_("Sample rate"), _SYSTEM, N_("How often energy and other values are recorded")
    ),
    NavigationEntry(
        "/setup/transfer", "transfer", N_("Import and export"), _SYSTEM, N_("The whole configuration as one file")
    ),
    NavigationEntry(
        "/setup/changes", "history", N_("History of changes"), _SYSTEM, N_("Who changed what and when; take it back")
    ),
)

SERVER = (
    NavigationEntry(
        "/reports",
        "report",
        N_("Reports & data download"),
        _REPORTS,
        N_("Energy and costs as tables for a spreadsheet"),
    ),
    NavigationEntry(
        "/users", "user", N_("Users"), _SERVER, N_("Who may log in, and which pages each may see and change")
    ),
    NavigationEntry("/tokens", "lock", N_("Tokens"), _SERVER, N_("Keys for programs")),
    NavigationEntry(
        "/screens", "monitor", N_("Public screens"), _SERVER, N_("Display links: chosen pages, never logged out")
    ),
    NavigationEntry(
        "/access", "monitor", N_("Sessions and browsers"), _SERVER, N_("Who is logged in, where a PIN is enough")
    ),
    NavigationEntry(
        "/server/clock", "clock", N_("Date and time"), _SERVER, N_("Automatic time by NTP, or set by hand")
    ),
    NavigationEntry(
        "/server/modbus",
        "serial",
        N_("Modbus settings"),
        _SERVER,
        N_("The RS485 port, and the server that other masters read"),
    ),
    NavigationEntry(
        "/server/outlets",
        "transfer",
        N_("E-mail and notification"),
        _SERVER + _SYSTEM,
        N_("Mail account, Telegram bot, web hooks; what waits to leave"),
    ),
    NavigationEntry(
        "/server/alerts", "alarm", N_("Alert settings"), _SERVER + _SYSTEM, N_("Which alarms are sent to whom")
    ),
    NavigationEntry(
        "/server/general",
        "language",
        N_("Name and language"),
        _SERVER,
        N_("What the site is called, its default language"),
    ),
    NavigationEntry(
        "/server/security", "lock", N_("Security"), _SERVER, N_("HTTPS, and the certificate of this server")
    ),
    NavigationEntry(
        "/server/network", "network", N_("Network settings"), _SERVER, N_("Address, mask, gateway and DNS")
    ),
    NavigationEntry(
        "/server/archive", "download", N_("Backups and data"), _SERVER, N_("Last backup, another medium, what is kept")
    ),
    NavigationEntry("/system", "info", N_("System information"), _HOME, N_("Version, storage, recorder and events")),
)


def allowed_entries(places: tuple[NavigationEntry, ...]) -> tuple[NavigationEntry, ...]:
    """Those that the caller of this request may see."""
    who = caller()
    return tuple(place for place in places if who.may(*place.rights))


def may_open(path: str) -> bool:
    """Whether the caller of this request may go there, as the page itself or the one above it declares."""
    rights = {place.path: place.rights for place in (*SERVER, *SETUP, *NAVIGATION)}
    here = path.partition("#")[0].partition("?")[0]
    while here and here not in rights:
        here = here.rpartition("/")[0]
    return not here or caller().may(*rights[here])
