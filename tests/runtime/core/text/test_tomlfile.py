import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.text.tomlfile import MOST_FAULTS, Faults, parse_toml
from runtime.errors import ConfigError, Fault

BEYOND = {
    "a key of many parts": "a." * 100_000 + "a = 1",
    "many tables": "".join(f"[t{n}]\n" for n in range(60_000)),
    "many keys": "".join(f"k{n} = 1\n" for n in range(90_000)),
    "lists in lists": "x = " + "[" * 500 + "]" * 500,
    "tables in tables": "x = " + "{a = " * 500 + "1" + "}" * 500,
    "a long number": "x = " + "9" * 5000,
    "a long number in hexadecimal": "x = 0x" + "f" * 5000,
    "a large exponent": "x = 1e999999999",
    "a text without an end": 'x = "' + '\\"' * 300_000,
    "texts without ends": 'x = """' + '\\"""' * 100_000,
    "a megabyte": "#" * 1_000_001,
    "a key as long as a page": "k" * 5_000 + " = 1",
    "a nul": 'x = "\\u0000"',
    "half of a letter": 'x = "\ud800"',
}


@pytest.mark.parametrize("text", BEYOND.values(), ids=BEYOND.keys())
def test_what_is_beyond_measure_is_refused_in_one_line_and_at_once(text):
    began = time.process_time()
    with pytest.raises(ConfigError) as refused:
        parse_toml(text, "any.toml")
    assert time.process_time() - began < 5
    (fault,) = refused.value.faults
    assert fault.message and "\n" not in str(fault) and len(str(fault)) < 400


def test_what_people_write_is_parsed():
    text = '# é [[[["""\n[a.b]\nc = "1.2.3 # no comment \\" ]"\nd = [1, {e = 0.5}]\nf = """x\n"y" """\ng = \'[\'\n'
    assert parse_toml(text, "any.toml", parse_float=Decimal) == {
        "a": {"b": {"c": '1.2.3 # no comment " ]', "d": [1, {"e": Decimal("0.5")}], "f": 'x\n"y" ', "g": "["}}
    }


@given(st.text("ab.=[]{}\"'\\\n#,09eE_-", max_size=200))
def test_any_text_is_parsed_or_refused(text):
    try:
        assert isinstance(parse_toml(text, "any.toml"), dict)
    except ConfigError as error:
        assert error.faults


def test_a_file_that_is_wrong_all_over_is_reported_up_to_a_hundred_faults():
    faults = Faults()
    with pytest.raises(ConfigError) as refused:
        for number in range(1000):
            faults.append(Fault("any.toml", str(number), "is wrong"))
    assert len(refused.value.faults) == MOST_FAULTS
