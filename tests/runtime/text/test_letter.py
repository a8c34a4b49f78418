"""Letters: what a message says, in the language and by the clock of the site, whatever names there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.core.alert.message import CHANGED, NOTE, OVER, RAISED, Entry, Message
from runtime.core.site.installation import Installation
from runtime.text.language import COMPLETE, Catalogues
from runtime.text.letter import MOST_LINE, MOST_SUBJECT, LetterWriter

AT_MS = 1_780_000_000_000  # 2026-05-28 22:26:40 in Paris
ENTRY = Entry("alarm.5", RAISED, AT_MS, AT_MS, "tripped", "critical", "Oven", "Hall · 7", "breaker_state", "/alarms")
MESSAGE = Message(9, 1, "a@b.c", "", AT_MS, (ENTRY,))
SITE = Installation(site="Works", language="en")


def write(message=MESSAGE, site=SITE, link=""):
    return LetterWriter(Catalogues(), lambda: 1_780_000_060).write(message, site, link)


def test_one_alarm_says_what_where_and_since_when():
    letter = write()
    assert letter.subject == "Works: Alarm: Tripped – Oven"
    assert letter.text == "Alarm: Tripped – Oven\nHall · 7 · since 28 May 2026, 22:26:40 · breaker_state"
    assert letter.id == f"9.{AT_MS}.1" and letter.ts == 1_780_000_060
    (facts,) = letter.facts["entries"]
    assert (facts["kind"], facts["severity"], facts["at"]) == ("tripped", "critical", "2026-05-28T22:26:40.000+02:00")


def test_its_end_says_from_when_to_when():
    over = replace(ENTRY, state=OVER, at_ms=AT_MS + 600_000)
    letter = write(replace(MESSAGE, entries=(over,), subject="Oven hall"))
    assert letter.subject == "Oven hall: All clear: Tripped – Oven"
    assert "from 28 May 2026, 22:26:40 to 28 May 2026, 22:36:40" in letter.text


def test_a_burst_is_a_list_and_what_is_too_much_is_counted():
    entries = tuple(replace(ENTRY, key=f"alarm.{n}", name=f"Device {n}") for n in range(50))
    letter = write(replace(MESSAGE, entries=entries, more=1234))
    assert letter.subject == "Works: 1284 messages"
    assert "Device 49" in letter.text and letter.text.endswith("and 1234 more")


def test_what_was_switched_is_no_alarm():
    switched = replace(ENTRY, state=CHANGED, kind="breaker_opened", severity="notice", text="")
    letter = write(replace(MESSAGE, entries=(switched,)))
    assert letter.subject == "Works: State change: The breaker was opened – Oven"
    assert letter.text.endswith("Hall · 7 · 28 May 2026, 22:26:40")


def test_links_lead_to_the_page_where_somebody_said_where_that_is():
    letter = write(link="https://energy.example.org/")
    assert letter.text.endswith("\n\nhttps://energy.example.org/alarms")
    assert '<a href="https://energy.example.org/alarms">' in letter.html
    assert letter.facts["link"] == "https://energy.example.org/alarms"
    assert "http" not in write().text


def test_the_other_language():
    letter = write(site=replace(SITE, language="fr"))
    assert letter.subject.startswith("Works: Alarme: ") and "depuis 28 mai 2026" in letter.text


@pytest.mark.parametrize(
    "name", ["x" * 65_536, "<script>alert(1)</script>", "a\r\nBcc: b@c.d", "\x1b[2J", "\u202eevil"]
)
def test_no_name_breaks_a_letter(name):
    letter = write(replace(MESSAGE, entries=(replace(ENTRY, name=name, text=name),)))
    assert len(letter.subject) <= MOST_SUBJECT and letter.subject.isprintable()
    assert all(len(line) <= 4 * MOST_LINE and "\r" not in line for line in letter.text.split("\n"))
    assert "<script>" not in letter.html


@pytest.mark.parametrize("language", COMPLETE)
def test_a_note_of_a_rule_is_its_text(language):
    note = Entry("rule.3", NOTE, AT_MS, text="Boiler on")
    assert write(replace(MESSAGE, entries=(note,)), replace(SITE, language=language)).subject == "Works: Boiler on"
