import os
import pty
from pathlib import Path

import pytest

from runtime.process.namedpath import (
    is_plain,
    is_straight,
    make_folder,
    read_plain,
    terminal,
    try_writing,
    write_plain,
)


def test_a_path_through_a_link_is_not_straight(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    (tmp_path / "there/below").mkdir()
    assert is_straight(tmp_path / "there/below")
    assert not is_straight(tmp_path / "link/below") and not is_straight(tmp_path / "link")
    assert not is_straight(tmp_path / "nowhere") and not is_straight(Path("there"))


def test_only_a_plain_file_is_read(tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    assert read_plain(tmp_path / "file", 100) == b"content"
    assert is_plain(tmp_path / "file") and not is_plain(tmp_path / "link") and not is_plain(tmp_path / "pipe")
    for name in ("link", "pipe", ".", "nothing", "file\0"):
        with pytest.raises(OSError):
            read_plain(tmp_path / name, 100)
    with pytest.raises(OSError):
        read_plain(tmp_path / "file", 3)


def test_a_link_is_replaced_and_never_written_into(tmp_path):
    (tmp_path / "secret").write_bytes(b"s")
    (tmp_path / "map.toml").symlink_to(tmp_path / "secret")
    write_plain(tmp_path / "map.toml", b"new")
    assert (tmp_path / "secret").read_bytes() == b"s" and read_plain(tmp_path / "map.toml", 9) == b"new"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["map.toml", "secret"]


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        write_plain(tmp_path / "folder", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_a_folder_is_made_unless_something_else_has_its_name(tmp_path):
    make_folder(tmp_path / "a")
    make_folder(tmp_path / "a")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(OSError):
        make_folder(tmp_path / "link")


def test_trying_to_write_leaves_nothing_and_touches_nothing(tmp_path):
    (tmp_path / "file").write_bytes(b"kept")
    try_writing(tmp_path)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("file", b"kept")]


def test_a_link_to_a_terminal_leads_to_exactly_that_one(tmp_path):
    master, slave = pty.openpty()
    try:
        (tmp_path / "port").symlink_to(os.ttyname(slave))
        with terminal(str(tmp_path / "port")) as path:
            handle = os.open(path, os.O_RDWR | os.O_NOCTTY)
            assert os.fstat(handle).st_rdev == os.fstat(slave).st_rdev
            os.close(handle)
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize(
    "path", ["/dev/null", "/dev/zero", "/dev/ptmx", "/proc/self/mem", "/etc/passwd", "/", "/dev/x\0"]
)
def test_what_is_no_serial_line_is_never_opened(path):
    with pytest.raises(OSError) as refused, terminal(path):
        pass
    assert refused.value.strerror == os.strerror(25)
