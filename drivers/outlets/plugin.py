"""The built-in plugin "outlets": mail, Telegram, web hook."""

from __future__ import annotations

from collections.abc import Iterable

from drivers.outlets.mail import MAIL
from drivers.outlets.telegram import TELEGRAM
from drivers.outlets.webhook import WEBHOOK
from runtime.core.alert.outletkind import OutletKind
from runtime.plugin.hookspecs import hookimpl


@hookimpl
def outlets() -> Iterable[OutletKind]:
    """Three kinds."""
    return (MAIL, TELEGRAM, WEBHOOK)
