"""Every route, every user of the manual, and nobody: who gets in is written down in rights.txt, the rest is denied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from runtime.core.access.access import HOME, first_users, may
from runtime.store.env import Store, open_store
from tests.webui.closed import CODES, Closed, Visitor, closed
from tests.webui.stage import Answer
from webui.http.permission import PUBLIC

TABLE = Path(__file__).with_name("rights.txt")
USERS = tuple(CODES)


@dataclass(frozen=True, slots=True)
class Line:
    method: str
    rule: str
    who: tuple[str, ...]
    asks_pin: bool


def _listed() -> dict[tuple[str, str], Line]:
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    made = [Line(m, rule, tuple(w for w in who if w != "+PIN"), "+PIN" in who) for m, rule, *who in lines]
    return {(line.method, line.rule): line for line in made}


LISTED = _listed()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = open_store(tmp_path_factory.mktemp("rights"))
    yield made
    made.close()


@pytest.fixture
def house(store: Store) -> Closed:
    """Once all are in, there is nothing behind its doors but an answer that says that one is in."""
    made = closed(store)
    made.visitors = {name: made.logged_in(name) for name in USERS}
    for route in made.app.routes:
        route.callback = lambda *_args, **_kwargs: "in"
        route.reset()
    return made


@pytest.fixture
def visitors(house: Closed) -> dict[str, Visitor]:
    return house.visitors


def _code(answer: Answer) -> str:
    """Of a refusal of the API; pages say it in words."""
    return str(answer.json["error"]["code"]) if answer.body.startswith(b"{") else str(answer.status)


def _path(rule: str) -> str:
    return "/".join("1" if part.startswith("<") else part for part in rule.split("/"))


def test_every_route_is_listed_with_who_gets_in(house: Closed) -> None:
    routes = {(route.method, route.rule): route.config for route in house.app.routes}
    missing = []
    for (method, rule), config in routes.items():
        pairs = config.get("permissions", ())
        in_ = ["all"] if PUBLIC in pairs else [u.name for u in first_users() if may(u.rights | HOME, *pairs)]
        line = Line(method, rule, tuple(in_), bool(config.get("asks_pin")))
        if LISTED.get((method, rule)) != line:
            missing.append(f"{method:7}{rule:48}{' '.join(in_)}{' +PIN' if line.asks_pin else ''}")
    assert not missing, "not in rights.txt, or otherwise:\n" + "\n".join(missing)
    assert not LISTED.keys() - routes.keys()


@pytest.mark.parametrize("name", USERS)
def test_each_user_gets_in_where_he_is_listed_and_nowhere_else(
    house: Closed, visitors: dict[str, Visitor], name: str
) -> None:
    visitor = visitors[name]
    for line in LISTED.values():
        answer = visitor.ask(line.method, _path(line.rule))
        expected = (200, b"in") if line.who == ("all",) or name in line.who else (403, None)
        assert (answer.status, b"in" if answer.body == b"in" else None) == expected, line


def test_nobody_gets_in_without_a_login(house: Closed) -> None:
    nobody = house.visitor()
    for line in LISTED.values():
        answer = nobody.ask(line.method, _path(line.rule))
        if line.who == ("all",):
            assert answer.body == b"in", line
        elif line.rule.startswith(("/api/", "/live/")) or line.method != "GET":
            assert answer.status == 401, line
        else:
            assert (answer.status, answer.headers["Location"].split("?")[0]) == (303, "/login"), line


def test_no_change_is_made_without_the_token_of_the_session(visitors: dict[str, Visitor]) -> None:
    visitor = visitors["greenUp"]
    stolen = Visitor(visitor.closed, visitor.address, dict(visitor.cookies))
    changing = [line for line in LISTED.values() if line.method != "GET" and line.who != ("all",)]
    assert len(changing) > 40
    for line in changing:
        assert _code(stolen.ask(line.method, _path(line.rule))) in ("csrf_wrong", "403"), line


def test_no_page_of_elsewhere_can_ask_for_a_change(visitors: dict[str, Visitor]) -> None:
    for line in LISTED.values():
        if line.method == "GET":
            continue
        for header in ({"origin": "http://evil.example"}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}):
            answer = visitors["greenUp"].ask(line.method, _path(line.rule), **header)
            assert answer.status == 403, line


def test_what_switches_and_what_gives_rights_asks_the_pin_again(house: Closed, visitors: dict[str, Visitor]) -> None:
    asking = [line for line in LISTED.values() if line.asks_pin]
    assert {line.rule for line in asking} >= {"/api/v1/users", "/api/v1/tokens", "/api/v1/devices/<id:int>/commands"}
    house.passes(14 * 60)
    for line in asking:
        assert visitors["greenUp"].ask(line.method, _path(line.rule)).body == b"in", line
    house.passes(2 * 60)
    for line in asking:
        assert _code(visitors["greenUp"].ask(line.method, _path(line.rule))) == "pin_again", line
