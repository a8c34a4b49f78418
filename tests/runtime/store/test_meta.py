"""What would make LMDB abort is seen before it is asked."""

from __future__ import annotations

import pytest

from runtime.store.env import open_store
from runtime.store.meta import check_meta


@pytest.fixture
def file(tmp_path):
    store = open_store(tmp_path)
    for round in range(3):
        with store.writing() as txn:
            store.records.put(txn, "user", round, "x" * 9000)
    store.close()
    return tmp_path / "data.mdb"


def changed(file, at, content):
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(content)


def test_a_whole_file_and_one_that_is_not_there_yet_are_fine(file, tmp_path):
    assert check_meta(file) == "" == check_meta(tmp_path / "none")
    (tmp_path / "empty").touch()
    assert check_meta(tmp_path / "empty") == ""


def test_a_file_that_is_cut_off_is_seen(file):
    with file.open("r+b") as opened:
        opened.truncate(5 * 4096)
    assert "cut off" in check_meta(file)


@pytest.mark.parametrize("page", [0, 1])
def test_a_zeroed_meta_page_is_seen(file, page):
    changed(file, page * 4096, bytes(512))
    assert "one of its two meta pages" in check_meta(file)


def test_a_file_of_something_else_is_seen(file):
    file.write_bytes(b"nonsense" * 4096)
    assert "neither" in check_meta(file)


def test_a_folder_in_its_place_is_told(tmp_path):
    assert "cannot be read" in check_meta(tmp_path)
