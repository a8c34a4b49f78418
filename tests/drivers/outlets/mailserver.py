"""Mail servers as stand-ins: a real one (aiosmtpd) with TLS and login, and one that stops answering at a stage."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "box@example.org", "s3cret phrase"


class Mailbox:
    """What was accepted; ``answers`` are replies to RCPT and at the end of DATA by recipient, instead of 250."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], EmailMessage]] = []
        self.at_rcpt: dict[str, str] = {}
        self.at_data: str = ""
        self.asks_login = False

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:
        if self.asks_login and not session.authenticated:
            return "530 5.7.0 log in first"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address in self.at_rcpt:
            return self.at_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.at_data:
            return self.at_data
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), mail))
        return "250 accepted"


def authenticate(server, session, envelope, mechanism, data) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    mailbox: Mailbox, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, login: bool = True
) -> Iterator[int]:
    """Its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mailbox.asks_login = login
    given = {"authenticator": authenticate, "auth_require_tls": starttls is not None} if login else {}
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port, ssl_context=tls, tls_context=starttls,
        require_starttls=starttls is not None, **given,
    )  # fmt: skip
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


SAYS = (
    b"220 here\r\n", b"250-here\r\n250 AUTH PLAIN\r\n", b"235 in\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n",
    b"250 taken\r\n",
)  # fmt: skip


@contextmanager
def scripted_server(*says: bytes, drips: bool = False) -> Iterator[int]:
    """Says one thing after the other, each after a line or the end of a mail has come; then nothing, and hangs."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError), listener.accept()[0] as peer:
            for number, each in enumerate(says):
                if number:
                    _read(peer, b"\r\n.\r\n" if says[number - 1].startswith(b"354") else b"\r\n")
                peer.sendall(each)
            while drips and not over.wait(0.02):
                try:
                    peer.sendall(b"2")
                except OSError:
                    return
            over.wait(30)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.settimeout(1.0)
        with suppress(OSError), socket.create_connection(listener.getsockname(), 1.0):
            pass  # wakes it where nobody ever came
        listener.close()
        thread.join()


def _read(peer: socket.socket, end: bytes) -> None:
    heard = b""
    while not heard.endswith(end):
        piece = peer.recv(65536)
        if not piece:
            return
        heard += piece
