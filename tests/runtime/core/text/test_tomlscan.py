import time

import pytest

from runtime.core.text.tomlscan import blank_texts


def test_texts_and_comments_are_blank_and_the_rest_stands_where_it_stood():
    text = 'a = "[x]" # y\nb = """\n[z]""" \nc = \'#\' + 1\n'
    assert blank_texts(text) == "a =          \nb =    \n       \nc =     + 1\n"


def test_an_escaped_quote_ends_no_text():
    assert blank_texts(r'a = "\"" = 1') == "a =      = 1"
    assert blank_texts(r'a = "\\" = 1') == "a =      = 1"


def test_behind_a_text_without_an_end_all_is_blank():
    assert blank_texts('a = "b\nc = 1') == "a =   \n     "


@pytest.mark.parametrize("piece", ["#\n", '"', "'''", '"""', '\\"', "'", '"\\', "a", "\n"])
def test_it_takes_time_by_the_length(piece):
    def took_s(length: int) -> float:
        began = time.process_time()
        blank_texts(piece * length)
        return time.process_time() - began

    took_s(1_000)
    assert took_s(200_000) < 2.0
