"""Users, and what stands open: sessions, known browsers, tokens."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.access.access import (
    BROWSER_S,
    GIVEN,
    IDLE_S,
    LONGEST_S,
    Rights,
    User,
    acted_pages,
    rights_of,
    seen_pages,
)
from runtime.core.clock.timegrid import local
from runtime.text.words import N_
from webui.access.client import AccessClient
from webui.access.rights import rights_json
from webui.access.useragent import describe_agent
from webui.access.visible import visible_browsers, visible_sessions
from webui.http.caller import caller
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell

PAGE_NAMES = {
    "server_configuration": (N_("Web server configuration"), "server"),
    "system_configuration": (N_("System configuration"), "settings"),
    "panel_board": (N_("My panel board"), "board"),
    "consumptions": (N_("Consumptions"), "chart"),
    "green_up": (N_("Green’Up"), "car"),
    "reports": (N_("Reports and data"), "report"),
    "alarms": (N_("Alarms"), "alarm"),
}
NEW = rights_of({"consumptions": "see", "alarms": "see"})


class UserPages:
    def __init__(self, gate: AccessClient, bridge: Bridge, shell: Shell) -> None:
        self._gate, self._bridge, self._shell = gate, bridge, shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/users", self.users)
        yield Route("GET", "/users/new", self.new)
        yield Route("GET", "/users/<id:int>", self.user)
        yield Route("GET", "/access", self.access)
        yield Route("GET", "/tokens", self.tokens)

    @needs(("server_configuration", "see"))
    def users(self) -> str:
        users = self._gate.access.users.values()
        rows = [(user, seen_pages(user.rights), acted_pages(user.rights)) for user in users]
        return self._shell.page("users.html", rows=rows, names=PAGE_NAMES, own=caller().user)

    @needs(("server_configuration", "act"))
    def new(self) -> str:
        return self._form(User(0, "", NEW))

    @needs(("server_configuration", "see"))
    def user(self, id: int) -> str:
        user = self._gate.access.users.get(id)
        if user is None:
            raise not_found("user")
        return self._form(user)

    @needs(("home", "see"))
    def access(self) -> str:
        """Where one is logged in; everybody's sessions for who may configure the server."""
        zone, users = self._bridge.zone, self._gate.access.users
        sessions = [
            (
                each,
                users[each.user].name,
                describe_agent(each.agent),
                local(each.began_ts, zone),
                local(each.seen_ts, zone),
            )
            for each in visible_sessions(self._gate, self._bridge)
        ]
        browsers = [
            (each, users[each.user].name, describe_agent(each.agent), local(each.used_ts, zone), local(ends_ts, zone))
            for each in visible_browsers(self._gate, self._bridge)
            for ends_ts in (each.began_ts + BROWSER_S,)
        ]
        return self._shell.page(
            "access.html",
            sessions=sessions,
            browsers=browsers,
            own=caller().session,
            has_codes=bool(caller().user),
            idle_min=IDLE_S // 60,
            watched_min=self._gate.access.watched_s // 60,
            longest_min=LONGEST_S // 60,
            all_of_them=caller().may(("server_configuration", "see")),
        )

    @needs(("server_configuration", "see"))
    def tokens(self) -> str:
        zone = self._bridge.zone
        rows = [
            (token, rights_json(token.rights), local(token.made_ts, zone), token.ends_ts and local(token.ends_ts, zone))
            for token in self._gate.access.tokens.values()
            if token.screen is None
        ]
        return self._shell.page("tokens.html", rows=rows, names=PAGE_NAMES, choices=_choices(frozenset()))

    def _form(self, user: User) -> str:
        return self._shell.page(
            "user.html", user=user, names=PAGE_NAMES, choices=_choices(user.rights), own=user.id == caller().user
        )


def _choices(rights: Rights) -> dict[str, str]:
    held = rights_json(rights)
    return {page: held.get(page, "none") for page in GIVEN}
