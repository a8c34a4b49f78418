"""A moment as Linky writes it: a letter for the season, then legal time: ``E090714074553``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

_SHAPE = re.compile(rb"([EHeh ])([0-9]{12})")
_SEASONS = {"h": timezone(timedelta(hours=1)), "e": timezone(timedelta(hours=2))}  # in the whole of France at once


@dataclass(frozen=True, slots=True)
class Horodate:
    """A moment of the meter's clock. ``is_degraded``: the meter itself does not trust it."""

    ts: int
    is_degraded: bool


def read_horodate(text: bytes) -> Horodate | None:
    """None where the season is left blank, as for days of mobile peaks. Raises ValueError for no such moment.

    The season decides the hour that comes twice in autumn. (source: NOI-CPT_54E 6.2.1.1)
    """
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError(f"{text!r} is no moment")
    season = shape[1].decode()
    if season == " ":
        return None
    moment = datetime.strptime("20" + shape[2].decode(), "%Y%m%d%H%M%S").replace(tzinfo=_SEASONS[season.lower()])
    return Horodate(int(moment.timestamp()), season.islower())
