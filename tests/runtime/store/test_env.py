"""One folder, one writer; trouble is told in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import lmdb
import pytest

from runtime.errors import StoreError
from runtime.store import env
from runtime.store.env import open_store


def test_a_second_server_on_the_folder_is_refused_in_one_line(tmp_path):
    first = open_store(tmp_path)
    with pytest.raises(StoreError) as refused:
        open_store(tmp_path)
    assert refused.value.code == "store_locked" and "\n" not in refused.value.message
    assert str(os.getpid()) in refused.value.message
    first.close()
    open_store(tmp_path).close()


def test_a_server_in_another_process_is_noticed_too(tmp_path):
    open_store(tmp_path).close()
    program = "import sys; from pathlib import Path; from runtime.store.env import open_store\n"
    program += "open_store(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    child = subprocess.Popen([sys.executable, "-c", program, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with child:
        assert child.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match=str(child.pid)):
            open_store(tmp_path)
        child.kill()
        child.wait()
        open_store(tmp_path).close()


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError) as refused:
        open_store(tmp_path / "file" / "store")
    assert refused.value.code == "store_unwritable" and "\n" not in refused.value.message


def test_a_folder_that_not_even_root_may_write_is_told_in_one_line():
    with pytest.raises(StoreError) as refused:
        open_store(Path("/proc/wattkeeper"))
    assert refused.value.code == "store_unwritable"


def test_what_is_not_there_is_not_made_unasked(tmp_path):
    with pytest.raises(StoreError) as refused:
        open_store(tmp_path / "none", create=False)
    assert refused.value.code == "store_missing"
    assert not (tmp_path / "none").exists()


def test_a_reader_beside_the_writer_sees_what_was_committed(tmp_path):
    writer = open_store(tmp_path)
    with writer.writing() as txn:
        writer.records.put(txn, "user", 1, {"a": 1})
    program = "import sys; from pathlib import Path; from runtime.store.env import open_store\n"
    program += "print(open_store(Path(sys.argv[1]), readonly=True).records.get('user', 1))"
    seen = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert seen.stdout == "{'a': 1}\n"
    writer.close()


def test_a_file_that_is_no_store_is_damaged(tmp_path):
    (tmp_path / "data.mdb").write_bytes(b"nonsense" * 4096)
    with pytest.raises(StoreError) as refused:
        open_store(tmp_path)
    assert refused.value.code == "store_damaged"


def test_a_full_map_loses_the_transaction_only(tmp_path, monkeypatch):
    monkeypatch.setattr(env, "MAP_BYTES", 1 << 18)
    store = open_store(tmp_path)
    with store.writing() as txn:
        store.records.put(txn, "user", "kept", 1)
    with pytest.raises(StoreError) as refused, store.writing() as txn:
        for key in range(1000):
            store.records.put(txn, "user", key, "x" * 1000)
    assert refused.value.code == "store_full"
    assert store.records.all("user") == {"kept": 1}
    store.close()


def test_the_format_is_the_one_that_every_lmdb_reads(store):
    assert lmdb.version()[:2] == (0, 9)
    assert set(env.TREES) >= {"rows", "blocks", "schemas", "ledger", "checkpoints", "bins", "records", "events"}
