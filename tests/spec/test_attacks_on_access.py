"""Attacks on the login over the wire: guesses from many addresses, races, restarts, every route as nobody."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from runtime.app import Server
from runtime.core.access.access import Access
from runtime.core.access.change import Codes, EditUser, apply_change, set_up_again
from runtime.core.access.delays import FREE, LONGEST_S, Delays, key_of
from runtime.secret.accesssetup import MACHINE
from runtime.secret.vault import Vault, pepper_of
from runtime.store.env import open_store
from runtime.store.object.access import load_access, save_access
from tests.actors.stage import eventually
from tests.soak import FULL
from tests.spec.quickclock import QuickClock
from tests.spec.serving import server_on
from tests.spec.test_rights import LISTED

TRIES = 100
GUESSES = 100_000 if FULL else 10_000
GUESSES_ON_THE_WIRE = 100_000 if FULL else 1_500
ADDRESSES = 200
QUICK = (1, 8)
PIN, PUK = "73058", "48201937560284"
OWNER = "127.0.9.9"
NOW = 1_780_000_000


@dataclass
class Browser:
    """Keeps cookies; calls from an address of its own."""

    port: int
    address: str = OWNER
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(self.address, 0))
        try:
            sent = json.dumps(body) if body is not None else None
            told = {"Content-Type": "application/json", "X-CSRF-Token": self.csrf} if method != "GET" else {}
            if self.cookies:
                told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            line.request(method, path, sent, told | headers)
            answer = line.getresponse()
            raw = answer.read()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0].strip('"')
        finally:
            line.close()
        return answer.status, json.loads(raw) if raw.startswith((b"{", b"[")) else raw

    def log_in(self, pin: str, puk: str = "") -> int:
        """Again where a server just starts or a busy machine gave no answer in time, as it says itself."""
        for _ in range(TRIES):
            status, answer = self.ask("POST", "/api/v1/session", {"pin": pin, "puk": puk})
            if status != 503 or answer["error"]["code"] != "no_reply":
                break
            time.sleep(0.1)
        self.csrf = answer.get("csrf", "")
        return status


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set up: the administrator has the codes PIN and PUK. Hashes are quick, or the test would measure them."""
    monkeypatch.setattr("runtime.app.Vault", lambda pepper: Vault(pepper, QUICK))
    folder = tmp_path / "data"
    store, vault = open_store(folder), Vault(pepper_of(folder), QUICK)
    codes = Codes(vault.index(PIN), vault.hash_codes(PIN, PUK))
    save_access(store, Access(), set_up_again(Access(), codes), mark=vault.mark)
    store.close()
    return folder


@contextmanager
def served(data: Path, plugins: Path | None = None, speed: float = 1.0) -> Iterator[Server]:
    """``speed`` of the wall clock: pauses do not end where it stands still, however long a start takes."""
    server = server_on(data, QuickClock(NOW, speed), plugins=plugins)
    server.start()
    try:
        assert eventually(lambda: server.views.get("recorder") and server.views.get("access"))
        yield server
    finally:
        server.stop()


def in_parallel(jobs: list[Callable[[], Any]], threads: int) -> list[Any]:
    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(job) for job in jobs]]


@pytest.mark.soak
def test_a_hundred_thousand_guesses_in_a_day_gain_almost_no_try_and_the_owner_waits_for_nobody() -> None:
    """By the rules alone, at one guess each 0.864 s for a day, a tenth of it in ordinary runs."""
    delays, tried, now_ms = Delays(), 0, NOW * 1000
    delays.was_right(key_of("10.9.9.9"), "10.9.9.9", now_ms)
    for n in range(GUESSES):
        now_ms += 864
        tried += delays.charge(key_of(f"10.0.0.{n % ADDRESSES}"), now_ms) == 0
        if n % 500 == 0:
            assert delays.charge(key_of("10.9.9.9"), now_ms) == 0
            delays.was_right(key_of("10.9.9.9"), "10.9.9.9", now_ms)
    assert tried <= ADDRESSES * (4 + GUESSES * 0.864 / 60)
    assert tried <= 80 + GUESSES * 0.864


