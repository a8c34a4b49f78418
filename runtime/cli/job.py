"""Heavy work in a process of its own: ``python -m runtime job KIND …``; niced, killable, one JSON line a step.

verify PLACE [--quick] [--from TS] [--energy-from TS] · backup FOLDER TS · copy FOLDER FILE ·
medium FOLDER TARGET TS · download FOLDER ID
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from runtime.errors import StoreError

NICE = 10


def main(argv: Sequence[str]) -> int:
    options = _parser().parse_args(argv)
    if not getattr(options, "quick", False):
        os.nice(NICE)
    does: Callable[[argparse.Namespace], int] = options.does
    return does(options)


def _verify(options: argparse.Namespace) -> int:
    from runtime.store.upkeep.verify import Complaint, verify

    bad = 0
    starts = {"from_ts": options.from_ts, "energy_from_ts": options.energy_from_ts}
    for told in verify(options.place, quick=options.quick, **starts):
        bad += isinstance(told, Complaint)
        _say({"kind": type(told).__name__.lower(), **asdict(told)})
    _say({"kind": "done"})
    return 1 if bad else 0


def _backup(options: argparse.Namespace) -> int:
    from runtime.store.upkeep.backup import back_up

    return _run_job(lambda: back_up(options.folder, options.ts, keep=options.keep).file)


def _copy(options: argparse.Namespace) -> int:
    from runtime.store.upkeep.backup import copy_whole

    return _run_job(lambda: copy_whole(options.folder, options.file))


def _medium(options: argparse.Namespace) -> int:
    from runtime.store.upkeep.backupmedium import copy_to

    return _run_job(lambda: copy_to(options.folder, options.target, options.ts, keep=options.keep).file)


def _download(options: argparse.Namespace) -> int:
    from runtime.store.export.downloads import Downloads, make_download

    downloads = Downloads(options.folder)
    return _run_job(lambda: make_download(downloads, options.id, lambda at: _say({"kind": "progress", "at": str(at)})))


def _run_job(work: Callable[[], Path | None]) -> int:
    try:
        made = work()
    except StoreError as error:
        _say({"kind": "error", "code": error.code, "message": error.message})
        return 1
    _say({"kind": "done", "file": str(made or "")})
    return 0


def _say(line: dict[str, object]) -> None:
    """At once: an abort must not swallow it."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="wattkeeper job", description="Work of the server in a process of its own.")
    kinds = whole.add_subparsers(required=True, metavar="KIND")
    verify = kinds.add_parser("verify")
    verify.add_argument("place", type=Path)
    verify.add_argument("--quick", action="store_true")
    verify.add_argument("--from", dest="from_ts", type=int, default=0)
    verify.add_argument("--energy-from", dest="energy_from_ts", type=int, default=0)
    verify.set_defaults(does=_verify)
    backup = kinds.add_parser("backup")
    backup.add_argument("folder", type=Path)
    backup.add_argument("ts", type=int)
    backup.add_argument("--keep", type=int, default=3)
    backup.set_defaults(does=_backup)
    copy = kinds.add_parser("copy")
    copy.add_argument("folder", type=Path)
    copy.add_argument("file", type=Path)
    copy.set_defaults(does=_copy)
    medium = kinds.add_parser("medium")
    medium.add_argument("folder", type=Path)
    medium.add_argument("target")
    medium.add_argument("ts", type=int)
    medium.add_argument("--keep", type=int, default=4)
    medium.set_defaults(does=_medium)
    download = kinds.add_parser("download")
    download.add_argument("folder", type=Path)
    download.add_argument("id")
    download.set_defaults(does=_download)
    return whole
