"""Sessions and known browsers that the caller may see: their own, and all for who administers."""

from __future__ import annotations

from runtime.core.access.access import Browser, Session
from webui.access.client import AccessClient
from webui.http.caller import caller
from webui.model.bridge import Bridge


def visible_sessions(gate: AccessClient, bridge: Bridge) -> list[Session]:
    """The newest first."""
    access, now_ts = gate.access, bridge.clock.now_ts()
    living = (each for each in access.sessions.values() if each.lives(now_ts) and each.user in access.users)
    return sorted((each for each in living if _may_see(each.user)), key=lambda each: -each.seen_ts)


def visible_browsers(gate: AccessClient, bridge: Bridge) -> list[Browser]:
    access, now_ts = gate.access, bridge.clock.now_ts()
    living = (each for each in access.browsers.values() if each.lives(now_ts) and each.user in access.users)
    return sorted((each for each in living if _may_see(each.user)), key=lambda each: -each.used_ts)


def _may_see(user: int) -> bool:
    return caller().user == user or caller().may(("server_configuration", "see"))
