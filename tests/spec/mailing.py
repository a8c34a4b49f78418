"""Mail as the outlet of a workshop's alarms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.drivers.outlets.mailserver import PASSWORD, USER
from tests.spec.workshop import Workshop

LINK = "https://energy.example.org"


def send_mail(shop: Workshop, port: int, groups: Iterable[str], to: str = "anna@example.org") -> None:
    """Alarms of these classes go to somebody by the server at that port; asked of a server that has just begun."""
    settings: dict[str, Any] = {
        "sender": "box@example.org", "server": "localhost", "port": port, "encryption": "none", "user": USER,
    }  # fmt: skip
    mail = {"name": "Mail", "kind": "mail", "on": True, "link": LINK, "parameters": settings}
    shop.eventually(lambda: shop.ask_a_starting_one("/outlets", mail))
    shop.ask("/outlets/1/secrets", "PUT", {"password": PASSWORD})
    for group in groups:
        shop.ask("/alerts", "POST", {"group": group, "outlet": 1, "recipients": to})
