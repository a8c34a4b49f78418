"""The bot against a Bot API as it is documented: long polling, messages, every refusal that it knows."""

from __future__ import annotations

import time
from collections import deque

import pytest

from drivers.outlets.telegram import MOST_TEXT, TELEGRAM, TelegramOutlet
from runtime.core.alert.letter import Letter
from runtime.core.alert.outletkind import Enlisting
from runtime.errors import DeliveryFailed
from tests.drivers.outlets.botapi import TOKEN, BotApi
from tests.drivers.outlets.webstand import web_server

LETTER = Letter("1.2.3", "Usine: déclenché", "Four n° 3", "<p></p>")


@pytest.fixture
def api():
    return BotApi()


@pytest.fixture
def bot(api):
    with web_server(api) as address:
        yield TelegramOutlet({"server": address}, {"token": TOKEN}, time.monotonic)


def test_a_message_goes_to_a_chat(api, bot):
    bot.send(LETTER, "42")
    assert api.sent == [(42, "Usine: déclenché\n\nFour n° 3")]


def test_a_long_one_is_cut_as_telegram_counts(api, bot):
    bot.send(Letter("1.2.3", "s", "😀" * 5000, ""), "42")
    ((_, text),) = api.sent
    assert text.endswith("…") and MOST_TEXT - 3 <= len(text.encode("utf-16-le")) // 2 <= MOST_TEXT


def test_what_people_wrote_is_read_once_each_and_groups_are_not_listened_to(api, bot):
    api.write(42, "open sesame", "Ada")
    api.write(-7, "open sesame", "Eve", kind="group")
    api.write(43, None, "Bob")
    heard = bot.receive(0, 1.0)
    assert heard == (
        Enlisting(1000, "42", "Ada @ada", "open sesame"), Enlisting(1001, "-7", "Eve @eve", ""),
        Enlisting(1002, "43", "Bob @bob", ""),
    )  # fmt: skip
    assert bot.receive(1002, 0.0) == ()
    assert api.offsets == [1, 1003]


@pytest.mark.parametrize(
    ("number", "description", "code", "is_final"),
    [
        (400, "Bad Request: chat not found", "outlet_refused", True),
        (403, "Forbidden: bot was blocked by the user", "outlet_recipient", True),
        (409, "Conflict: terminated by other getUpdates request", "outlet_later", False),
        (500, "Internal Server Error", "outlet_later", False),
    ],
)
def test_refusals(api, bot, number, description, code, is_final):
    api.refuse("sendMessage", number, description)
    with pytest.raises(DeliveryFailed, match=description) as failed:
        bot.send(LETTER, "42")
    assert (failed.value.code, failed.value.is_final) == (code, is_final)
    assert api.sent == []


def test_the_pause_that_it_asks_for(api, bot):
    api.refuse("sendMessage", 429, "Too Many Requests: retry after 35", retry_after=35)
    with pytest.raises(DeliveryFailed) as failed:
        bot.send(LETTER, "42")
    assert (failed.value.code, failed.value.wait_s) == ("outlet_later", 35.0)


def test_a_wrong_token_is_told_without_showing_it(api):
    with web_server(api) as address, pytest.raises(DeliveryFailed) as failed:
        TelegramOutlet({"server": address}, {"token": "9:other"}, time.monotonic).send(LETTER, "42")
    assert failed.value.code == "outlet_login" and "9:other" not in failed.value.message


@pytest.mark.parametrize(("status", "code"), [(502, "outlet_later"), (200, "outlet_answer")])
def test_an_answer_that_is_none(api, bot, status, code):
    api.refuses["sendMessage"] = deque([(status, b"<html>Bad gateway</html>")])
    with pytest.raises(DeliveryFailed) as failed:
        bot.send(LETTER, "42")
    assert failed.value.code == code


def test_its_settings():
    assert TELEGRAM.problems({}) == []
    assert [name for name, _ in TELEGRAM.problems({"server": "ftp://x"})] == ["server"]
    assert TELEGRAM.complete({})["server"] == "https://api.telegram.org"
