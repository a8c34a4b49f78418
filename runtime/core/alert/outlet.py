"""Outlets as a resource: the mail account, the Telegram bot, the web hook of a site. Off until they are switched on.

Passwords and tokens are no part of it: they lie sealed in records of their own (``runtime/secret/secrets.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runtime.core.resource.key import Key, Problem, id_key, name_key, some_parameters
from runtime.core.resource.reference import Refusal
from runtime.core.resource.resource import Resource
from runtime.core.text.naming import normalise_text

MOST_LINK = 200
HELD = Refusal("in_use", "{count} alerts or rules use it", "change or erase them first")


@dataclass(frozen=True, slots=True)
class OutletSpec:
    """``kind`` is that of a loaded plugin, ``parameters`` are its settings.

    link  address under which recipients reach the pages of this server, "" = messages have no links
    """

    id: int
    name: str
    kind: str
    on: bool = False
    link: str = ""
    parameters: Mapping[str, str | int | float] = field(default_factory=dict)


def _a_link(value: str) -> Problem:
    good = not value or (value.startswith(("http://", "https://")) and len(value) <= MOST_LINK and " " not in value)
    return None if good else ("link_wrong", f"{value[:80]!r} is no address such as https://energy.example.org")


OUTLET = Resource(
    "outlet",
    "outlets",
    OutletSpec,
    {
        "id": id_key(),
        "name": name_key(),
        "kind": Key((str,)),
        "on": Key((bool,), False),
        "link": Key((str,), "", _a_link, tidy=normalise_text),
        "parameters": Key((dict,), {}, some_parameters),
    },
    see=("server_configuration", "system_configuration"),
)
