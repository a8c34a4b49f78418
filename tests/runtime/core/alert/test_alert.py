"""What an alert and an outlet may say."""

import pytest

from runtime.core.alert.address import address_problem
from runtime.core.alert.alert import a_minute, some_addresses, split_addresses
from runtime.core.alert.outletkind import OutletKey, OutletKind

GOOD = ("a@example.org", "first.last+tag@mail.example.co.uk", "root@localhost")
BAD = (
    "", "example.org", "@example.org", "a@", "a b@example.org", "a@exa mple.org", "a@example.org\r\nBcc: b@c.d",
    "a@b@c d", ".a@example.org", "a..b@example.org", "a.@example.org", f"{'a' * 65}@example.org", "a@-b.org",
    "a@b-.org", "a@" + "b" * 64 + ".org", "ä@example.org", "a@exämple.org", "<a@example.org>", "a@example..org",
)  # fmt: skip


@pytest.mark.parametrize("address", GOOD)
def test_an_address(address):
    assert address_problem(address) == ""


@pytest.mark.parametrize("address", BAD)
def test_what_is_none(address):
    assert address_problem(address)


def test_several_have_commas_between_them():
    assert split_addresses("a@b.c, d@e.f,,a@b.c ,") == ("a@b.c", "d@e.f")
    assert some_addresses("a@b.c, d@e.f") is None
    assert some_addresses("a@b.c, nobody")[0] == "mail_address_wrong"
    assert some_addresses(",".join(f"a{n}@b.c" for n in range(51)))[0] == "out_of_range"


@pytest.mark.parametrize("text", ["24:00", "7:30", "07:60", "0730", "", "aa:bb", "٠٧:٣٠"])
def test_no_time_of_the_day(text):
    assert a_minute(text)[0] == "minute_wrong"
    assert a_minute("07:30") is None


def test_settings_of_a_kind_are_checked_by_name_type_and_choice():
    keys = {
        "server": OutletKey("Server", is_needed=True),
        "port": OutletKey("Port", 25, problem=lambda value: "" if int(value) < 100 else "too high"),
        "way": OutletKey("Way", "a", ("a", "b")),
    }
    kind = OutletKind("x", "X", "itself", lambda *given: None, keys)
    assert kind.problems({"server": "s"}) == []
    assert kind.problems({}) == [("server", "is missing")]
    wrong = dict(kind.problems({"server": 3, "port": 200, "way": "c", "else": 1}))
    assert wrong.keys() == {"server", "port", "way", "else"}
    assert dict(kind.problems({"server": "s", "port": "25"}))["port"] == "is not a whole number"
    assert kind.complete({"server": "s"}) == {"server": "s", "port": 25, "way": "a"}
