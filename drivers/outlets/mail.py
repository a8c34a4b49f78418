"""E-mail: one account that sends, by TLS from the beginning (port 465), STARTTLS, or plain where somebody chose that.

source  ews-legrand-en 8.6.1
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping

from drivers.outlets.deadline import DELIVERY_S, Connection, Deadline
from drivers.outlets.mime import compose_mail
from drivers.outlets.smtp import Smtp
from runtime.code.code import N_
from runtime.core.alert.address import address_problem, is_host
from runtime.core.alert.letter import Letter
from runtime.core.alert.outletkind import ADDRESSES, OutletKey, OutletKind, Settings
from runtime.errors import DeliveryFailed

TLS, STARTTLS, NONE = ENCRYPTIONS = ("tls", "starttls", "none")
USUAL_PORT = 465


class MailOutlet:
    """``server``, ``port``, ``encryption``, ``sender``, ``user`` ("" = nobody logs in), and its password."""

    def __init__(
        self,
        settings: Settings,
        secrets: Mapping[str, str],
        monotonic: Callable[[], float],
        *,
        within_s: float = DELIVERY_S,
    ) -> None:
        self._settings, self._monotonic, self._within_s = settings, monotonic, within_s
        self._password = secrets.get("password", "")

    def send(self, letter: Letter, recipient: str) -> None:
        """Raises DeliveryFailed, never with the password in it."""
        settings, deadline = self._settings, Deadline(self._monotonic, self._within_s)
        connection = Connection(str(settings["server"]), int(settings["port"]), deadline)
        try:
            self._talk(connection, letter, recipient)
        except DeliveryFailed as error:
            if self._password and self._password in error.message:
                raise DeliveryFailed(error.code, "the server repeats the password", is_final=error.is_final) from None
            raise
        finally:
            connection.close()

    def _talk(self, connection: Connection, letter: Letter, recipient: str) -> None:
        settings = self._settings
        if settings["encryption"] == TLS:
            connection.encrypt()
        session = Smtp(connection, own_name())
        session.greet()
        if settings["encryption"] == STARTTLS:
            session.start_tls()
        if settings["user"]:
            session.log_in(str(settings["user"]), self._password)
        sender = str(settings["sender"])
        session.deliver(sender, recipient, compose_mail(letter, sender, recipient))


def own_name() -> str:
    """How this machine calls itself to servers."""
    name = socket.gethostname()
    return name if is_host(name) and "." in name else "[127.0.0.1]"


def _a_server(value: str | int | float) -> str:
    return "" if is_host(str(value)) else f"{str(value)[:80]!r} is no name of a server"


def _a_port(value: str | int | float) -> str:
    return "" if 1 <= int(value) <= 65_535 else f"{value} is not between 1 and 65535"


MAIL = OutletKind(
    "mail",
    "E-mail",
    ADDRESSES,
    MailOutlet,
    {
        "sender": OutletKey(N_("Sender"), is_needed=True, problem=lambda value: address_problem(str(value))),
        "server": OutletKey(N_("Server"), is_needed=True, problem=_a_server),
        "port": OutletKey(N_("Port"), USUAL_PORT, problem=_a_port),
        "encryption": OutletKey(N_("Encryption"), TLS, ENCRYPTIONS),
        "user": OutletKey(N_("User")),
    },
    {"password": N_("Password")},
    own_address=lambda settings: str(settings["sender"]),
    needs_secret=lambda name, settings: bool(settings["user"]),
)
