"""What happens again and again has the words of what happens, in every language."""

import pytest

from runtime.text.eventwords import event_words
from runtime.text.language import LANGUAGES, Catalogues
from runtime.text.wording import EVENTS

FRENCH = Catalogues().of(LANGUAGES["fr"]).gettext


def english(sentence):
    return sentence


@pytest.mark.parametrize("code", sorted(EVENTS))
def test_what_repeats_itself_is_said_with_the_words_of_the_event(code):
    for say in (english, FRENCH):
        said = {event_words(code + end, say) for end in ("", "_flaps", "_calmed")}
        assert len(said) == 3 and all(each.startswith(say(EVENTS[code])) for each in said)
        assert not any("%(" in each or "_flaps" in each for each in said)


def test_it_is_french_for_who_reads_french():
    assert event_words("breaker_tripped_flaps", FRENCH) != event_words("breaker_tripped_flaps", english)
    assert "déclenché" in event_words("breaker_tripped_flaps", FRENCH)


def test_what_nobody_has_words_for_is_told_by_its_code():
    assert event_words("moon_full", english) == "moon_full"
