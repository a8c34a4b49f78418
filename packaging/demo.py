"""A furnished Wattkeeper to look at: a simulated factory, two years of its history, and the server, all on loopback.

Run by ``make demo``. Prints one address per line, stays in the foreground and ends all of it on Ctrl-C.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from runtime.core.access.codes import FACTORY

MARK = ".wattkeeper-demo"  # only a folder that holds it is ever deleted
SCENARIO = "factory"
DAY_S = 86_400
SLOT_S = 600  # as the scenario records
ROWS_DAYS = 14
GATEWAYS = 8  # at the most; the scenario has fewer


def main() -> int:
    options = _options()
    root = options.dir.resolve()
    if root.exists() and any(root.iterdir()) and not (root / MARK).exists():
        print(f"demo: {root} is not empty and not a demo's folder; choose another one (DEMO_DIR)", file=sys.stderr)
        return 1
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / MARK).touch()
    # Both end it in order with all its children; a shell's background job would otherwise be deaf to Ctrl-C's signal.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    try:
        return _play(root, options)
    except KeyboardInterrupt:
        return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=os.environ.get("DEMO_PORT", "8080"), help="0 takes a free one")
    parser.add_argument("--dir", type=Path, default=Path(os.environ.get("DEMO_DIR", ".demo")))
    parser.add_argument("--history-days", type=int, default=730)
    parser.add_argument("--gateway-port", type=int, default=0, help="first port of the simulated gateways")
    parser.add_argument("--scenario", default=os.environ.get("SITE") or SCENARIO, help="factory, or house")
    modbus = os.environ.get("DEMO_MODBUS", "127.0.0.1:1502")
    parser.add_argument("--modbus", default=modbus, help="where the Modbus TCP server listens; port 0 takes a free one")
    return parser.parse_args()


def _play(root: Path, options: argparse.Namespace) -> int:
    where = ["--folder", str(root), "--base-port", str(options.gateway_port or _free_ports(GATEWAYS))]
    control = ["--control", "127.0.0.1:0"]
    with _started("simulator", "run", options.scenario, *where, *control, module="simulator") as simulator:
        for line in _until_ready(simulator):
            print(line, flush=True)
            if line.startswith("control "):  # where breakers are tripped and cars plugged in
                (root / "control").write_text(line.removeprefix("control ") + "\n")
        _furnish(root, where, options)
        http = f"127.0.0.1:{options.port}"
        data = ["--data", str(root / "data")]
        with _started("server", "run", "--demo", "--http", http, "--modbus", options.modbus, *data) as server:
            for line in _until_ready(server):
                print(line, flush=True)
            for name, (pin, puk) in FACTORY.items():
                print(f"login {name}: PIN {pin}, PUK {puk[:5]} {puk[5:9]} {puk[9:]}", flush=True)
            print("These codes are printed in the manual: they open the demo only. Ctrl-C ends it.", flush=True)
            print("ready", flush=True)
            return _watch(simulator, server)


def _furnish(root: Path, where: list[str], options: argparse.Namespace) -> None:
    """The installation and its past, through the same commands that a user has."""
    began = time.monotonic()
    installation = root / "installation.toml"
    with installation.open("w") as file:
        subprocess.run(_python("simulator", "installation", options.scenario, *where), stdout=file, check=True)
    data = ["--data", str(root / "data")]
    subprocess.run([*_python("runtime", "load", str(installation)), *data], check=True)
    now = int(time.time()) // SLOT_S * SLOT_S
    since = (now - options.history_days * DAY_S) // DAY_S * DAY_S
    rows_from = max(since, (now - ROWS_DAYS * DAY_S) // DAY_S * DAY_S)
    span = ["--from", str(since), "--to", str(now), "--rows-from", str(rows_from)]
    source = subprocess.Popen(_python("simulator", "history", options.scenario, *span), stdout=subprocess.PIPE)
    subprocess.run([*_python("runtime", "history", "-"), *data], stdin=source.stdout, check=True)
    if source.wait() != 0:
        raise SystemExit("demo: the simulator could not tell the history")
    print(f"history {options.history_days} days in {time.monotonic() - began:.0f} s", flush=True)


def _free_ports(count: int) -> int:
    """The first of so many neighbouring ports that nobody listens on now."""
    while True:
        first = random.randrange(20_000, 30_000)
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for port in range(first, first + count):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


def _python(module: str, *words: str) -> list[str]:
    return [sys.executable, "-m", module, *words]


@contextlib.contextmanager
def _started(name: str, *words: str, module: str = "runtime") -> Iterator[subprocess.Popen[str]]:
    """A child of its own session, so that a Ctrl-C at the terminal reaches only us and we end it in order."""
    child = subprocess.Popen(_python(module, *words), stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            print(f"demo: the {name} did not end in 10 s and was killed", file=sys.stderr)
            child.kill()
            child.wait()


def _until_ready(child: subprocess.Popen[str]) -> Iterator[str]:
    assert child.stdout is not None
    for line in child.stdout:
        if line.strip() == "ready":
            return
        yield line.rstrip("\n")
    raise SystemExit(f"demo: {child.args!r} ended with {child.wait()} before it was ready")


def _watch(*children: subprocess.Popen[str]) -> int:
    while all(child.poll() is None for child in children):
        time.sleep(0.5)
    print("demo: a part ended by itself, see above", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
