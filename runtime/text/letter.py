"""Messages as letters: the words of alarms and rules in the language of the site: text, HTML, plain facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from runtime.core.alert.letter import Letter
from runtime.core.alert.message import CHANGED, NOTE, OVER, RAISED, Entry, Message
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from runtime.text.language import DEFAULT, LANGUAGES, Catalogues
from runtime.text.moment import iso_ms
from runtime.text.wording import EVENTS
from runtime.text.words import alarm, outlet

_MARKED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
MOST_LINE, MOST_SUBJECT = 300, 150
_STYLE = "font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;color:#1b1f24;max-width:40rem"


class LetterWriter:
    """Any thread may ask. ``now_ts`` gives the time of writing."""

    def __init__(self, catalogues: Catalogues, now_ts: Callable[[], int]) -> None:
        self._catalogues, self._now_ts = catalogues, now_ts

    def write(self, message: Message, site: Installation, link: str) -> Letter:
        """``link``: where the pages are, "" = the letter has none."""
        words = _Words(self._catalogues, site)
        first, count = message.entries[0], len(message.entries) + message.more
        summary = words.headline(first) if count == 1 else words.count(count)
        return self._letter(message, words, summary, [*words.lines(message)], link)

    def write_test(self, message: Message, site: Installation, link: str) -> Letter:
        """Of a message whose one entry names who asks for it."""
        words = _Words(self._catalogues, site)
        text = words.say(outlet.TEST) % {"name": _clip(message.entries[0].text)}
        return self._letter(message, words, words.say(outlet.TEST_SUBJECT), [(text, "")], link)

    def welcome(self, site: Installation) -> str:
        """What somebody who enlisted is answered."""
        return _Words(self._catalogues, site).say(outlet.WELCOME) % {"site": site.site}

    def _letter(self, message: Message, words: _Words, summary: str, lines: list[tuple[str, str]], link: str) -> Letter:
        subject = _clip(f"{message.subject or words.site.site}: {summary}", MOST_SUBJECT)
        text = "\n\n".join("\n".join(part for part in line if part) for line in lines)
        address = f"{link.rstrip('/')}/alarms" if link else ""
        id = f"{message.id}.{message.created_ms}.{message.outlet}"
        facts = {
            "id": id, "site": words.site.site, "subject": subject, "text": text, "link": address or None,
            "more": message.more, "entries": [words.facts(entry) for entry in message.entries],
        }  # fmt: skip
        return Letter(
            id, subject, f"{text}\n\n{address}" if address else text, _html(lines, address), facts, self._now_ts()
        )


class _Words:
    """Of one site: its language and its clock."""

    def __init__(self, catalogues: Catalogues, site: Installation) -> None:
        self.site, self._zone = site, zone_of(site)
        self._language = LANGUAGES.get(site.language, LANGUAGES[DEFAULT]).at(site.zone)
        self._catalogue = catalogues.of(self._language)

    def say(self, sentence: str) -> str:
        return self._catalogue.gettext(sentence)

    def count(self, count: int) -> str:
        ngettext = self._catalogue.ngettext
        return ngettext("%(num)d message", "%(num)d messages", count) % {"num": count}

    def headline(self, entry: Entry) -> str:
        """In one line: what it is, and of what."""
        if entry.state == NOTE:
            return _clip(entry.text)
        what = self.say(EVENTS[entry.kind] if entry.state == CHANGED else alarm.KINDS.get(entry.kind, entry.kind))
        return f"{self.say(outlet.STATES[entry.state])}: {_clip(f'{what} – {entry.name}' if entry.name else what)}"

    def lines(self, message: Message) -> Iterator[tuple[str, str]]:
        """(headline, what is known beside it) of each entry, and how many more there are."""
        for entry in message.entries:
            beside = [entry.position, self._when(entry), "" if entry.state == NOTE else entry.text]
            yield self.headline(entry), " · ".join(_clip(part) for part in beside if part)
        if message.more:
            ngettext = self._catalogue.ngettext
            yield ngettext("and %(num)d more", "and %(num)d more", message.more) % {"num": message.more}, ""

    def facts(self, entry: Entry) -> dict[str, Any]:
        """For programs."""
        return {
            "key": entry.key, "state": entry.state, "kind": entry.kind or None, "severity": entry.severity or None,
            "name": _clip(entry.name) or None, "position": entry.position or None, "text": _clip(entry.text),
            "at": iso_ms(entry.at_ms, self._zone), "since": iso_ms(entry.since_ms or entry.at_ms, self._zone),
        }  # fmt: skip

    def _when(self, entry: Entry) -> str:
        if entry.state == OVER:
            start, end = self._moment(entry.since_ms), self._moment(entry.at_ms)
            return self.say(outlet.LASTED) % {"start": start, "end": end}
        moment = self._moment(entry.at_ms)
        return self.say(outlet.SINCE) % {"moment": moment} if entry.state == RAISED else moment

    def _moment(self, ts_ms: int) -> str:
        at = datetime.fromtimestamp(ts_ms // 1000, self._zone)
        return str(format_datetime(at, "medium", locale=self._language.locale))


def _clip(text: str, most: int = MOST_LINE) -> str:
    """On one line, and no longer than people read."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: most * 2]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _html(lines: list[tuple[str, str]], address: str) -> str:
    rows = "".join(
        f"<p><b>{_escape(head)}</b>{f'<br>{_escape(beside)}' if beside else ''}</p>" for head, beside in lines
    )
    link = f'<p><a href="{_escape(address)}">{_escape(address)}</a></p>' if address else ""
    return f'<!doctype html><html><body style="{_STYLE}">{rows}{link}</body></html>'


def _escape(text: str) -> str:
    return text.translate(_MARKED)
