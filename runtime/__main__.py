"""The command ``wattkeeper``: exit code 0 done, 1 it failed (why, in one line a fault), 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runtime.core.text.edge import text_fault
from runtime.errors import WattkeeperError
from runtime.settings import default_data, default_plugins

MOST_ARGUMENT = 4096


def main(argv: Sequence[str] | None = None) -> int:
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["job"]:  # the server's own children start without what people need
        from runtime.cli.job import main as job

        return job(arguments[1:])
    if any(text_fault(argument, MOST_ARGUMENT) for argument in arguments):
        print("wattkeeper: an argument is no text in one line, or too long", file=sys.stderr)
        return 2
    options = parser().parse_args(arguments)
    try:
        return int(options.does(options) or 0)
    except WattkeeperError as error:
        print(f"wattkeeper: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output left, as `| head` does
        sys.stderr.close()
        return 1
    except OSError as error:  # a folder that is read only, a disk that is full: in the machine's words
        print(f"wattkeeper: {error.filename or 'the machine'}: {error.strerror or error}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    from runtime.cli import commands

    whole = argparse.ArgumentParser(prog="wattkeeper", description="An open energy web server.")
    verbs = whole.add_subparsers(required=True, metavar="COMMAND")

    run = _verb(verbs, "run", commands.run, "serve until stopped")
    run.add_argument("--http", metavar="HOST:PORT", help="where the pages are; 127.0.0.1:8080 if nothing says")
    run.add_argument("--https", metavar="HOST:PORT", help="the pages with TLS; off if nothing says")
    run.add_argument("--modbus", metavar="HOST:PORT", help="the Modbus TCP server; else as the installation says")
    run.add_argument("--demo", action="store_true", help="say on each page that this is the demo")
    _data(run)

    read = _verb(verbs, "read", commands.read, "read one device once; no server needed")
    read.add_argument("url", metavar="URL", help="tcp://host:port, rtutcp://host:port or rtu:///dev/…?baudrate=19200")
    read.add_argument("--unit", type=int, required=True, metavar="N", help="Modbus address of the device")
    read.add_argument("--model", required=True, metavar="ID", help="its model, see 'wattkeeper models'")
    read.add_argument("--map", type=Path, metavar="FILE", help="a map file to use beside those built in")
    read.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    scan = _verb(verbs, "scan", commands.scan, "find who answers on a bus, and what it is likely to be")
    scan.add_argument("url", metavar="URL", help="as for 'read'; no server may use the port or the only connection")
    scan.add_argument("--units", type=_units, default="1-247", metavar="LIST", help="addresses to ask, like 1-20,31")
    scan.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    load = _verb(verbs, "load", commands.load, "take an installation from a TOML file, checked as a whole first")
    load.add_argument("file", type=Path, metavar="FILE")
    load.add_argument("--replace", action="store_true", help="delete what the file does not mention")
    _data(load)

    dump = _verb(verbs, "dump", commands.dump, "write the installation as TOML")
    dump.add_argument("file", type=Path, nargs="?", metavar="FILE", help="standard output when left out")
    _data(dump)

    history = _verb(verbs, "history", commands.history, "take past meter indexes from JSON lines")
    history.add_argument("file", metavar="FILE", help="- for standard input")
    _data(history)

    _archive_verbs(verbs, commands)
    _simulate(verbs)
    _access(verbs)
    models = _verb(verbs, "models", commands.models, "list the models that can be read")
    models.add_argument("--json", action="store_true", help="one JSON document instead of a table")
    _maps(verbs)
    return whole


def _simulate(verbs: Any) -> None:
    from runtime.cli import simulatecommands

    verb = _verb(
        verbs, "simulate", simulatecommands.simulate, "play the outside world: meters that answer on this machine"
    )
    verb.add_argument("scenario", metavar="SCENARIO", help="a file, or the name of one that comes along: factory")
    verb.add_argument(
        "--modbus", metavar="HOST:PORT", help="of the first gateway; the next ones take the ports behind it"
    )
    verb.add_argument("--control", metavar="HOST:PORT", help="where truth and faults can be asked for")
    verb.add_argument("--folder", type=Path, metavar="DIR", help="for serial ports")


def _access(verbs) -> None:  # type: ignore[no-untyped-def]
    from runtime.cli import accesscommands

    access = verbs.add_parser("access", help="who may log in", description="Who may log in; no server may run.")
    kinds = access.add_subparsers(required=True, metavar="WHAT")
    reset = _verb(kinds, "reset", accesscommands.reset, "give the administrator new codes: the way back in")
    _data(reset)
    token = _verb(kinds, "token", accesscommands.token, "make a token for a program; it may see unless told more")
    token.add_argument("name", metavar="NAME", help="of the program that will use it")
    token.add_argument("--act", action="append", default=[], metavar="PAGE", help="a page it may also change things on")
    _data(token)


def _maps(verbs) -> None:  # type: ignore[no-untyped-def]
    from runtime.cli import mapcommands

    maps = verbs.add_parser("map", help="for people who write maps", description="For people who write maps.")
    kinds = maps.add_subparsers(required=True, metavar="WHAT")
    check = _verb(kinds, "check", mapcommands.check, "say what is wrong in a map file, and where")
    check.add_argument("file", type=Path, metavar="FILE")

    record = _verb(kinds, "record", mapcommands.record, "write a device's answers as the frame that tests its map")
    record.add_argument("url", metavar="URL", help="as for 'read'")
    record.add_argument("--unit", type=int, required=True, metavar="N", help="Modbus address of the device")
    record.add_argument("--model", required=True, metavar="ID", help="the map to read it with")
    record.add_argument("--map", type=Path, metavar="FILE", help="a map file to use beside those built in")
    record.add_argument("--out", type=Path, metavar="FILE", help="standard output when left out")

    sunspec = _verb(kinds, "sunspec", mapcommands.sunspec, "say which models a SunSpec device has, and where")
    sunspec.add_argument("url", metavar="URL", help="as for 'read'")
    sunspec.add_argument("--unit", type=int, required=True, metavar="N", help="Modbus address of the device")


def _archive_verbs(verbs: Any, commands: Any) -> None:
    """What is done to all that is kept."""
    from runtime.cli import verifycommands

    verify = _verb(verbs, "verify", verifycommands.verify, "look whether all that is kept is whole, and can be right")
    verify.add_argument("--quick", action="store_true", help="only what the server needs at its start")
    verify.add_argument("--json", action="store_true", help="one JSON document instead of a table")
    _data(verify)

    back = _verb(verbs, "take-back", verifycommands.take_back, "correct energy that cannot have been used")
    back.add_argument("phantom", metavar="ID", help="as 'verify' names it, or all; no server may run")
    _data(back)

    backup = _verb(verbs, "backup", commands.backup, "write all that is kept into one file; the server may run")
    backup.add_argument("file", type=Path, metavar="FILE")
    _data(backup)

    _data(_verb(verbs, "compact", commands.compact, "free the room that is left in the store; no server may run"))

    restore = _verb(verbs, "restore", commands.restore, "put a backup in the place of what is kept; no server may run")
    restore.add_argument("file", type=Path, metavar="FILE", help="of 'backup', or a generation of the folder 'backup'")
    _data(restore)


def _verb(verbs, name, does, words) -> argparse.ArgumentParser:  # type: ignore[no-untyped-def]
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words)
    verb.set_defaults(does=does)
    verb.add_argument("--plugins", type=Path, default=default_plugins(), metavar="FILE", help="which drivers to load")
    return verb


def _units(text: str) -> tuple[int, ...]:
    from runtime.core.modbus.unitlist import parse_units

    try:
        return parse_units(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _data(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--data", type=Path, default=default_data(), metavar="DIR", help="where everything is kept")


if __name__ == "__main__":
    sys.exit(main())
