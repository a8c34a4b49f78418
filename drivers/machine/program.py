"""Programs of the operating system, run with a deadline and without a shell."""

from __future__ import annotations

import os
import subprocess

from runtime.errors import DriverError

DEADLINE_S = 8.0


def run(*command: str, timeout_s: float = DEADLINE_S) -> list[str]:
    """The lines that ``command`` printed.

    raises  DriverError machine_service_missing when there is no such program or its service is not running,
            machine_denied when it may not, machine_service_slow after the deadline, else machine_refused with its words
    """
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout_s, env=environment, stdin=subprocess.DEVNULL
        )
    except (FileNotFoundError, PermissionError):
        raise DriverError("machine_service_missing", f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise DriverError("machine_service_slow", f"{command[0]} did not answer within {timeout_s:g} s") from None
    if done.returncode:
        raise _error(command[0], done.stderr.strip() or done.stdout.strip())
    return done.stdout.splitlines()


def _error(program: str, told: str) -> DriverError:
    small = told.lower()
    if any(sign in small for sign in ("not running", "failed to connect to bus", "not been booted", "not supported")):
        return DriverError("machine_service_missing", f"{program}: {told}")
    if any(sign in small for sign in ("access denied", "not authorized", "insufficient privileges", "authentication")):
        return DriverError("machine_denied", f"{program}: {told}")
    return DriverError("machine_refused", f"{program}: {told}")
