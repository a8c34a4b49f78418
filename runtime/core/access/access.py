"""Who may come in and what he may do there: users, sessions, known browsers, tokens.

Rights are (page, verb) pairs. Pages are those of section 8.1.1 of the manual; to act on a page includes to see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runtime.core.access.screen import Screen
from runtime.viewboard import ViewKey

PAGES = (
    "home",  # whoever is logged in
    "server_configuration",
    "system_configuration",
    "panel_board",
    "consumptions",
    "green_up",
    "reports",
    "alarms",
)
VERBS = ("see", "act")
Right = tuple[str, str]
Rights = frozenset[Right]
GIVEN = PAGES[1:]  # pages that rights are given for
HOME: Rights = frozenset({("home", "see")})
ADMINISTER: Right = ("server_configuration", "act")

IDLE_S = 15 * 60  # a session that nobody uses ends
LONGEST_S = 12 * 3600  # and so does one that is used all day
FRESH_S = 15 * 60  # how long a PIN counts for what acts on breakers, outputs, stations and users
GRACE_S = 10  # an id that was replaced is still taken, for requests that are on their way
BROWSER_S = 30 * 86_400  # since PIN and PUK were given there
WRONG_PINS = 5  # then a known browser is known no more
SESSIONS_OF_USER = 20


@dataclass(frozen=True, slots=True)
class User:
    """One who may log in.

    index    of the PIN: tells whose PIN it is, "" = no codes yet
    code     hash of PIN and PUK together
    factory  has the codes that are printed in the manual: good in the demo only
    version  grows with each edit
    """

    id: int
    name: str
    rights: Rights
    index: str = ""
    code: str = ""
    enabled: bool = True
    factory: bool = False
    version: int = 1

    @property
    def has_codes(self) -> bool:
        return bool(self.index and self.code)

    @property
    def administers(self) -> bool:
        """Can log in and change users."""
        return self.enabled and self.has_codes and ADMINISTER in self.rights


@dataclass(frozen=True, slots=True)
class Session:
    """``key`` is the hash of what the browser holds; ``pin_ts`` when the PIN was given last.

    watched_until_ts  a page of live values keeps it alive until then, 0 = none does
    """

    id: int
    key: str
    user: int
    csrf: str
    began_ts: int
    seen_ts: int
    pin_ts: int
    ends_ts: int
    address: str
    browser: int = 0
    agent: str = ""
    wrong: int = 0
    watched_until_ts: int = 0

    @property
    def until_ts(self) -> int:
        """When it ends unless it is used."""
        return min(self.ends_ts, max(self.seen_ts + IDLE_S, self.watched_until_ts))

    def lives(self, now_ts: int) -> bool:
        """A clock that was set back ends nothing, but lengthens nothing either."""
        return self.began_ts - IDLE_S < now_ts < self.until_ts

    def is_fresh(self, now_ts: int) -> bool:
        return abs(now_ts - self.pin_ts) < FRESH_S


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser where a user gave PIN and PUK: his PIN is enough there. ``wrong`` PINs since the last right one."""

    id: int
    key: str
    user: int
    began_ts: int
    used_ts: int
    address: str
    wrong: int = 0
    agent: str = ""

    def lives(self, now_ts: int) -> bool:
        return self.wrong < WRONG_PINS and self.began_ts - BROWSER_S < now_ts < self.began_ts + BROWSER_S


@dataclass(frozen=True, slots=True)
class Token:
    """A key for a program, or for a public screen. ``by`` is who made it; ``ends_ts`` 0 = never."""

    id: int
    name: str
    key: str
    rights: Rights
    by: str
    made_ts: int
    ends_ts: int = 0
    screen: Screen | None = None

    def lives(self, now_ts: int) -> bool:
        return not self.ends_ts or now_ts < self.ends_ts


@dataclass(frozen=True, slots=True)
class Access:
    """All of it at one moment, by id. ``set_up`` is "" until somebody chose codes, then "done"; "demo" in the demo.

    watched_s  for how long after the last use a page of live values keeps a session alive, 0 = not at all
    """

    set_up: str = ""
    users: Mapping[int, User] = field(default_factory=dict)
    sessions: Mapping[int, Session] = field(default_factory=dict)
    browsers: Mapping[int, Browser] = field(default_factory=dict)
    tokens: Mapping[int, Token] = field(default_factory=dict)
    used: Mapping[str, int] = field(default_factory=dict)  # kind -> highest id ever given
    watched_s: int = 0

    def is_set_up(self, *, demo: bool) -> bool:
        return self.set_up == "done" or (demo and self.set_up == "demo")

    def user_of(self, index: str, *, demo: bool) -> User | None:
        """Whose PIN it is, among those who may log in."""
        found = (user for user in self.users.values() if index and user.index == index)
        return next((user for user in found if may_log_in(user, demo=demo)), None)


def may_log_in(user: User | None, *, demo: bool) -> bool:
    return user is not None and user.enabled and user.has_codes and (demo or not user.factory)


def rights_of(pages: Mapping[str, str]) -> Rights:
    """Page -> verb, as rights. Raises ValueError for what is no page or no verb."""
    for page, verb in pages.items():
        if page not in GIVEN or verb not in VERBS:
            raise ValueError(f"no such right: {page} {verb}")
    return frozenset((page, verb) for page, verb in pages.items())


def may(rights: Rights, *pairs: Right) -> bool:
    """Whether one of ``pairs`` is held; seeing is part of acting."""
    return any(pair in rights or (pair[0], "act") in rights for pair in pairs)


def seen_pages(rights: Rights) -> tuple[str, ...]:
    return tuple(page for page in GIVEN if may(rights, (page, "see")))


def acted_pages(rights: Rights) -> tuple[str, ...]:
    return tuple(page for page in GIVEN if (page, "act") in rights)


def first_users() -> tuple[User, ...]:
    """Those of section 8.1.1, still without codes."""
    see_and_act = dict.fromkeys(GIVEN, "act")
    installer = ("system_configuration", "panel_board", "consumptions", "alarms")
    return (
        User(1, "administrator", rights_of({page: "act" for page in GIVEN if page != "green_up"})),
        User(2, "greenUp", rights_of(see_and_act)),
        User(3, "installer", rights_of(dict.fromkeys(installer, "act"))),
        User(4, "user", rights_of({"consumptions": "see", "alarms": "see"})),
    )


ACCESS_VIEW = ViewKey[Access]("access")
FOREIGN_VIEW = ViewKey[bool]("access.foreign")  # whether the codes were made with another pepper and open nothing
