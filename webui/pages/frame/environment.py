"""The templates' environment: one for all languages, so that each template is compiled and kept once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jinja2
from babel.dates import format_date, format_datetime

from runtime.core.device.stationerror import ERRORS
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.text import wording
from runtime.text.eventwords import event_words
from runtime.text.figures import decimal, figure, money, price, scale, typed
from runtime.text.locales import locale_of
from runtime.text.speech import Speech
from runtime.text.words.alarm import KINDS as ALARM_KINDS
from webui.pages.frame.navigation import may_open
from webui.pages.frame.stock import Stock

TEMPLATES = Path(__file__).parents[2] / "templates"


def environment(speech: Speech, stock: Stock, currency: Callable[[], str]) -> jinja2.Environment:
    """``currency`` of the installation as it is now."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=stock.compiled,
        optimized=False,  # a filter of a constant depends on the language too
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        speech.gettext, speech.ngettext, newstyle=True, pgettext=speech.pgettext, npgettext=speech.npgettext
    )
    made.filters |= _filters(speech, currency)
    made.globals |= {
        "static": stock.files.url,  # address of a style, script or picture
        "may_open": may_open,
        "states": wording.STATES,
        "qualities": wording.QUALITIES,
        "fluids": wording.FLUIDS,
        "periods": wording.PERIODS,
        "child_states": wording.CHILD_STATES,
        "event_words": lambda code: event_words(code, speech.gettext),
        "state_values": wording.STATE_VALUES,
        "advice_for": wording.advice_for,
        "label_parts": lambda quantity: wording.label_parts(QUANTITIES[quantity].label),
        "translated_troubles": lambda: _translated_troubles(speech),
        "main_states": lambda: {
            id: [speech.gettext(wording.STATE_VALUES[name]) for name in QUANTITIES[id].states]
            for id in ("charge_state", "contactor_state", "control_state", "breaker_state")
        },
        "alarm_words": lambda: {kind: speech.gettext(name) for kind, name in ALARM_KINDS.items()},
        "station_errors": wording.STATION_ERRORS,
        "error_words": lambda: {
            number: speech.gettext(wording.STATION_ERRORS[error.code]) for number, error in ERRORS.items()
        },
    }
    return made


def _filters(speech: Speech, currency: Callable[[], str]) -> dict[str, Callable[..., Any]]:
    def locale() -> str:
        return speech.language.locale

    return {
        "translated": lambda word: speech.gettext(wording.STATE_VALUES.get(word, word)),
        "figure": lambda n, quantity: figure(quantity, n, locale()),
        "scaled": lambda value, unit: scale(value, unit, locale()),
        "decimal": lambda value, decimals: decimal(value, decimals, locale()),
        "number": lambda value: decimal(value, _decimals(value), locale()),
        "money": lambda cost_p: money(cost_p, currency(), locale()),
        "price": lambda amount_u: price(amount_u, currency(), locale()),
        "typed": lambda number: typed(str(number), locale()),
        "moment": lambda at: _format_moment(at, locale()),
        "day": lambda at: _format_day(at, locale()),
    }


def _format_moment(at: datetime | date, locale: str) -> str:
    return str(format_datetime(at, "medium", locale=locale_of(locale)))


def _format_day(at: date | str, locale: str) -> str:
    """``at`` may be written as ISO 8601 has it."""
    return str(format_date(date.fromisoformat(at) if isinstance(at, str) else at, "medium", locale=locale_of(locale)))


def _translated_troubles(speech: Speech) -> dict[str, list[str]]:
    """Code -> [what is wrong, what to do]; "" for codes that the table does not have."""
    table = {**wording.TROUBLES, "": wording.UNKNOWN_TROUBLE}
    return {code: [speech.gettext(advice.what), speech.gettext(advice.todo)] for code, advice in table.items()}


def _decimals(value: float) -> int:
    """As many as somebody typed."""
    return len(f"{value:.6f}".rstrip("0").partition(".")[2])
