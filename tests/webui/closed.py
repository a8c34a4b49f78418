"""The web behind its door, in one process: the real owner of access, a recorder that keeps everything at once."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import bottle

from actors.mailbox.reply import answer
from actors.message.access import ACCESS
from actors.message.device import EventReported, KeepRecords
from actors.message.edit import Edited, EditInstallation
from actors.service.access import AccessActor
from runtime.core.access.access import Access, Rights, User, first_users
from runtime.core.access.delays import Delays
from runtime.core.edit.proposal import propose
from runtime.secret.vault import Vault
from runtime.store.env import Store
from tests.actors.stage import Stage as Actors
from tests.actors.stage import heard
from tests.webui.stage import Answer, Stage, stage
from tests.webui.stock import STOCK
from webui.app import build

QUICK = (1, 8)
VAULT = Vault(b"pepper" * 6, QUICK)
CODES = {
    "administrator": ("73058", "48201937560284"),
    "greenUp": ("20417", "90517342860139"),
    "installer": ("61842", "37160482951746"),
    "user": ("39570", "52840671930825"),
}


def furnished() -> Access:
    """Set up, with the four users of the manual and good codes."""
    users = {user.id: with_codes(user, *CODES[user.name]) for user in first_users()}
    return Access("done", users, used={"user": len(users)})


def with_codes(user: User, pin: str, puk: str) -> User:
    return replace(user, index=VAULT.index(pin), code=VAULT.hash_codes(pin, puk))


@dataclass
class Closed:
    """``site`` is what the pages show; ``events`` what was told of access."""

    site: Stage
    access: Access = field(default_factory=furnished)
    demo: bool = False
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.actors = Actors(self.site.clock)  # type: ignore[arg-type]
        self.recorder = self.actors.mailbox("recorder")
        incarnation = self.actors.incarnation(ACCESS)
        self.owner = self.actors.add(AccessActor(incarnation, lambda: (self.access, Delays()), demo=self.demo))
        self.site.views.publish(ACCESS, self.actors.views.get(ACCESS))
        self.events: list[EventReported] = []
        self.edits: list[EditInstallation] = []
        bridge = replace(self.site.bridge, views=self.actors.views, post=self._post, demo=self.demo)
        for name in ("recorder", "clock"):
            self.actors.views.publish(name, self.site.views.get(name)) if self.site.views.get(name) else None
        self.app: bottle.Bottle = build(bridge, VAULT, STOCK)

    @property
    def view(self) -> Access:
        view: Access = self.actors.views.get(ACCESS)
        return view

    def passes(self, seconds: float) -> None:
        self.site.clock.goes_on(seconds)
        self._settle()

    def _post(self, name: str, message: object) -> bool:
        if isinstance(message, EditInstallation):
            self.edits.append(message)
            after = propose(
                self.site.installation, message.edit, lambda tree: (), self.site.clock.now_ts()
            ).installation
            self.site.installation = after
            return answer(message.reply, Edited(after))
        if name != ACCESS:
            return False
        self.owner.on_receive(message)
        self._settle()
        return True

    def _settle(self) -> None:
        """Until nobody has anything to say: what is told is kept."""
        while messages := [*heard(self.recorder)]:
            for message in messages:
                if isinstance(message, EventReported):
                    self.events.append(message)
                if isinstance(message, KeepRecords):
                    self.events += message.events
                    if message.reply is not None:
                        answer(message.reply, True)
            self.actors.play()
        self.actors.play()

    def visitor(self, address: str = "192.168.1.50") -> Visitor:
        return Visitor(self, address)

    def logged_in(self, name: str) -> Visitor:
        visitor = self.visitor()
        assert visitor.log_in(*CODES[name]).status == 200
        return visitor


@dataclass
class Visitor:
    """A browser: it keeps cookies, and sends the token of its session as pages do."""

    closed: Closed
    address: str = "192.168.1.50"
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    https: bool = False

    def log_in(self, pin: str, puk: str = "") -> Answer:
        made = self.post("/api/v1/session", {"pin": pin} | ({"puk": puk} if puk else {}))
        self.csrf = made.json.get("csrf", "")
        return made

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        return self.ask("POST", path, body, **headers)

    def form(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        return self.ask("POST", path, urlencode(fields).encode(), **headers)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        path, _, query = path.partition("?")
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = "application/x-www-form-urlencoded" if isinstance(body, bytes) else "application/json"
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "server",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "server", "REMOTE_ADDR": self.address,
            "wsgi.url_scheme": "https" if self.https else "http", "wsgi.input": io.BytesIO(raw),
            "wsgi.errors": io.StringIO(), "CONTENT_LENGTH": str(len(raw)), "CONTENT_TYPE": kind,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "HTTP_X_CSRF_TOKEN": self.csrf,
        }  # fmt: skip
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        told: list[Any] = []
        body_parts = self.closed.app(environ, lambda status, fields, *_: told.extend((status, fields)))
        content = b"".join(body_parts)
        for name, value in told[1]:
            if name == "Set-Cookie":
                self._keep(value)
        headers_told = dict(told[1])
        headers_told["cookies"] = "\n".join(value for name, value in told[1] if name == "Set-Cookie")
        return Answer(int(told[0].split()[0]), headers_told, content)

    def _keep(self, cookie: str) -> None:
        name, _, rest = cookie.partition("=")
        value = rest.partition(";")[0].strip('"')
        self.cookies[name] = value
        if re.search("max-age=0", cookie, re.IGNORECASE):
            del self.cookies[name]


def closed(store: Store, **changes: Any) -> Closed:
    return Closed(stage(store, devices=1), **changes)


def rights(**pages: str) -> Rights:
    return frozenset(pages.items())
