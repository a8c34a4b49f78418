"""The verb that plays the outside world. The simulator is a program of its own: it takes the place of this process."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.util import find_spec

from runtime.errors import WattkeeperError
from runtime.settings import parse_address


def simulate(options: argparse.Namespace) -> int:
    """Play a scenario until SIGTERM or Ctrl-C. Raises WattkeeperError where a release leaves the simulator out."""
    if find_spec("simulator") is None:
        raise WattkeeperError("config_invalid", "the simulator does not belong to this release")
    words = ["run", options.scenario]
    if options.modbus:
        first = parse_address(options.modbus, "--modbus")
        words += ["--host", first.host, "--base-port", str(first.port)]
    for name in ("control", "folder"):
        if value := getattr(options, name):
            words += [f"--{name}", str(value)]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "simulator", *words])
