"""The outside world, from the command line.

python -m simulator run SCENARIO            plays it: prints an address a line, then "ready"; ends on SIGTERM or Ctrl-C
python -m simulator installation SCENARIO   the installation that fits it, as TOML
python -m simulator history SCENARIO        what its meters showed in the past, as JSON lines
python -m simulator bench                   many gateways with one meter each
SCENARIO is a file, or the name of one that comes along: factory; or house, whose meters speak by themselves (téléinfo)
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime
import gc
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from runtime.core.edit.installationfile import dump
from runtime.errors import ConfigError
from simulator.gateway.punctual import punctual_loop
from simulator.play.control import Control
from simulator.play.history import Span, history
from simulator.play.installation import installation
from simulator.play.play import Play
from simulator.play.site import Location, Site, locate
from simulator.scenario.bench import BENCH_CACHE_MS, bench_scenario
from simulator.scenario.models import Models, load_models
from simulator.scenario.plan import Scenario
from simulator.scenario.scenario import load_scenario
from simulator.tic import residence

SCENARIOS = Path(__file__).parent / "scenarios"
HOUSE = "house"


def main(arguments: Sequence[str] | None = None) -> int:
    wish = _parser().parse_args(arguments)
    try:
        return int(wish.do(wish))
    except ConfigError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read has enough
    except OSError as error:
        print(f"simulator: {error}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="The outside world of Wattkeeper.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, do: object, help: str, *, scenario: bool = True) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help)
        added.set_defaults(do=do)
        if scenario:
            added.add_argument("scenario", metavar="SCENARIO", help="a file, or the name of one that comes along")
            added.add_argument("--host", default="", help="where the TCP gateways listen, instead of the scenario's")
            added.add_argument("--base-port", type=int, default=0, metavar="P", help="port of the first TCP gateway")
            added.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="for serial ports")
            added.add_argument("--plugins", type=Path, metavar="FILE", help="plugins.toml with further models")
            added.add_argument("--maps", type=Path, metavar="DIR", help="folder of map files with further models")
        return added

    run = command("run", _run, "play a scenario")
    run.add_argument("--control", metavar="HOST:PORT", help="where truth and faults can be asked for")
    command("installation", _installation, "print the installation that fits")
    past = command("history", _history, "print what the meters showed in the past")
    past.add_argument("--from", dest="from_ts", type=int, required=True, metavar="TS", help="UTC seconds")
    past.add_argument("--to", dest="to_ts", type=int, required=True, metavar="TS")
    past.add_argument("--rows-from", type=int, metavar="TS", help="from here on at the interval, with gauges")
    past.add_argument("--interval", type=int, default=600, metavar="S")
    bench = command("bench", _bench, "many gateways with one meter each", scenario=False)
    bench.add_argument("--gateways", type=int, default=255)
    bench.add_argument("--turnaround-ms", type=float, default=40.0)
    bench.add_argument("--base-port", type=int, default=16_000)
    bench.add_argument("--model", default="eastron-sdm630")
    bench.add_argument("--installation", action="store_true", help="print the installation that fits, and end")
    return parser


def _run(wish: argparse.Namespace) -> int:
    if wish.scenario == HOUSE:
        return _play_residence(wish.folder.absolute())
    models = _models(wish)
    return _play(Site(_scenario(wish, models), models), wish.control)


def _installation(wish: argparse.Namespace) -> int:
    if wish.scenario == HOUSE:
        print(residence.installation(wish.folder.absolute()), end="")
        return 0
    print(dump(installation(_scenario(wish, _models(wish)))), end="")
    return 0


def _history(wish: argparse.Namespace) -> int:
    if wish.scenario == HOUSE:
        return _print_residence(wish)
    models = _models(wish)
    site = Site(_scenario(wish, models), models)
    rows_from = wish.to_ts if wish.rows_from is None else wish.rows_from
    if wish.from_ts < site.origin_ts:
        print(f"simulator: the scenario begins at {site.origin_ts}", file=sys.stderr)
        return 1
    gc.disable()  # nothing here goes round in circles, and two years are a lot to walk through
    for line in history(site, Span(wish.from_ts, wish.to_ts, rows_from, wish.interval)):
        print(line)
    return 0


def _print_residence(wish: argparse.Namespace) -> int:
    rows_from = wish.to_ts if wish.rows_from is None else wish.rows_from
    for line in residence.Residence().history(max(wish.from_ts, residence.ORIGIN_TS), wish.to_ts, rows_from):
        print(line)
    return 0


def _bench(wish: argparse.Namespace) -> int:
    today = datetime.datetime.fromtimestamp(_now_ms() / 1000, datetime.UTC).date()
    scenario = bench_scenario(wish.gateways, wish.turnaround_ms, wish.base_port, wish.model, today)
    if wish.installation:
        print(dump(installation(scenario)), end="")
        return 0
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return _play(Site(scenario, Models(), BENCH_CACHE_MS), None)


def _models(wish: argparse.Namespace) -> Models:
    return load_models(wish.plugins, wish.maps)


def _scenario(wish: argparse.Namespace, models: Models) -> Scenario:
    path = Path(wish.scenario)
    if not path.exists() and (SCENARIOS / f"{wish.scenario}.toml").exists():
        path = SCENARIOS / f"{wish.scenario}.toml"
    return locate(load_scenario(path, models), Location(wish.folder.absolute(), wish.host, wish.base_port))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _play(site: Site, control: str | None) -> int:
    with contextlib.closing(punctual_loop()) as loop:
        loop.run_until_complete(_until_stopped(Play(site, _now_ms), control))
    return 0


def _play_residence(folder: Path) -> int:
    with contextlib.closing(punctual_loop()) as loop:
        loop.run_until_complete(_speak_until_stopped(folder))
    return 0


async def _speak_until_stopped(folder: Path) -> None:
    told, ports = _signalled(), residence.Residence().ports(folder, _now_ms)
    try:
        for name, port in ports.items():
            await port.plug()
            print(f"{port.url} {name}")
        print("ready", flush=True)
        await told.wait()
    finally:
        for port in ports.values():
            await port.unplug()


def _signalled() -> asyncio.Event:
    """Set when the process is to end."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told


async def _until_stopped(play: Play, control: str | None) -> None:
    told, loop = _signalled(), asyncio.get_running_loop()
    door: Control | None = None
    try:
        await play.start()
        for name in play.gateways:
            print(f"{play.address(name)} {name}")
        if control is not None:
            host, _, port = control.rpartition(":")
            door = Control(play, host or "127.0.0.1", int(port))
            print(f"control {door.url}")
        play.site.warm(_now_ms())
        gc.freeze()  # a collection of all that stands still would make answers late
        print("ready", flush=True)
        await told.wait()
    finally:
        if door is not None:
            await loop.run_in_executor(None, door.close)
        await play.stop()


if __name__ == "__main__":
    sys.exit(main())
