from datetime import date

import pytest

from runtime.core.export.download import Download
from runtime.errors import StoreError
from runtime.store.export.downloads import KEPT_MS, MOST, Downloads, make_download

WANTED = Download("devices", (1,), date(2026, 10, 20), date(2026, 10, 20), "1h", False)
NOW_MS = 1_780_000_000_000


def test_what_was_asked_for_is_known_to_whoever_comes_later(tmp_path):
    id = Downloads(tmp_path).ask(WANTED, "installer", NOW_MS)
    (kept,) = Downloads(tmp_path).all()
    assert (kept.id, kept.by, kept.asked_ms, kept.wanted) == (id, "installer", NOW_MS, WANTED)
    assert kept.file is None and kept.error == ""


def test_two_of_one_moment_are_two(tmp_path):
    downloads = Downloads(tmp_path)
    first, second = downloads.ask(WANTED, "a", NOW_MS), downloads.ask(WANTED, "b", NOW_MS)
    assert [each.id for each in downloads.all()] == [second, first]


def test_old_ones_go_and_so_do_too_many(tmp_path):
    downloads = Downloads(tmp_path)
    old = downloads.ask(WANTED, "a", NOW_MS - KEPT_MS - 1)
    for number in range(MOST + 3):
        downloads.ask(WANTED, "a", NOW_MS + number)
    assert len(downloads.all()) == MOST and downloads.get(old) is None


@pytest.mark.parametrize("id", ["", "..", "../../etc/passwd", "1/2", "9" * 40, "x"])
def test_what_is_no_id_is_nobody_s(tmp_path, id):
    assert Downloads(tmp_path).get(id) is None


def test_a_damaged_record_is_left_out(tmp_path):
    downloads = Downloads(tmp_path)
    id = downloads.ask(WANTED, "a", NOW_MS)
    (tmp_path / "downloads" / f"{id}.json").write_text("{")
    assert downloads.all() == []


def test_why_it_could_not_be_made_is_kept(tmp_path):
    downloads = Downloads(tmp_path)
    id = downloads.ask(WANTED, "a", NOW_MS)
    with pytest.raises(StoreError, match="no store"):
        make_download(downloads, id, lambda percent: None)
    kept = downloads.get(id)
    assert kept is not None and "no store" in kept.error
    downloads.remove(id)
    assert list((tmp_path / "downloads").iterdir()) == []
