"""What attackers and bad days sent to version 0.1.0, over the wire, each by its number in docs/security.md."""

from __future__ import annotations

import errno
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from actors.recorder.recorder import Recorder
from runtime.app import Server
from runtime.secret.vault import Vault
from runtime.settings import default_plugins
from runtime.store.codec import seal
from runtime.store.env import open_store
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.backup import copy_whole, open_file
from runtime.store.upkeep.restore import restore
from tests.actors.recorder.test_recorder import SITE
from tests.actors.stage import ManualClock, Stage, eventually
from tests.key import key_to
from tests.runtime.store.site import STEP_S, T0, sample
from tests.soak import tenth
from tests.spec.quickclock import QuickClock
from tests.spec.serving import server_on
from tests.spec.test_attacks_on_access import NOW, PIN, PUK, Browser, data, served
from tests.webui.front.stage import Door, answer_of

__all__ = ["data"]  # the fixture

pytestmark = pytest.mark.faults

USUAL_S = 3.0  # of any of these answers, on a machine that has other work; the time without the mend was 10 to 100 s
ROUTE = "/api/v1/installation"


class House:
    """A server that runs, the owner at his browser, a program with all rights, and a stranger with bare bytes."""

    def __init__(self, server: Server, key: str) -> None:
        self.server, self._key = server, key
        self.door = Door(server.web)
        self.port = server.web.http.port

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, object]:
        return Browser(self.port).ask(method, path, body, Authorization=f"Bearer {self._key}")

    def send(self, method: str, path: str, content: bytes) -> int:
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self._key}\r\n"
        return self.door.ask(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content).status

    def is_well(self) -> bool:
        began = time.monotonic()
        status, _ = self.ask("GET", "/api/v1/health")
        return status == 200 and not self.server.fatal and time.monotonic() - began < USUAL_S


@pytest.fixture
def house(data: Path, caplog: pytest.LogCaptureFixture) -> Iterator[House]:
    key = key_to(data)
    with served(data) as server:
        yield House(server, key)
        assert not server.fatal
    assert not [record for record in caplog.records if record.exc_info], "a traceback"


def stranger(house: House, sent: bytes, times: int) -> list[int]:
    """What a crowd gets that sends the same at once."""
    statuses: list[int] = []

    def call() -> None:
        statuses.extend(house.door.statuses(sent))

    threads = [threading.Thread(target=call) for _ in range(times)]
    for thread in threads:
        thread.start()
    assert house.is_well()
    for thread in threads:
        thread.join()
    return statuses


def test_line_01_a_length_among_blanks_is_refused_in_the_usual_time(house: House) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0" + b" " * 16_000 + b",0\r\n\r\n"
    assert set(stranger(house, head, 50)) == {400}


def test_line_02_a_cookie_of_backslashes_holds_nobody_up(house: House) -> None:
    for cookie in (b'a="' + b"\\" * 15_500 + b'"', b"a=" * 7_000, b'";' * 7_000, b"=" * 15_000):
        head = b"GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: " + cookie + b"\r\n\r\n"
        began = time.monotonic()
        assert set(stranger(house, head, 6)) == {200}
        assert time.monotonic() - began < 4 * USUAL_S


def test_line_03_chunks_of_one_byte_are_few_or_refused(house: House) -> None:
    head = b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert set(stranger(house, head + b"1\r\na\r\n" * 100_000 + b"0\r\n\r\n", 6)) == {400}
    few = b"".join(b"1\r\n%c\r\n" % byte for byte in b'{"pin": "00000"}')
    assert house.door.statuses(head + few + b"0\r\n\r\n") == [401]


