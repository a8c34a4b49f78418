"""Every error of the product; a class exists only where some caller decides differently because of it.

Each carries a stable ``code`` of ``runtime.code``: the log says it in English, the pages translate the code. A code
that does not stand there is a bug, and is one at once: InvariantBroken code_unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.code.codes import is_error, is_event


class WattkeeperError(Exception):
    """Base of all expected trouble."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        check_error(code)
        self.code = code
        self.message = message


Facts = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a file or an edit: where it is, what is wrong, what to do.

    kind, id, field  the object to blame, where there is one: "device", 3, "unit"
    facts            what a sentence of another language needs: names of its blanks and what stands there
    """

    file: str
    key: str  # "gateway[2].host", "" when the whole file is meant
    message: str
    hint: str = ""
    code: str = "config_invalid"
    kind: str = ""
    id: int = 0
    field: str = ""
    facts: Facts = ()

    def __post_init__(self) -> None:
        check_error(self.code)

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class ConfigError(WattkeeperError):
    """The user can mend it: one or several faults with file, key and hint. Nothing was changed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].code, "\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class DriverError(WattkeeperError):
    """Something outside did not do what was asked; ``detail`` is for people."""


class LinkDown(DriverError):
    """No connection or no port. Retry the whole link with back-off.

    Codes: link_refused, link_lost, link_timeout, link_unknown, link_unreachable, link_babbles, link_closed,
    port_missing, port_busy, port_denied, port_unfit, machine_short, host_full, station_away.
    """


class NoAnswer(DriverError):
    """The unit stayed silent. Transient, this unit only. Code: no_answer."""


class Refused(DriverError):
    """The unit answered with a Modbus exception. Code: exception_N."""

    def __init__(self, exception: int, message: str) -> None:
        super().__init__(f"exception_{exception}", message)
        self.exception = exception


class BadAnswer(DriverError):
    """The bytes do not fit the request: never a value.

    Codes: bad_crc, bad_unit, bad_function, bad_count, bad_transaction, bad_frame,
    transaction_ignored.
    """


class DeliveryFailed(WattkeeperError):
    """An outlet could not deliver; ``message`` holds what the other side answered, and no secret.

    is_final  the other side will never take this message
    wait_s    it asked for a pause of so long, 0 = it did not
    """

    def __init__(self, code: str, message: str, *, is_final: bool = False, wait_s: float = 0.0) -> None:
        super().__init__(code, message)
        self.is_final = is_final
        self.wait_s = wait_s


class StoreError(WattkeeperError):
    """The data folder cannot be used as asked. Codes: store_locked, store_unwritable, store_full, store_damaged."""


class AccessDenied(WattkeeperError):
    """The caller may not do this."""


class InvariantBroken(WattkeeperError):
    """A bug: something that must hold does not. Crashes its actor."""


def check_error(code: str) -> None:
    """Raises InvariantBroken where ``runtime.code`` has no such code."""
    if not is_error(code):
        raise InvariantBroken("code_unknown", f"no error or fault has the code {code!r}")


def check_event(code: str) -> None:
    """Raises InvariantBroken where ``runtime.code`` has no such event."""
    if not is_event(code):
        raise InvariantBroken("code_unknown", f"no event has the code {code!r}")
