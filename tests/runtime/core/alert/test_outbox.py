"""The outbox: in order per recipient, a burst is one message, a failure waits longer each time, nothing grows."""

from __future__ import annotations

from runtime.core.alert.message import MOST_ENTRIES, NOTE, Entry, Message, as_record, from_record
from runtime.core.alert.outbox import (
    ANSWER_MS,
    AT_ONCE,
    FIRST_PAUSE_MS,
    LIVES_MS,
    LONGEST_PAUSE_MS,
    REFILL_MS,
    Outbox,
)

NOW = 1_780_000_000_000
ANNA, BERT = (1, "anna@example.org"), (1, "bert@example.org")
ON = frozenset({1})


def entry(key: str, text: str = "") -> Entry:
    return Entry(key, NOTE, NOW, text=text)


def deliver(box: Outbox, now_ms: int) -> list[tuple[str, int]]:
    """All that may leave is accepted; (recipient, entries) of each."""
    left = []
    while begun := box.begin(now_ms, ON):
        (message,) = begun
        assert box.end((message.outlet, message.recipient), message.id) == message
        left.append((message.recipient, len(message.entries) + message.more))
    return left


def test_what_comes_together_leaves_together_and_each_recipient_has_his_own() -> None:
    box = Outbox()
    for number in range(3):
        box.add(ANNA, "", entry(f"alarm.{number}"), NOW)
    box.add(BERT, "", entry("alarm.1"), NOW)
    assert deliver(box, NOW) == [("anna@example.org", 3), ("bert@example.org", 1)]
    assert box.messages == ()


def test_what_was_begun_stays_as_it_is_and_what_comes_meanwhile_waits_behind_it() -> None:
    box = Outbox()
    first = box.add(ANNA, "", entry("alarm.1"), NOW)
    (begun,) = box.begin(NOW, ON)
    assert begun.begun and begun.id == first.id
    second = box.add(ANNA, "", entry("alarm.2"), NOW)
    assert second.id != first.id
    assert box.begin(NOW + 1000, ON) == []
    assert box.end(ANNA, first.id) == begun
    assert [message.id for message in box.begin(NOW + 2000, ON)] == [second.id]


def test_of_one_cause_the_newest_word_counts() -> None:
    box = Outbox()
    box.add(ANNA, "", entry("alarm.1", "raised"), NOW)
    box.add(ANNA, "", entry("alarm.2", "raised"), NOW)
    message = box.add(ANNA, "", entry("alarm.1", "over"), NOW + 1)
    assert [each.text for each in message.entries] == ["over", "raised"]


def test_a_storm_is_a_few_messages_and_then_one_a_minute() -> None:
    box, left = Outbox(), []
    for second in range(600):
        for number in range(100):
            box.add(ANNA, "", entry(f"alarm.{second}.{number}"), NOW + second * 1000)
        left += deliver(box, NOW + second * 1000)
    assert AT_ONCE + 9 <= len(left) <= AT_ONCE + 10
    assert sum(count for _, count in left) + sum(len(m.entries) + m.more for m in box.messages) == 60_000


def test_a_week_without_a_network_keeps_two_messages_a_recipient_at_most() -> None:
    box = Outbox()
    for hour in range(7 * 24):
        now_ms = NOW + hour * 3_600_000
        for number in range(100):
            box.add(ANNA, "", entry(f"alarm.{hour}.{number}"), now_ms)
        for message in box.begin(now_ms + ANSWER_MS, ON):
            box.fail(ANNA, message.id, "outlet_unreachable", "no route", now_ms)
        assert len(box.messages) <= 2
        assert all(len(message.entries) <= MOST_ENTRIES for message in box.messages)
    told = sum(len(message.entries) + message.more for message in box.messages)
    assert told == 7 * 24 * 100


def test_an_outlet_has_one_message_underway_and_one_that_fails_holds_up_no_other_recipient() -> None:
    box = Outbox()
    box.add(ANNA, "", entry("alarm.1"), NOW)
    box.add(BERT, "", entry("alarm.1"), NOW)
    (first,) = box.begin(NOW, ON)
    assert first.recipient == ANNA[1] and box.begin(NOW + 1, ON) == []
    box.fail(ANNA, first.id, "outlet_mailbox_full", "452", NOW + 2)
    (second,) = box.begin(NOW + 3, ON)
    assert second.recipient == BERT[1]


