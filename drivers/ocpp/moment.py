"""A moment as OCPP writes it."""

from __future__ import annotations

import datetime


def moment_of(ts_ms: int) -> str:
    moment = datetime.datetime.fromtimestamp(ts_ms // 1000, datetime.UTC)
    return moment.strftime(f"%Y-%m-%dT%H:%M:%S.{ts_ms % 1000:03}Z")
