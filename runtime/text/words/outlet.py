"""Words of messages that leave the site, and of the settings of outlets."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_

STATES: Mapping[str, str] = MappingProxyType(
    {"raised": N_("Alarm"), "over": N_("All clear"), "changed": N_("State change"), "note": N_("Message")}
)
TEST_SUBJECT = N_("Test message")
TEST = N_("This is a test by %(name)s: messages of this server arrive.")
WELCOME = N_("You get the messages of %(site)s from now on.")
SINCE = N_("since %(moment)s")
LASTED = N_("from %(start)s to %(end)s")
SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "sender": N_("Sender"),
        "server": N_("Server"),
        "port": N_("Port"),
        "encryption": N_("Encryption"),
        "user": N_("User"),
        "password": N_("Password"),
        "token": N_("Token"),
        "key": N_("Key of the signature"),
        "address": N_("Address"),
    }
)
KINDS: Mapping[str, str] = MappingProxyType({"mail": N_("E-mail"), "telegram": "Telegram", "webhook": N_("Web hook")})
ENCRYPTIONS: Mapping[str, str] = MappingProxyType(
    {"tls": N_("TLS from the beginning"), "starttls": "STARTTLS", "none": N_("None: everybody on the way can read it")}
)