@pytest.mark.soak
def test_guessing_from_two_hundred_addresses_opens_nothing_and_the_owner_still_gets_in(data: Path) -> None:
    with served(data) as server:
        port, seen = server.web.http.port, Counter[int]()

        def guess(n: int) -> None:
            intruder = Browser(port, f"127.0.{1 + n // 50 % 4}.{1 + n % 50}")
            pin = PIN if n % 10 == 0 else f"{n % 100_000:05}"
            seen[intruder.log_in(pin, f"{n:014}")] += 1

        in_parallel([lambda n=n: guess(n) for n in range(GUESSES_ON_THE_WIRE)], 8)  # type: ignore[misc]
        assert seen[200] == 0 and seen[429] > GUESSES_ON_THE_WIRE // 2
        assert seen[200] + seen[401] + seen[429] + seen[503] == GUESSES_ON_THE_WIRE
        owner = Browser(port)
        assert eventually(lambda: owner.log_in(PIN, PUK) == 200, 90)
        owner.ask("DELETE", "/api/v1/session")
        assert owner.log_in(PIN) == 200
        told = owner.ask("GET", "/api/v1/events?subject=access&limit=1000")[1]
        listed = told["events"] if isinstance(told, dict) else told
        assert 1 <= sum(event["code"] == "login_failed" for event in listed) <= 60


def test_pins_alone_are_never_tried_without_a_known_browser(data: Path) -> None:
    with served(data) as server:
        answers = {
            str(Browser(server.web.http.port, f"127.0.1.{1 + n % 50}").ask("POST", "/api/v1/session", {"pin": pin}))
            for n, pin in enumerate([PIN, *(f"{n:05}" for n in range(100))])
        }
        assert len(answers) == 1 and "puk_needed" in answers.pop()


