"""How a bus asks its line, in steps: waiting in its own thread, or leaving that to whoever carries the steps out."""

from __future__ import annotations

from typing import Any, Protocol

from drivers.line import Line
from drivers.steps import Stepping, Steps
from runtime.core.source.query import Query


class Exchange(Protocol):
    """``line`` is opened and asked by these steps alone."""

    line: Line[Any]

    def opening(self) -> Steps[None]: ...
    def transact(self, request: Query, timeout_s: float) -> Steps[bytes]: ...


class Blocking:
    """Waits in the thread that asks: no step is left to wait in."""

    def __init__(self, line: Line[Any]) -> None:
        self.line = line

    def opening(self) -> Steps[None]:
        self.line.open()
        return
        yield

    def transact(self, request: Query, timeout_s: float) -> Steps[bytes]:
        return self.line.transact(request, timeout_s)
        yield


class Prompt:
    """Leaves waiting to whoever carries the steps out."""

    def __init__(self, line: Any) -> None:
        stepping: Stepping[Any] = line
        self.line: Line[Any] = line
        self.opening = stepping.opening
        self.transact = stepping.steps
