"""The one way to what lies under a path that a person can name: a medium, a port, a map, a backup.

Links are not followed, so that nobody's stick leads elsewhere; only a plain file is read, so that nothing waits for a
pipe or does what a device does when it is opened; what is only looked at stays untouched.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TERMINALS = Path("/proc/tty/drivers")  # name, device, major, minors, type: all kinds of terminals that the kernel has
_LINES = ("serial", "pty:slave")
_USUAL = {4: (64, 255), 136: (0, 1 << 20), 166: (0, 255), 188: (0, 255), 204: (0, 255), 207: (0, 15)}


def is_straight(path: Path) -> bool:
    """Whether a path is absolute and leads through no link; False too where it leads nowhere."""
    try:
        return path.is_absolute() and path.resolve(strict=True) == Path(os.path.normpath(path))
    except (OSError, ValueError, RuntimeError):
        return False


def is_plain(path: Path) -> bool:
    """Whether there is a file, and no link, pipe or device."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def read_plain(path: Path, most_bytes: int) -> bytes:
    """The content of a file. Raises OSError, also for what is none and for one that is larger."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL)) from None
    with open(handle, "rb") as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(errno.EINVAL, "is no plain file")
        if state.st_size > most_bytes:
            raise OSError(errno.EFBIG, f"has more than {most_bytes} bytes")
        return file.read(most_bytes)


def write_plain(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk; what stood there under that name before is replaced, never written into.

    raises  OSError
    """
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with open(os.open(fresh, flags, 0o644), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def make_folder(folder: Path) -> None:
    """Unless it is there. Raises OSError, also where a link or a file has its name."""
    try:
        folder.mkdir()
    except FileExistsError:
        if not stat.S_ISDIR(folder.lstat().st_mode):
            raise


def try_writing(folder: Path) -> None:
    """Whether a file can be made there; none stays. Raises OSError."""
    probe = folder / f".{secrets.token_hex(8)}"
    os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    probe.unlink()


@contextmanager
def terminal(path: str) -> Iterator[str]:
    """A path by which exactly the serial line that lies at ``path`` can be opened while the block lasts.

    A link may lead there (udev makes such); what it leads to is looked at before anything is opened.
    raises  OSError, with ENOTTY for what is no serial line
    """
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except ValueError:
        raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY)) from None
    try:
        state = os.fstat(handle)
        if not (stat.S_ISCHR(state.st_mode) and _is_line(os.major(state.st_rdev), os.minor(state.st_rdev))):
            raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
        yield f"/proc/self/fd/{handle}"
    finally:
        os.close(handle)


def _is_line(major: int, minor: int) -> bool:
    try:
        rows = [line.split() for line in _TERMINALS.read_text("ascii", "replace").splitlines()]
    except OSError:
        first, last = _USUAL.get(major, (1, 0))
        return first <= minor <= last
    for row in rows:
        if len(row) == 5 and row[2] == str(major) and row[4] in _LINES:
            first_text, _, last_text = row[3].partition("-")
            if int(first_text) <= minor <= int(last_text or first_text):
                return True
    return False
