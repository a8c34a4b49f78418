"""Whatever lies in the folder of maps: the server starts, says in a line what it leaves out, and its pages answer."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from drivers.families import plugin
from runtime.plugin.mapfiles import MOST_FILES, read_folder
from tests.key import key_to
from tests.soak import tenth
from tests.spec.test_attacks_on_access import PIN, PUK, Browser, data, served

__all__ = ["data"]

pytestmark = [pytest.mark.faults, pytest.mark.soak]

DAMAGED = min(tenth(1_000), MOST_FILES - 50)  # of more the rest is left out unread
WITHIN_S = 60.0  # all of them, on a machine with other work; one that is looked at by the square takes hours
GOOD = (Path(plugin.__file__).parent / "meters/legrand-412045.toml").read_text("utf-8")
ROW = 'field = [{quantity = "voltage_l1_v", at = 0, type = "f32"}]\n'
MAP = 'id = "%s"\ntitle = "T"\nspace = "input"\nsource = "s"\ntrust = "field"\n'
CONTENTS = {
    "huge.toml": b"# " + b"x" * (2 << 20),
    "deep.toml": b"a = " + b"[" * 30_000,
    "keys.toml": b"a." * 60_000 + b"a = 1",
    "tables.toml": b"".join(b"[t%d]\n" % n for n in range(60_000)),
    "number.toml": b"a = 1e999999999\nb = " + b"9" * 20_000,
    "noise.toml": random.Random(1).randbytes(20_000),
    "nothing.toml": b"",
    "marked.toml": b"\xef\xbb\xbfid = 'm'\n",
    "controls.toml": b'id = "a\\u0000b"\ntitle = "\\u001b[2J"\n' + ROW.encode(),
    "lists.toml": b"id = [[1], {a = 1}]\nfield = {a = 1}\n",
    "rows.toml": (MAP % "rows" + "field = [" + '{quantity = "voltage_l1_v", at = 0},' * 8_000 + "]").encode(),
    "self.toml": (MAP % "self" + 'extends = "self"\n' + ROW).encode(),
    "one.toml": (MAP % "one" + 'extends = "two"\n' + ROW).encode(),
    "two.toml": (MAP % "two" + 'extends = "one"\n' + ROW).encode(),
    "long.toml": (MAP % ("l" * 5_000) + ROW).encode(),
    "up.toml": (MAP % "../../etc/passwd" + ROW).encode(),
    "<script>alert(1)<.toml": (MAP % "<b>" + ROW).encode(),
    "line\nend.toml": b"id =",
    "n" * 200 + ".toml": b"id =",
    "\udcff\udcfe.toml": b"id =",
    ".toml": b"id =",
}
PIECES = (*'"[]={}\n,.#', "[[field]]", "-1", "1e99", "true", "'''", "id = 7\n", "extends = 'x'\n", "9" * 40, "\0", "ü")


def fill(folder: Path) -> None:
    folder.mkdir()
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)
    os.mkfifo(folder / "pipe.toml")
    (folder / "folder.toml").mkdir()
    (folder / "passwords.toml").symlink_to("/etc/passwd")
    (folder / "memory.toml").symlink_to("/proc/self/mem")
    (folder / "endless.toml").symlink_to("/dev/zero")
    (folder / "loop.toml").symlink_to("loop.toml")
    (folder / "up").symlink_to("..")
    deep = folder.joinpath(*["d"] * 60)
    deep.mkdir(parents=True)
    (deep / "deep.toml").write_bytes(b"id =")
    noise = random.Random(20261130)
    for number in range(DAMAGED):
        at = noise.randrange(len(GOOD))
        put_in = "".join(noise.choice(PIECES) for _ in range(noise.randrange(8)))
        (folder / f"damaged-{number}.toml").write_text(GOOD[:at] + put_in + GOOD[at + noise.randrange(80) :])


def test_whatever_lies_in_the_folder_of_maps_is_a_map_or_left_out_in_a_line(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key = key_to(data)
    fill(data / "maps")
    began = time.monotonic()
    with served(data) as server:
        server.reload()
        asked = {"Authorization": f"Bearer {key}"}
        owner = Browser(server.web.http.port)
        assert owner.log_in(PIN, PUK) == 200
        for path in ("/api/v1/health", "/api/v1/maps", "/api/v1/catalogue"):
            assert Browser(server.web.http.port).ask("GET", path, **asked)[0] == 200, path
        for path in ("/setup/maps", "/setup/maps/new", "/system"):
            assert owner.ask("GET", path)[0] in (200, 303), path
        assert not server.fatal
    assert time.monotonic() - began < WITHIN_S
    lines = [record.getMessage() for record in caplog.records]
    assert not [record for record in caplog.records if record.exc_info]
    assert not [line for line in lines if "root:" in line], "what a link leads to is nowhere"
    for name in ("pipe.toml", "folder.toml", "passwords.toml", "huge.toml"):
        assert sum(f"/{name}" in line for line in lines) >= 1, name


def test_of_more_files_than_anybody_has_the_rest_is_left_out(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 5):
        (tmp_path / f"{number:05}.toml").write_text("id =")
    _, faults = read_folder(tmp_path, {})
    assert len(faults) == MOST_FILES + 1
    assert str(MOST_FILES) in str(faults[-1])
