"""SMTP as a client (RFC 5321): greeting, TLS, login, one message to one recipient, each step until the one deadline.

Written here and not taken from the standard library, whose time-outs begin anew with each byte.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from drivers.outlets.deadline import Connection
from runtime.errors import DeliveryFailed

MOST_REPLY, MOST_LINES = 16 * 1024, 100
_FULL = (452, 552)


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """``text`` is what the server said, in one line."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.code} {' '.join(self.lines)}".strip()[:300]

    @property
    def is_full(self) -> bool:
        """The recipient's mailbox is full (RFC 3463 X.2.2)."""
        return self.code in _FULL or any(line.startswith(("4.2.2", "5.2.2")) for line in self.lines)


class Smtp:
    """One session on a connection that is open; ``host`` is how this machine calls itself."""

    def __init__(self, connection: Connection, host: str) -> None:
        self._connection, self._host = connection, host
        self._buffer = b""
        self._offers: frozenset[str] = frozenset()

    def greet(self) -> None:
        """Raises DeliveryFailed."""
        self._expect(self._reply(), 220, "outlet_later")
        self._hello()

    def start_tls(self) -> None:
        """Raises DeliveryFailed; what was received in plain counts no more."""
        if not any(offer == "STARTTLS" for offer in self._offers):
            raise DeliveryFailed("outlet_without_tls", "the server does not offer STARTTLS")
        self._expect(self._command("STARTTLS"), 220, "outlet_without_tls")
        self._buffer = b""
        self._connection.encrypt()
        self._hello()

    def log_in(self, user: str, password: str) -> None:
        """Raises DeliveryFailed outlet_login."""
        ways = {way for offer in self._offers if offer.startswith(("AUTH ", "AUTH=")) for way in offer[5:].split()}
        if "PLAIN" in ways or "LOGIN" not in ways:
            reply = self._command("AUTH PLAIN " + _base64(f"\0{user}\0{password}"))
        else:
            self._expect(self._command("AUTH LOGIN"), 334, "outlet_login")
            self._expect(self._command(_base64(user)), 334, "outlet_login")
            reply = self._command(_base64(password))
        self._expect(reply, 235, "outlet_login")

    def deliver(self, sender: str, recipient: str, content: bytes) -> None:
        """Raises DeliveryFailed; ``content`` has lines that end with CRLF."""
        self._expect(self._command(f"MAIL FROM:<{sender}>"), 250, "outlet_refused")
        self._accept(self._command(f"RCPT TO:<{recipient}>"), "outlet_recipient")
        self._expect(self._command("DATA"), 354, "outlet_refused")
        stuffed = content.replace(b"\r\n.", b"\r\n..")
        self._connection.send((b"." + stuffed if stuffed.startswith(b".") else stuffed) + b"\r\n.\r\n")
        self._accept(self._reply(), "outlet_refused")
        self._connection.send(b"QUIT\r\n")

    def _accept(self, reply: SmtpReply, code: str) -> None:
        """What is refused here is refused for this message: for good with 5xx, unless it is a mailbox that is full."""
        if reply.code in (250, 251):
            return
        if reply.is_full:
            raise DeliveryFailed("outlet_mailbox_full", reply.text)
        if reply.code == 530:
            raise DeliveryFailed("outlet_login", reply.text)
        if reply.code < 500:
            raise DeliveryFailed("outlet_later", reply.text)
        raise DeliveryFailed(code, reply.text, is_final=True)

    @staticmethod
    def _expect(reply: SmtpReply, wanted: int, code: str) -> None:
        """What is refused here is refused to this server as a whole: people can mend it, so it is tried again."""
        if reply.code != wanted:
            code = "outlet_login" if reply.code in (530, 535) else code
            raise DeliveryFailed("outlet_later" if 400 <= reply.code < 500 else code, reply.text)

    def _hello(self) -> None:
        reply = self._command(f"EHLO {self._host}")
        if reply.code != 250:
            reply = self._command(f"HELO {self._host}")
            self._expect(reply, 250, "outlet_refused")
        self._offers = frozenset(line.upper() for line in reply.lines[1:])

    def _command(self, line: str) -> SmtpReply:
        self._connection.send(f"{line}\r\n".encode())
        return self._reply()

    def _reply(self) -> SmtpReply:
        lines: list[str] = []
        for _ in range(MOST_LINES):
            line = self._line()
            if not (line[:3].isascii() and line[:3].isdecimal() and line[3:4] in ("", " ", "-")):
                raise DeliveryFailed("outlet_answer", f"it answers {line[:80]!r}")
            lines.append(line[4:])
            if line[3:4] != "-":
                return SmtpReply(int(line[:3]), tuple(lines))
        raise DeliveryFailed("outlet_answer", "its answer has no end")

    def _line(self) -> str:
        while b"\n" not in self._buffer:
            if len(self._buffer) > MOST_REPLY:
                raise DeliveryFailed("outlet_answer", "its answer has no end")
            piece = self._connection.receive()
            if not piece:
                raise DeliveryFailed("outlet_unreachable", "the server ended the connection")
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode(errors="replace").rstrip("\r")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
