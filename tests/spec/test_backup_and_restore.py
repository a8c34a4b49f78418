"""From the command line: is it whole, keep it, bring it back; and a server that finds its file damaged."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request

import pytest

from runtime.__main__ import main
from runtime.store.env import open_store
from runtime.store.upkeep.backup import back_up
from tests.actors.stage import eventually
from tests.key import asked, key_to
from tests.runtime.store.archive import HOT, LATER, archive
from tests.runtime.store.site import STEP_S, book, sample


@pytest.fixture
def folder(tmp_path):
    return archive(tmp_path / "store")


def zero_pages(folder):
    data = bytearray((folder / "data.mdb").read_bytes())
    for page in range(2, len(data) // 4096, 2):
        data[page * 4096 : (page + 1) * 4096] = bytes(4096)
    (folder / "data.mdb").write_bytes(data)


def test_verify_says_what_is_wrong_and_where(folder, capsys):
    assert main(["verify", "--data", str(folder)]) == 0
    shown = capsys.readouterr()
    assert "bins and rows" in shown.out and shown.err == ""
    store = open_store(folder)
    with store.writing() as txn:
        txn.put(b"\0\2", b"\1" * 50, db=store.tree("ledger"))
    store.close()
    assert main(["verify", "--data", str(folder)]) == 1
    assert capsys.readouterr().err == "wattkeeper: ledger: device 2: does not match its check sum\n"
    zero_pages(folder)
    assert main(["verify", "--data", str(folder)]) == 1
    assert "data.mdb" in capsys.readouterr().err


def test_a_backup_brings_everything_back(folder, tmp_path, capsys):
    assert main(["backup", str(tmp_path / "copy.mdb"), "--data", str(folder)]) == 0
    zero_pages(folder)
    assert main(["restore", str(tmp_path / "copy.mdb"), "--data", str(folder)]) == 0
    assert "kept as data.mdb.aside-1" in capsys.readouterr().out
    assert main(["verify", "--data", str(folder)]) == 0


def test_what_cannot_be_done_is_one_line(folder, tmp_path, capsys):
    (tmp_path / "nonsense").write_bytes(b"nonsense" * 999)
    for arguments in (
        ["restore", str(tmp_path / "none"), "--data", str(folder)],
        ["restore", str(tmp_path / "nonsense"), "--data", str(folder)],
        ["backup", str(tmp_path / "no" / "folder"), "--data", str(folder)],
        ["backup", str(tmp_path / "copy"), "--data", str(tmp_path / "none")],
        ["verify", "--data", str(tmp_path / "none")],
    ):
        assert main(arguments) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1


def told_of_restore(url, key):
    with urllib.request.urlopen(asked(f"{url}/api/v1/events?code=store_restored", key), timeout=60) as answer:
        return json.load(answer)


def test_a_server_whose_file_is_damaged_starts_from_its_last_backup_and_says_so(folder):
    key = key_to(folder)
    back_up(folder, LATER)
    store = open_store(folder)
    book(store, [sample(1, HOT + 6 * STEP_S)])
    store.close()
    zero_pages(folder)
    command = [sys.executable, "-m", "runtime", "run", "--http", "127.0.0.1:0", "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = server.stdout.readline().split()[1]
            assert server.stdout.readline() == "ready\n"
            assert eventually(lambda: told_of_restore(url, key))
            server.send_signal(signal.SIGTERM)
            assert server.wait(60) == 0
        finally:
            server.kill()  # whatever failed: nobody waits for it
    assert list(folder.glob("*.aside-1"))


def test_a_server_without_a_backup_refuses_to_start_on_a_damaged_file(folder):
    zero_pages(folder)
    command = [sys.executable, "-m", "runtime", "run", "--http", "127.0.0.1:0", "--data", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "restore a backup" in done.stderr
