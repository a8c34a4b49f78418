"""The currencies that forms offer."""

from __future__ import annotations

from runtime.core.tariff.currency import CURRENCIES
from runtime.text.locales import locale_of

USUAL = ("EUR", "CHF", "GBP", "PLN", "HUF", "RUB", "CNY", "USD")  # of the languages that the pages speak


def offered_currencies(locale: str, *also: str) -> list[tuple[str, str]]:
    """(code, words) of those that a bill can be in, the usual ones first; ``also`` of what a site may have kept."""
    names = locale_of(locale).currencies
    others = sorted({*CURRENCIES, *also} - {*USUAL, ""}, key=lambda code: (names.get(code, code), code))
    return [(code, f"{names[code]} ({code})" if code in names else code) for code in (*USUAL, *others)]