@pytest.mark.parametrize(
    "name", ["Cookie", "User-Agent", "Accept-Language", "Authorization", "Origin", "Accept", "If-Match", "X-Any"]
)
def test_line_04_a_header_that_is_no_text_is_a_bad_request(house: House, name: str) -> None:
    for value in (b"\xff", b"\xc3\x28", b"\xed\xa0\x80"):
        head = f"GET /login HTTP/1.1\r\nHost: localhost\r\n{name}: ".encode() + value + b"\r\n\r\n"
        assert house.door.statuses(head) == [400]
    assert house.door.statuses(b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n") == [400]


@pytest.mark.parametrize(
    "name",
    [
        "local",
        "Nobody",
        "set-up",
        "the machine",
        "token x",
        "\u0430dministrator",
        "ADMINISTRAT0R",
        "admin istrator",
        "l0cal",
    ],
)
def test_line_16_names_that_could_be_taken_for_another_s_are_refused(house: House, name: str) -> None:
    owner = Browser(house.port)
    assert owner.log_in(PIN, PUK) == 200
    status, answer = owner.ask("POST", "/api/v1/users", {"name": name, "rights": {"consumptions": "see"}})
    assert status == 400 and answer["error"]["code"] in ("user_name_reserved", "user_name_taken")


def test_line_16_a_token_shows_as_a_token_whatever_it_is_called(house: House) -> None:
    owner = Browser(house.port)
    assert owner.log_in(PIN, PUK) == 200
    rights = {"system_configuration": "act", "server_configuration": "see"}
    status, token = owner.ask("POST", "/api/v1/tokens", {"name": "administrator", "rights": rights})
    assert status == 201
    bearer = {"Authorization": f"Bearer {token['token']}"}
    assert Browser(house.port).ask("POST", "/api/v1/loads", {"name": "Ovens"}, **bearer)[0] == 201
    assert "'token administrator'" in str(owner.ask("GET", "/api/v1/audit?limit=1")[1])


def test_line_17_tokens_end_with_who_made_them_and_it_is_told(house: House) -> None:
    owner, maker = Browser(house.port), Browser(house.port)
    assert owner.log_in(PIN, PUK) == 200
    rights = {"server_configuration": "act", "consumptions": "see"}
    codes = {"pin": "39571", "puk": "52840671930826"}
    id = owner.ask("POST", "/api/v1/users", {"name": "fitter", "rights": rights, **codes})[1]["id"]
    assert maker.log_in(codes["pin"], codes["puk"]) == 200
    made = maker.ask("POST", "/api/v1/tokens", {"name": "van", "rights": {"consumptions": "see"}})[1]
    bearer = {"Authorization": f"Bearer {made['token']}"}
    assert Browser(house.port).ask("GET", "/api/v1/loads", **bearer)[0] in (200, 403)
    assert owner.ask("PATCH", f"/api/v1/users/{id}", {"name": "fitter two"})[0] == 200
    assert owner.ask("DELETE", f"/api/v1/users/{id}")[0] == 200
    assert Browser(house.port).ask("GET", "/api/v1/loads", **bearer)[0] == 401
    assert eventually(lambda: "tokens ended: van" in str(owner.ask("GET", "/api/v1/events?subject=access")[1]))


GUESSES, KNOWN_TRIES = tenth(100_000), 5


@pytest.mark.soak
def test_line_05_another_s_right_pin_forgives_no_wrong_one_at_a_shared_browser(house: House) -> None:
    """The administrator leaves a browser to somebody who may see consumptions; he tries PINs, his own in between.

    He has five tries, as many as anybody has. Once they are spent, even the right PIN is among what he tries.
    """
    owner = Browser(house.port)
    assert owner.log_in(PIN, PUK) == 200
    own = {"pin": "39571", "puk": "52840671930826"}
    made, _ = owner.ask("POST", "/api/v1/users", {"name": "guest", "rights": {"consumptions": "see"}, **own})
    assert made == 201
    owner.ask("DELETE", "/api/v1/session")
    guest = owner  # the same browser
    assert guest.log_in(own["pin"], own["puk"]) == 200
    guest.ask("DELETE", "/api/v1/session")
    seen = Counter[int]()
    with house.door.connect() as client:
        for n in range(GUESSES):
            guess = PIN if n % 10 == 9 and seen[401] >= KNOWN_TRIES else f"{40_000 + n % 30_000:05}"
            seen[tried(client, guest, guess)] += 1
            if n % 1_000 == 3 and tried(client, guest, own["pin"]) == 401:
                guest.log_in(own["pin"], own["puk"])
    assert set(seen) <= {401, 429} and seen.total() == GUESSES
    assert seen[401] >= KNOWN_TRIES
    assert guest.ask("GET", "/api/v1/users")[0] in (401, 403)


def tried(client: socket.socket, browser: Browser, pin: str) -> int:
    """The answer to a PIN at a browser, over a connection that stays; again where a busy server gave none in time."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items() if name.endswith("browser"))
    body = f'{{"pin": "{pin}"}}'
    head = f"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nContent-Length: {len(body)}"
    status = 503
    while status == 503:
        client.sendall(f"{head}\r\n\r\n{body}".encode())
        status = answer_of(client).status
    return status


def test_line_05_a_session_that_stands_open_confirms_no_guess(house: House) -> None:
    owner = Browser(house.port)
    assert owner.log_in(PIN, PUK) == 200
    answers = [owner.ask("POST", "/api/v1/session/confirm", {"pin": f"{n:05}"})[0] for n in range(20)]
    assert answers.count(403) <= 4 and 200 not in answers and set(answers[4:]) <= {401, 429}


def test_line_06_the_owner_gets_in_from_a_new_address_while_strangers_try(house: House) -> None:
    known = Browser(house.port, "127.0.8.8")
    assert known.log_in(PIN, PUK) == 200
    stopping = threading.Event()

    def try_codes(place: int) -> None:
        while not stopping.is_set():
            Browser(house.port, f"127.0.7.{place}").log_in(f"{place:05}", f"{place:014}")

    strangers = [threading.Thread(target=try_codes, args=(place,)) for place in range(1, 41)]
    for each in strangers:
        each.start()
    try:
        began = time.monotonic()
        assert Browser(house.port, "127.0.9.1").log_in(PIN, PUK) == 200, "a new browser at a new address"
        moved = Browser(house.port, "127.0.9.2", dict(known.cookies))
        assert moved.log_in(PIN, PUK) == 200, "a browser that is known, at a new address"
        assert Browser(house.port, "127.0.7.1", dict(moved.cookies)).log_in(PIN, PUK) == 200, "at a stranger's address"
        assert time.monotonic() - began < 15
    finally:
        stopping.set()
        for each in strangers:
            each.join()


def test_line_07_who_knows_the_pin_keeps_its_owner_out_from_nowhere(house: House) -> None:
    for n in range(60):
        Browser(house.port, f"127.0.6.{n % 6 + 1}").log_in(PIN, f"{n:014}")
    assert Browser(house.port, "127.0.9.3").log_in(PIN, PUK) == 200


def test_line_08_too_little_memory_for_the_hash_says_so_and_costs_no_try(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*_: object) -> bool:
        raise MemoryError("Memory allocation error")

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "is_right", short)
        assert [Browser(house.port).log_in(PIN, PUK) for _ in range(6)] == [503] * 6
    assert Browser(house.port).log_in(PIN, PUK) == 200


def test_line_09_half_of_a_letter_is_a_bad_request_wherever_it_stands(house: House) -> None:
    lone = b"\\ud800"
    for path, content in (
        ("/api/v1/devices/1/commands", b'{"id": "%s", "value": "%s"}' % (lone, lone)),
        ("/api/v1/devices", b'{"name": "%s"}' % lone),
        ("/api/v1/loads", b'{"%s": 1}' % lone),
        ("/api/v1/users", b'{"name": "%s", "rights": {}}' % lone),
        ("/api/v1/tokens", b'{"name": "%s", "rights": {}}' % lone),
        ("/api/v1/maps", b'{"title": "%s"}' % lone),
        ("/api/v1/corrections", b'{"reason": "%s"}' % lone),
        ("/api/v1/session", b'{"pin": "%s"}' % lone),
    ):
        assert house.send("POST", path, content) in (400, 403, 404), path
    assert house.is_well()


TOML = {
    "price = '1e999999999'": '[[tariff]]\nname = "T"\nprices = [{from = "2020-01-01", price = "1e999999999"}]\n',
    "a price of 1e999999999": "[[tariff]]\nname = 'T'\nprices = [{from = '2020-01-01', price = 1e999999999}]\n",
    "5,000 digits": "[site]\ninterval_s = " + "9" * 5_000 + "\n",
    "lists in lists": "[site]\nname = " + "[" * 500 + "]" * 500 + "\n",
    "a rule": '[[rule]]\nstart = "1e999999999"\n',
    "a parameter": '[[device]]\nid = 1\nparameters = {ct_ratio = "1e999999999"}\n',
}


@pytest.mark.parametrize("text", TOML.values(), ids=TOML.keys())
def test_line_10_numbers_beyond_measure_are_refused_in_a_line(house: House, text: str) -> None:
    for query in ("", "?dry=1", "?replace=1"):
        for _ in range(2):
            began = time.monotonic()
            assert house.send("POST", ROUTE + query, text.encode()) == 422
            assert time.monotonic() - began < USUAL_S
    assert house.is_well()


@pytest.mark.parametrize(
    "text",
    [
        "a." * 100_000 + "a = 1",
        "".join(f"[t{n}]\n" for n in range(60_000)),
        "".join(f"[t{n}]\n" for n in range(15_000)),
    ],
    ids=["a key of 100,000 parts", "60,000 tables", "15,000 tables"],
)
def test_line_11_tables_without_end_are_refused_at_once(house: House, text: str) -> None:
    began = time.monotonic()
    assert house.send("POST", ROUTE, text.encode()) == 422
    assert time.monotonic() - began < USUAL_S


@pytest.mark.parametrize("odd", ["[]", "{}", "[[]]", "1", "true", '{"a": []}'])
def test_line_12_a_list_where_a_word_belongs_is_a_bad_request(house: House, odd: str) -> None:
    for path in ("/api/v1/corrections", "/api/v1/devices/1/replace-meter", "/api/v1/clock", "/api/v1/devices"):
        for field in ("unit", "quantity", "method", "energy", "name", "at"):
            body = f'{{"device": 1, "quantity": "active_energy_import_wh", "{field}": {odd}}}'
            assert house.send("POST", path, body.encode()) in (400, 404, 405, 422), (path, field)


def test_line_13_safe_mode_speaks_and_ends(data: Path) -> None:
    key = key_to(data)
    server = server_on(data, QuickClock(NOW, 1.0))
    server.start(safe_mode=True, failed_starts=5)
    try:
        house, owner = House(server, key), Browser(server.web.http.port)
        assert eventually(lambda: owner.log_in(PIN, PUK) == 200)
        assert house.ask("GET", "/api/v1/health")[1]["status"] == "degraded"  # type: ignore[index, call-overload]
        assert house.ask("GET", "/api/v1/system")[1]["safe_mode"]["failed_starts"] == 5  # type: ignore[index, call-overload]
        for path in ("/", "/devices", "/setup", "/system", "/users"):
            page = owner.ask("GET", path)[1]
            assert b'id="safe-mode"' in page and b"leave-safe-mode" in page, path
        assert not [child for child in server.views.get("supervisor").children if child.name.startswith("bus")]
        events = "/api/v1/events?subject=server"
        assert eventually(lambda: "safe_mode_begun" in str(house.ask("GET", events)[1]))
        assert owner.ask("POST", "/api/v1/system/leave-safe-mode")[0] == 200
        assert house.ask("GET", "/api/v1/system")[1]["safe_mode"] is None  # type: ignore[index, call-overload]
        assert b'id="safe-mode"' not in owner.ask("GET", "/devices")[1]
        assert eventually(lambda: "safe_mode_left" in str(house.ask("GET", events)[1]))
    finally:
        server.stop()


def test_line_13_after_five_cut_off_starts_safe_mode_ends_by_itself_in_ten_well_minutes(
    data: Path, tmp_path: Path
) -> None:
    key, well_s = key_to(data), tmp_path / "well_s"
    well_s.write_text("0")
    for _ in range(5):
        with watched(data, well_s) as (process, _):
            process.kill()
    with watched(data, well_s) as (_, port):
        asked = {"Authorization": f"Bearer {key}"}

        def answer(path: str) -> dict[str, object]:
            return Browser(port).ask("GET", path, **asked)[1]  # type: ignore[no-any-return]

        assert answer("/api/v1/system")["safe_mode"]["failed_starts"] == 5  # type: ignore[index]
        assert eventually(lambda: answer("/api/v1/health")["status"] == "degraded")
        well_s.write_text("590")
        assert eventually(lambda: well_s.read_text() == "0")
        assert answer("/api/v1/system")["safe_mode"] is not None
        well_s.write_text("600")
        assert eventually(lambda: answer("/api/v1/system")["safe_mode"] is None)
        events = "/api/v1/events?subject=server"
        assert eventually(lambda: "after ten well minutes" in str(answer(events)))
        assert eventually(lambda: (data / "starts").read_text().startswith("0 "))
    with watched(data, well_s) as (_, port):
        assert Browser(port).ask("GET", "/api/v1/system", **asked)[1]["safe_mode"] is None


@contextmanager
def watched(data: Path, well_s: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`wattkeeper run` that has been well for as long as the file says; with its port."""
    command = [sys.executable, "-m", "tests.faults.wellness", str(well_s), str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            url = next(line.split()[1] for line in process.stdout if line.startswith("web http"))
            assert "ready" in process.stdout.readline()
            yield process, int(url.rpartition(":")[2])
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(30)


@pytest.mark.parametrize("linked", ["probe", "wattkeeper-backup"])
def test_line_14_a_stick_whose_links_lead_elsewhere_is_refused_and_nothing_is_touched(
    house: House, tmp_path: Path, linked: str
) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "probe").write_text("kept")
    stick = tmp_path / "stick"
    (stick / "wattkeeper-backup").mkdir(parents=True)
    if linked == "probe":
        (stick / "wattkeeper-backup/probe").symlink_to(victim / "probe")
    else:
        (stick / "wattkeeper-backup").rmdir()
        (stick / "wattkeeper-backup").symlink_to(victim)
    chosen = {"folder": str(stick), "every_days": 7, "keep": 2}
    assert eventually(lambda: house.ask("PUT", "/api/v1/archive/medium", chosen)[0] != 503)  # the archivist begins last
    status, _ = house.ask("PUT", "/api/v1/archive/medium", chosen)
    assert status == (200 if linked == "probe" else 400)
    assert (victim / "probe").read_text() == "kept" and [each.name for each in victim.iterdir()] == ["probe"]


@pytest.mark.parametrize(
    "path", ["/etc/shadow", "/proc/self/mem", "/dev/null", "/dev/ptmx", "DATA/data.mdb", "/nowhere"]
)
def test_line_15_what_is_no_serial_port_is_never_opened(house: House, data: Path, path: str) -> None:
    file = Path(path.replace("DATA", str(data)))
    status, gateway = house.ask("POST", "/api/v1/gateways", {"name": "G", "url": f"rtu://{file}?baudrate=9600"})
    assert status in (201, 400, 422)
    if status != 201:
        return
    id = gateway["id"]  # type: ignore[index, call-overload]
    meter = {"name": "M", "gateway": id, "unit": 1, "model": "legrand-412045"}
    assert house.ask("POST", "/api/v1/devices", meter)[0] == 201
    until = time.monotonic() + 10
    while time.monotonic() < until:
        error = house.ask("GET", f"/api/v1/gateways/{id}")[1]["error"]  # type: ignore[index, call-overload]
        if error is not None:
            break
        time.sleep(0.05)
    assert error["code"] == "port_unfit" and "is no serial port" in str(error)


def test_line_18_with_256_descriptors_and_300_gateways_pages_answer_and_the_log_is_short(data: Path) -> None:
    key, many = key_to(data), data.parent / "many.toml"
    with silent_gateways(300) as ports:
        rows = (
            f'[[gateway]]\nname = "G{port}"\nurl = "tcp://127.0.0.1:{port}"\n'
            f'[[device]]\nname = "D{port}"\ngateway = "G{port}"\nunit = 1\nmodel = "legrand-412045"\n'
            for port in ports
        )
        many.write_text("".join(rows))
        load = [sys.executable, "-m", "runtime", "load", str(many), "--data", str(data)]
        subprocess.run(load, check=True, capture_output=True, timeout=60)
        command = f"ulimit -n 256; exec {sys.executable} -m runtime run --data {data} --http 127.0.0.1:0"
        process = subprocess.Popen(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None and process.stderr is not None
        complaints: list[str] = []
        reader = threading.Thread(target=lambda: complaints.extend(process.stderr or ()))
        reader.start()
        try:
            url = next(line.split()[1] for line in process.stdout if line.startswith("web http"))
            owner = Browser(int(url.rpartition(":")[2]))
            asked = {"Authorization": f"Bearer {key}"}
            assert eventually(lambda: short_links(owner, asked) > 0, 60)
            for path in ("/api/v1/health", "/login", "/api/v1/gateways") * 3:
                assert owner.ask("GET", path, **asked)[0] == 200, path
        finally:
            process.terminate()
            process.wait(30)
            reader.join()
            process.stdout.close()
            process.stderr.close()
    assert not [line for line in complaints if "Traceback" in line]
    assert [line for line in complaints if "LimitNOFILE" in line]
    assert len(complaints) < 900  # some lines for each gateway that has no link


def short_links(owner: Browser, asked: dict[str, str]) -> int:
    return str(owner.ask("GET", "/api/v1/gateways", **asked)[1]).count("machine_short")


@contextmanager
def silent_gateways(count: int) -> Iterator[list[int]]:
    """Ports that take any connection and say nothing; they have descriptors of their own."""
    code = (
        "import select, socket\n"
        f"made=[socket.create_server(('127.0.0.1',0),backlog=512) for _ in range({count})]\n"
        "taken={s.fileno(): s for s in made}\n"
        "print(*(s.getsockname()[1] for s in taken.values()),flush=True); held=[]; poll=select.poll()\n"
        "for number in taken: poll.register(number, select.POLLIN)\n"
        "while True: held += [taken[number].accept()[0] for number, _ in poll.poll()]"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as gateways:
        assert gateways.stdout is not None
        try:
            yield [int(port) for port in gateways.stdout.readline().split()]
        finally:
            gateways.kill()


def test_line_19_a_folder_that_is_read_only_and_maps_with_odd_names_are_one_line(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", Path("/proc/nowhere"), tmp_path / "file" / "below"):
        told = subprocess.run(
            [sys.executable, "-m", "runtime", "run", "--data", str(folder), "--http", "127.0.0.1:0"],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert told.returncode == 1 and "Traceback" not in told.stderr
        assert len(told.stderr.strip().splitlines()) <= 2
    backup = tmp_path / "backup.mdb"
    copy_whole(data, backup)
    env = open_file(backup)
    with env.begin(write=True) as txn:
        for name in (b"a\0b.toml", b"../x.toml", b"\xff.toml", b"a\nb.toml", b"ok.toml"):
            txn.put(name, seal(name, "map", b"id = 1"), db=env.open_db(b"maps", txn=txn))
    env.close()
    fresh = tmp_path / "fresh"
    assert restore(backup, fresh).maps == ("ok.toml",)
    assert [each.name for each in (fresh / "maps").iterdir()] == ["ok.toml"]


MAP = {"title": "M3", "rows": [{"quantity": "active_power_w", "function": 3, "register": 1, "type": "u16"}]}


def test_line_19_an_own_map_on_a_full_disk_is_said_in_words_and_nothing_half_of_it_stays(
    house: House, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert house.ask("POST", "/api/v1/maps", MAP)[0] == 201
    kept = {file.name: file.read_bytes() for file in (data / "maps").iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("runtime.process.namedpath.os.fsync", full)
        for method, path, title in (("POST", "/api/v1/maps", "M4"), ("PUT", "/api/v1/maps/own-m3", "M5")):
            status, answer = house.ask(method, path, {**MAP, "title": title})
            assert status == 503
            assert answer["error"]["code"] == "store_unwritable"  # type: ignore[index, call-overload]
            assert "No space left" in str(answer)
    assert {file.name: file.read_bytes() for file in (data / "maps").iterdir()} == kept
    assert [each["title"] for each in house.ask("GET", "/api/v1/maps")[1]] == ["M3"]  # type: ignore[attr-defined]
    assert house.ask("POST", "/api/v1/maps", {**MAP, "title": "M4"})[0] == 201
    assert house.ask("DELETE", "/api/v1/maps/own-m3")[0] == 204


def test_line_20_what_waits_for_room_is_stored_when_there_is_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    stage = Stage(ManualClock(T0 + 10 * STEP_S))
    stage.views.publish("installation", SITE)
    recorder = stage.add(Recorder(stage.incarnation("recorder"), store))
    short = [True]
    monkeypatch.setattr("actors.recorder.transaction.is_short", lambda store, was_short: short[0])

    def closes(interval: int) -> None:
        for device in (1, 2):
            stage.directory.post("recorder", sample(device, T0 + interval * STEP_S))
        stage.play()

    for interval in range(3):
        closes(interval)
    with store.reading() as txn:
        assert list(Rows(store).scan(txn, 0, 1 << 40)) == []
    short[0] = False
    closes(3)
    with store.reading() as txn:
        kept = [(row.start_ts, row.device) for row in Rows(store).scan(txn, 0, 1 << 40)]
    assert kept == [(T0 + interval * STEP_S, device) for interval in range(4) for device in (1, 2)]
    recorder.on_end()
    store.close()


@pytest.fixture
def behind(data: Path, tmp_path: Path) -> Iterator[House]:
    """A proxy on the same machine that is known, and pages below a path of it."""
    key, plugins = key_to(data), tmp_path / "plugins.toml"
    web = '[web]\nproxies = ["127.0.0.5"]\nprefix = "/energy"\nnames = ["energy.example.org"]\n'
    plugins.write_text(default_plugins().read_text().replace("[web]\n", "") + web)
    with served(data, plugins) as server:
        yield House(server, key)


def through(house: House, client: str, method: str, path: str, body: object = None) -> tuple[int, object]:
    """What the proxy passes on for a client."""
    told = {"X-Forwarded-For": f"10.1.1.1, {client}", "X-Forwarded-Proto": "https", "Host": "energy.example.org"}
    return Browser(house.port, "127.0.0.5").ask(method, path, body, **told)


def test_line_21_behind_a_known_proxy_each_client_counts_for_himself(behind: House) -> None:
    codes = {"pin": "00001", "puk": "11223344556677"}
    wrong = [through(behind, "198.51.100.7", "POST", "/energy/api/v1/session", codes)[0] for _ in range(12)]
    assert wrong.count(429) >= 6
    assert through(behind, "198.51.100.8", "POST", "/energy/api/v1/session", {"pin": PIN, "puk": PUK})[0] == 200


def test_line_21_behind_a_known_proxy_cookies_are_secure_and_links_have_the_prefix(behind: House) -> None:
    told = "X-Forwarded-For: 198.51.100.8\r\nX-Forwarded-Proto: https\r\nHost: energy.example.org\r\n"
    body = f'{{"pin": "{PIN}", "puk": "{PUK}"}}'
    login = f"POST /energy/api/v1/session HTTP/1.1\r\n{told}Content-Length: {len(body)}\r\n\r\n{body}"
    with behind.door.connect(source="127.0.0.5") as client:
        client.sendall(login.encode())
        cookies = re.findall(rb"(?i)set-cookie: ([^\r]*)", client.recv(65536))
    assert cookies and all(b"; Secure" in cookie and cookie.startswith(b"__Host-") for cookie in cookies)
    for path in ("/energy/login", "/login"):  # whether the proxy takes its path off or not
        with behind.door.connect(source="127.0.0.5") as client:
            client.sendall(f"GET {path} HTTP/1.1\r\n{told}\r\n".encode())
            page = answer_of(client).body
        links = re.findall(rb'(?:href|src|action)="(/[^"]*)"', page)
        assert links and all(link.startswith(b"/energy/") for link in links)
        script = next(link for link in links if link.endswith(b".js")).decode()
        assert through(behind, "198.51.100.8", "GET", script)[0] == 200


def test_line_21_who_is_no_known_proxy_says_nothing_of_others(behind: House) -> None:
    liar = Browser(behind.port, "127.0.0.6")
    for n in range(12):
        codes = {"pin": "00001", "puk": "11223344556677"}
        liar.ask("POST", "/api/v1/session", codes, **{"X-Forwarded-For": f"10.0.0.{n}"})
    assert liar.log_in(PIN, PUK) == 429


@pytest.mark.parametrize(
    "line",
    ["X-Forwarded-For: 8.8.8.9", "Forwarded: for=8.8.8.9", "Via: 1.1 proxy", "X-Real-IP: 8.8.8.9"],
)
@pytest.mark.parametrize("known", [True, False])
def test_line_21_the_first_set_up_is_refused_from_outside_whatever_the_proxy(
    tmp_path: Path, line: str, known: bool
) -> None:
    plugins = tmp_path / "plugins.toml"
    web = '[web]\nproxies = ["127.0.0.5"]\n' if known else ""
    plugins.write_text(default_plugins().read_text().replace("[web]\n", "") + web)
    body = f'{{"pin": "{PIN}", "puk": "{PUK}"}}'
    with served(tmp_path / "data", plugins) as server, Door(server.web).connect(source="127.0.0.5") as client:
        head = f"POST /api/v1/setup HTTP/1.1\r\nHost: localhost\r\n{line}\r\nContent-Length: {len(body)}\r\n\r\n"
        client.sendall(head.encode() + body.encode())
        assert answer_of(client).json["error"]["code"] == "set_up_from_afar"


@pytest.mark.parametrize(
    ("route", "values"),
    [
        ("/api/v1/settings", {"language": "NaN"}),
        ("/api/v1/settings", {"zone": "localtime"}),
        ("/api/v1/settings", {"zone": "posix/Europe/Paris"}),
        ("/api/v1/gateways", {"name": "G", "url": "tcp://a b:502"}),
        ("/api/v1/gateways", {"name": "G", "url": "tcp://user:pass@host"}),
        ("/api/v1/gateways", {"name": "G", "url": "tcp://a\nb"}),
        ("/api/v1/gateways", {"name": "G", "url": "tcp://0177.0.0.1"}),
        ("/api/v1/gateways", {"name": "G", "url": "tcp://2130706433"}),
        ("/api/v1/gateways", {"name": "G", "url": "tcp://a..b"}),
        ("/api/v1/gateways", {"name": "G", "url": "tcp://\uff41"}),
        ("/api/v1/gateways", {"name": "G", "url": "rtutcp://host#x"}),
    ],
)
def test_line_22_what_is_no_language_zone_or_host_is_refused(house: House, route: str, values: dict[str, str]) -> None:
    method = "PATCH" if "settings" in route else "POST"
    assert house.ask(method, route, values)[0] in (400, 422)
