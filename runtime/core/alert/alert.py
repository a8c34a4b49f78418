"""Alerts as a resource: alarms of one class go by one outlet to some recipients (manual 8.6.4), save in quiet hours."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.alert.address import address_problem
from runtime.core.alert.classes import CLASSES, SEVERITIES, WARNING
from runtime.core.alert.outlet import HELD
from runtime.core.resource.key import MISSING, Key, Problem, id_key, name_key, one_of, reference_key, switch_key
from runtime.core.resource.reference import Reference
from runtime.core.resource.resource import Resource

MOST_RECIPIENTS = 50


@dataclass(frozen=True, slots=True)
class AlertSpec:
    """What it is switched on for, it sends: once when an alarm is raised, once when it is over.

    group       one of ``CLASSES``
    recipients  addresses with commas between them; of outlets that know their recipients themselves it stays ""
    subject     what stands before the subject of each message, "" = the name of the site
    severity    what is at least as grave; "notice" = also what was switched, and what asks for nothing
    quiet_from, quiet_to  HH:MM of the site: meanwhile only critical ones leave, the rest afterwards; equal = never
    """

    id: int
    group: str
    outlet: int
    recipients: str = ""
    subject: str = ""
    severity: str = WARNING
    quiet_from: str = "00:00"
    quiet_to: str = "00:00"
    on: bool = True


def minute_of(text: str) -> int:
    """HH:MM -> minute of the day. Raises ValueError."""
    hour, colon, minute = text.partition(":")
    if not (colon and len(hour) == len(minute) == 2 and (hour + minute).isascii() and (hour + minute).isdecimal()):
        raise ValueError(f"{text[:20]!r} is not a time such as 22:30")
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError(f"{text!r} is not a time of the day")
    return int(hour) * 60 + int(minute)


def a_minute(value: str) -> Problem:
    """What is wrong with a time of the day, or None."""
    try:
        minute_of(value)
    except ValueError as error:
        return "minute_wrong", str(error)
    return None


def split_addresses(text: str) -> tuple[str, ...]:
    """Each once, in their order (manual 8.6.3: a comma between them)."""
    return tuple(dict.fromkeys(address.strip() for address in text.split(",") if address.strip()))


def some_addresses(value: str) -> Problem:
    """Says which one is none."""
    addresses = split_addresses(value)
    if len(addresses) > MOST_RECIPIENTS:
        return "out_of_range", f"{len(addresses)} recipients are too many", (("low", 0), ("high", MOST_RECIPIENTS))
    for address in addresses:
        if problem := address_problem(address):
            return "mail_address_wrong", f"{address[:80]!r} is no e-mail address: {problem}"
    return None


ALERT = Resource(
    "alert",
    "alerts",
    AlertSpec,
    {
        "id": id_key(),
        "group": Key((str,), problem=one_of(*CLASSES)),
        "outlet": reference_key(MISSING),
        "recipients": Key((str,), "", some_addresses, tidy=lambda text: ", ".join(split_addresses(text))),
        "subject": name_key(""),
        "severity": Key((str,), WARNING, one_of(*SEVERITIES)),
        "quiet_from": Key((str,), "00:00", a_minute),
        "quiet_to": Key((str,), "00:00", a_minute),
        "on": switch_key(),
    },
    references=(Reference("outlet", "outlet", held=HELD),),
    see=("server_configuration", "system_configuration"),
    unknown="outlet_unknown",
    unique=("id",),
)
