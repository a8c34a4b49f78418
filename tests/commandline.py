"""The commands as people type them: in this process where starting one proves nothing, or in a process of their own."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from unittest.mock import patch

from runtime.__main__ import main


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command came to, under the names of ``subprocess.CompletedProcess``."""

    returncode: int
    stdout: str
    stderr: str


def wattkeeper(*words: object, stdin: str = "") -> Ended:
    """Its verbs that end by themselves and leave nothing changed in the process."""
    return called(main, words, stdin)


def called(command: Callable[[Sequence[str]], int], words: Sequence[object], stdin: str = "") -> Ended:
    """The entry of a program, called as Python would at its start; ``stdin`` is all that it can read."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", io.StringIO(stdin)):
        try:
            code = command([str(word) for word in words])
        except SystemExit as ended:  # of argparse, whose code is a number
            code = int(ended.code or 0)
    return Ended(code, out.getvalue(), err.getvalue())


def process(*words: object, module: str = "runtime") -> subprocess.CompletedProcess[str]:
    """A program of its own: `python -m MODULE WORDS`."""
    command = [sys.executable, "-m", module, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
