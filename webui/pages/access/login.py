"""Logging in, logging out, the PIN again, the first set-up: the pages before the pages."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from runtime.core.access.codes import FACTORY, plain
from runtime.text.currencies import offered_currencies
from runtime.text.timezones import offered_zones
from webui.access.client import AccessClient
from webui.access.login import CODE, check_first_setup, confirm, log_in, log_out
from webui.http.caller import caller
from webui.http.cookies import BROWSER, cookie
from webui.http.errors import RequestRefused
from webui.http.permission import PUBLIC, Route, needs
from webui.http.returnpath import return_path
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell


class LoginPages:
    def __init__(self, gate: AccessClient, bridge: Bridge, shell: Shell) -> None:
        self._gate, self._bridge, self._shell = gate, bridge, shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/login", self.login)
        yield Route("POST", "/login", self.enter)
        yield Route("GET", "/logout", self.logout)
        yield Route("POST", "/logout", self.leave)
        yield Route("GET", "/confirm", self.pin_again)
        yield Route("POST", "/confirm", self.confirm)
        yield Route("GET", "/welcome", self.welcome)

    @needs(PUBLIC)
    def login(self) -> str | bottle.HTTPResponse:
        if not self._gate.is_set_up:
            return _to("/welcome")
        if caller().session:
            return _to(self._back())
        return self._login_page()

    @needs(PUBLIC)
    def enter(self) -> str | bottle.HTTPResponse:
        answer = _to(self._back())
        try:
            log_in(self._gate, answer, _form_text("pin"), _form_text("puk"))
        except RequestRefused as refused:
            return self._again(refused, self._login_page(refused))
        return answer

    @needs(("home", "see"))
    def logout(self) -> str:
        return self._shell.page("logout.html", back=self._back())

    @needs(("home", "see"))
    def leave(self) -> bottle.HTTPResponse:
        answer = _to("/login")
        log_out(self._gate, answer, lock=bottle.request.forms.get("how") == "lock")
        return answer

    @needs(("home", "see"))
    def pin_again(self) -> str:
        return self._confirm_page()

    @needs(("home", "see"))
    def confirm(self) -> str | bottle.HTTPResponse:
        answer = _to(self._back())
        try:
            confirm(self._gate, answer, _form_text("pin"))
        except RequestRefused as refused:
            if refused.code == "login_needed":
                return _to("/login")
            return self._again(refused, self._confirm_page(refused))
        return answer

    @needs(PUBLIC)
    def welcome(self) -> str | bottle.HTTPResponse:
        """The wizard, until it is done."""
        if self._gate.is_set_up:
            return _to("/login")
        check_first_setup(self._gate)
        return self._shell.page(
            "welcome.html",
            zones=offered_zones(),
            currency=self._bridge.installation().currency,
            currencies=offered_currencies(self._shell.language().locale),
        )

    def _login_page(self, refused: RequestRefused | None = None) -> str:
        known = self._gate.knows(cookie(BROWSER)) and not bottle.request.query.get("full")
        users = self._gate.access.users.values() if self._gate.demo else ()
        return self._shell.page(
            "login.html",
            refused=refused,
            known=known and (refused is None or refused.code != "puk_needed"),
            back=self._back(),
            fits=self._gate.fits,
            factory=[(user.name, *FACTORY[user.name]) for user in users if user.factory and user.name in FACTORY],
        )

    def _confirm_page(self, refused: RequestRefused | None = None) -> str:
        return self._shell.page("confirm.html", refused=refused, back=self._back())

    @staticmethod
    def _again(refused: RequestRefused, page: str) -> bottle.HTTPResponse:
        answer = bottle.HTTPResponse(page, refused.status, {"Content-Type": "text/html; charset=utf-8"})
        if refused.wait_s:
            answer.headers["Retry-After"] = str(refused.wait_s)
        return answer

    @staticmethod
    def _back() -> str:
        request = bottle.request
        given = request.forms.get("back", "") if request.method == "POST" else request.query.get("back", "")
        return return_path(given)


def _form_text(name: str) -> str:
    found: str = bottle.request.forms.get(name, "")
    return plain(found[:CODE])


def _to(path: str) -> bottle.HTTPResponse:
    return bottle.HTTPResponse(status=303, headers={"Location": path})