def test_a_failure_is_tried_again_after_pauses_that_grow_and_never_passes_by_others() -> None:
    box, now_ms, pauses = Outbox(), NOW, []
    box.add(ANNA, "", entry("alarm.1"), now_ms)
    for _ in range(12):
        (message,) = box.begin(now_ms, ON)
        failed = box.fail(ANNA, message.id, "outlet_later", "451 greylisted", now_ms)
        assert failed is not None
        pauses.append(failed.next_ms - now_ms)
        box.add(ANNA, "", entry("alarm.2"), now_ms)
        assert box.begin(failed.next_ms - 1, ON) == []
        now_ms = failed.next_ms
    assert pauses[:3] == [FIRST_PAUSE_MS, 2 * FIRST_PAUSE_MS, 4 * FIRST_PAUSE_MS]
    assert pauses[-1] == LONGEST_PAUSE_MS
    assert box.messages[0].code == "outlet_later" and box.messages[0].attempts == 12


def test_a_pause_that_the_other_side_asks_for_is_kept() -> None:
    box = Outbox()
    box.add(ANNA, "", entry("alarm.1"), NOW)
    (message,) = box.begin(NOW, ON)
    failed = box.fail(ANNA, message.id, "outlet_later", "429", NOW, wait_ms=120_000)
    assert failed is not None and failed.next_ms == NOW + 120_000


def test_settings_that_were_mended_are_tried_at_once() -> None:
    box = Outbox()
    box.add(ANNA, "", entry("alarm.1"), NOW)
    (message,) = box.begin(NOW, ON)
    box.fail(ANNA, message.id, "outlet_login", "535", NOW, wait_ms=800_000)
    assert [each.next_ms for each in box.retry(1)] == [0]
    assert [each.id for each in box.begin(NOW + 1, ON)] == [message.id]


def test_an_outlet_that_is_off_keeps_its_messages() -> None:
    box = Outbox()
    box.add(ANNA, "", entry("alarm.1"), NOW)
    assert box.begin(NOW, frozenset()) == [] and len(box.messages) == 1
    assert box.expire(NOW, ON) == []


def test_what_is_too_old_goes_and_so_does_what_was_for_an_outlet_that_was_erased() -> None:
    box = Outbox()
    old = box.add(ANNA, "", entry("alarm.1"), NOW)
    assert box.expire(NOW + LIVES_MS - 1, ON) == []
    assert box.expire(NOW + LIVES_MS, ON) == [old]
    gone = box.add(ANNA, "", entry("alarm.2"), NOW)
    assert box.expire(NOW, frozenset({2})) == [gone] and box.messages == ()


def test_in_quiet_hours_a_message_waits_until_one_that_may_leave_takes_it_along() -> None:
    box = Outbox()
    box.add(ANNA, "", entry("alarm.1"), NOW, NOW + 3_600_000)
    assert box.begin(NOW + 1000, ON) == []
    box.add(ANNA, "", entry("alarm.2"), NOW + 2000, 0)
    assert deliver(box, NOW + 2000) == [("anna@example.org", 2)]
    box.add(ANNA, "night", entry("alarm.3"), NOW, NOW + 3_600_000)
    box.add(ANNA, "grave", entry("alarm.4"), NOW)
    assert deliver(box, NOW + 3000) == [("anna@example.org", 1)], "another subject passes by"
    assert deliver(box, NOW + 3_600_000) == [("anna@example.org", 1)]


def test_an_outlet_that_never_answers_is_asked_again_with_the_same_message() -> None:
    box = Outbox()
    box.add(ANNA, "", entry("alarm.1"), NOW)
    (message,) = box.begin(NOW, ON)
    assert box.begin(NOW + ANSWER_MS - 1, ON) == []
    assert box.begin(NOW + ANSWER_MS, ON) == [message]


def test_what_was_begun_before_a_crash_leaves_first_and_unchanged_under_its_id() -> None:
    box = Outbox()
    box.add(ANNA, "", entry("alarm.1"), NOW)
    (begun,) = box.begin(NOW, ON)
    box.add(ANNA, "", entry("alarm.2"), NOW)
    again = Outbox([from_record(as_record(message)) for message in box.messages], NOW // 1000)
    again.add(ANNA, "", entry("alarm.3"), NOW)
    assert again.begin(NOW + 1, ON) == [begun]
    assert [len(message.entries) for message in again.messages] == [1, 2]


def test_numbers_are_not_given_again() -> None:
    box = Outbox([Message(7, *ANNA, "", NOW)], 100)
    assert box.add(BERT, "", entry("alarm.1"), NOW).id == 101
    assert Outbox([Message(7, *ANNA, "", NOW)], 3).add(BERT, "", entry("alarm.1"), NOW).id == 8


def test_allowances_of_recipients_that_nothing_waits_for_are_forgotten() -> None:
    box = Outbox()
    for number in range(1000):
        box.add((1, f"r{number}@example.org"), "", entry("alarm.1"), NOW)
    assert len(deliver(box, NOW)) == 1000
    box.expire(NOW + REFILL_MS * AT_ONCE, ON)
    assert len(box._allowances) == len(box._queues) == len(box._underway) == 0