def test_codes_and_keys_are_in_no_answer_and_no_line_of_the_log(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    codes = {"pin": "39571", "puk": "52840671930826"}
    with served(data) as server, caplog.at_level("DEBUG"):
        owner = Browser(server.web.http.port)
        assert owner.log_in(PIN, PUK) == 200
        assert (
            owner.ask("POST", "/api/v1/users", {"name": "fitter", "rights": {"consumptions": "see"}, **codes})[0] == 201
        )
        made, token = owner.ask("POST", "/api/v1/tokens", {"name": "van", "rights": {"consumptions": "see"}})
        assert made == 201
        Browser(server.web.http.port, "127.0.7.8").log_in(PIN, "11223344556677")
        bearer = {"Authorization": f"Bearer {token['token']}"}
        Browser(server.web.http.port).ask("GET", "/api/v1/live", **bearer)
        Browser(server.web.http.port).ask("GET", "/api/v1/nothing?token=x", **bearer)
        kept = load_access(server.store)
        secret = {PUK, codes["puk"], token["token"], "$argon2", pepper_of(data).hex(), *owner.cookies.values()}
        secret |= {user.code for user in kept.users.values()} | {user.index for user in kept.users.values()}
        secret |= {each.key for each in (*kept.sessions.values(), *kept.browsers.values(), *kept.tokens.values())}
        paths = [rule for method, rule in LISTED if method == "GET" and "<" not in rule and rule != "/logout"]
        assert len(paths) > 30
        answers = {path: _answer(server.web.http.port, owner, path) for path in paths}
    told = "\n".join(record.getMessage() for record in caplog.records)
    found = {
        (path, text) for path, said in {**answers, "the log": told}.items() for text in secret if text and text in said
    }
    assert not found
    assert not [path for path, said in answers.items() if codes["pin"] in said and PIN in said]


def _answer(port: int, who: Browser, path: str) -> str:
    """Whole, as it came."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    cookies = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
    line.request("GET", path, headers={"Cookie": cookies})
    answer = line.getresponse()
    content = f"{answer.headers}{answer.read().decode()}"
    line.close()
    return content


def test_pauses_sessions_and_known_browsers_survive_a_restart(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lasting = "runtime.core.access.delays.pause_s"  # longer than a restart on a busy machine
    monkeypatch.setattr(lasting, lambda wrong: LONGEST_S if wrong > FREE else 0)
    with served(data, speed=0.0) as server:
        owner, intruder = Browser(server.web.http.port), Browser(server.web.http.port, "127.0.7.7")
        assert owner.log_in(PIN, PUK) == 200
        assert [intruder.log_in("44444", f"{n:014}") for n in range(5)] == [401, 401, 401, 401, 429]
    with served(data, speed=0.0) as server:
        owner.port = intruder.port = server.web.http.port
        assert intruder.log_in(PIN, PUK) == 429
        assert owner.ask("GET", "/api/v1/session")[0] == 200
        owner.ask("DELETE", "/api/v1/session")
    with served(data) as server:
        owner.port = server.web.http.port
        assert owner.ask("GET", "/api/v1/session")[0] == 401
        assert owner.log_in(PIN) == 200
        owner.ask("DELETE", "/api/v1/session?lock=1")
    with served(data) as server:
        owner.port = server.web.http.port
        assert owner.log_in(PIN) == 401


def test_of_two_set_ups_at_the_same_moment_one_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.app.Vault", lambda pepper: Vault(pepper, QUICK))
    with served(tmp_path / "new") as server:
        port, start = server.web.http.port, threading.Barrier(4)

        def set_up(n: int) -> int:
            start.wait(60)
            body = {"pin": f"7305{n}", "puk": f"4820193756028{n}", "name": f"Site {n}"}
            return Browser(port, f"127.0.5.{n + 1}").ask("POST", "/api/v1/setup", body)[0]

        statuses = in_parallel([lambda n=n: set_up(n) for n in range(4)], 4)  # type: ignore[misc]
        won = [n for n, status in enumerate(statuses) if status == 201]
        assert len(won) == 1 and set(statuses) <= {201, 409, 503}
        assert eventually(lambda: Browser(port).log_in(f"7305{won[0]}", f"4820193756028{won[0]}") == 200)


def test_two_who_save_the_same_user_at_the_same_moment_do_not_undo_each_other(data: Path) -> None:
    with served(data) as server:
        chief = Browser(server.web.http.port)
        assert chief.log_in(PIN, PUK) == 200
        etag = chief.ask("GET", "/api/v1/users/3")[1]["etag"]

        def save(name: str) -> int:
            again = Browser(chief.port, OWNER, dict(chief.cookies), chief.csrf)
            return again.ask("PATCH", "/api/v1/users/3", {"name": name}, **{"If-Match": f'"{etag}"'})[0]

        statuses = in_parallel([lambda name=name: save(name) for name in ("Ines", "Ida", "Iris")], 3)  # type: ignore[misc]
        assert sorted(statuses) == [200, 409, 409]


def test_every_route_as_nobody_by_every_way_of_writing_it(data: Path) -> None:
    with served(data) as server:
        nobody = Browser(server.web.http.port)
        for line in LISTED.values():
            path = "/".join("1" if part.startswith("<") else part for part in line.rule.split("/"))
            if line.who == ("all",):
                continue
            for way in (path, path + "/", "/" + path, path.replace("/", "/./", 1), path + ";x=1", path + "%2f"):
                status, answer = nobody.ask(line.method, way)
                assert status in (303, 400, 401, 404, 405), (line.method, way, answer)
            assert nobody.ask(line.method, path)[0] in (303, 401)


def test_a_session_that_was_stolen_before_the_logout_is_worth_nothing_after_it(data: Path) -> None:
    with served(data) as server:
        owner = Browser(server.web.http.port)
        owner.log_in(PIN, PUK)
        thief = Browser(owner.port, "127.0.6.6", dict(owner.cookies))
        assert thief.ask("GET", "/api/v1/session")[0] == 200
        assert thief.ask("DELETE", "/api/v1/session")[0] == 403
        owner.ask("DELETE", "/api/v1/session?lock=1")
        assert thief.ask("GET", "/api/v1/session")[0] == 401
        assert thief.log_in(PIN) == 401


def test_codes_of_the_manual_and_of_before_a_change_are_dead(data: Path) -> None:
    store, vault = open_store(data), Vault(pepper_of(data), QUICK)
    before = load_access(store)
    codes = Codes(vault.index("60481"), vault.hash_codes("60481", PUK))
    save_access(store, before, apply_change(before, EditUser(1, codes=codes), MACHINE, NOW), mark=vault.mark)
    store.close()
    with served(data) as server:
        for pin, puk in (("99999", "00000999900000"), ("88888", "00000888800000"), (PIN, PUK)):
            assert Browser(server.web.http.port, "127.0.4.4").log_in(pin, puk) == 401
        assert Browser(server.web.http.port).log_in("60481", PUK) == 200
