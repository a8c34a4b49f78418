"""Numbers, money and dates are written as babel alone writes them, with a fraction of its memory."""

import subprocess
import sys

import pytest
from babel import UnknownLocaleError, localedata

from runtime.text.language import LANGUAGES
from runtime.text.locales import locale_of

LOCALES = sorted({language.locale for language in LANGUAGES.values()} | {"en_GB"})
WRITTEN = """
import sys
from datetime import date, datetime
from decimal import Decimal
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
{how}
for name in sys.argv[1:]:
    locale = of(name)
    for month in range(1, 13):
        print(format_date(date(2026, month, 3), "medium", locale=locale))
        print(format_datetime(datetime(2026, month, 28, 2 * month - 1, 5, 9), "medium", locale=locale))
    for number in ("0", "-1234567.891", "1234.5", "0.004"):
        print(format_decimal(Decimal(number), "#,##0.00", locale=locale))
        for currency in ("EUR", "CHF", "JPY", "HUF", "KWD"):
            print(format_currency(Decimal(number), currency, locale=locale))
            print(format_currency(Decimal(number), currency, locale=locale, decimal_quantization=False))
    print(sorted(locale.currencies.items()))
"""


def written(how: str) -> str:
    command = [sys.executable, "-c", WRITTEN.format(how=how), *LOCALES]
    return subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONIOENCODING": "utf-8"}).stdout


def test_all_locales_write_as_babel_alone_does():
    ours = written("from runtime.text.locales import locale_of as of")
    assert ours == written("of = Locale.parse")
    assert len(ours.splitlines()) > 60 * len(LOCALES)


def test_what_no_page_needs_is_not_kept():
    for name in LOCALES:
        locale_of(name)
    for name in (*LOCALES, "root"):
        assert not {"unit_patterns", "territories", "languages", "time_zones"} & localedata.load(name).keys()


def test_an_unknown_locale_is_an_error():
    with pytest.raises(UnknownLocaleError, match="xx_YY"):
        locale_of("xx_YY")
