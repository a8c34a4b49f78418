import pytest

from runtime.core.access.likeness import is_mixed, is_reserved, skeleton


@pytest.mark.parametrize(
    "name", ["administrator", "greenUp", "Zoë", "Müller 2", "Иван", "Γιώργος", "李雷", "user", "installer"]
)
def test_names_of_people_are_nobody_else_s(name):
    assert not is_reserved(name) and not is_mixed(name)


@pytest.mark.parametrize("name", ["Local", "LOCAL", "l0cal", "n\u043ebody", "set up", "Token of mine", "undo"])
def test_what_the_audit_trail_means_something_else_by_is_reserved(name):
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["\u0430dmin", "us\u0435r", "\u0391nna"])
def test_letters_of_two_alphabets_in_one_name_are_a_disguise(name):
    assert is_mixed(name)


@pytest.mark.parametrize(
    ("one", "other"), [("admin", "ADMIN"), ("admin", "adm1n"), ("Anna", "\u0391nna"), ("a b", "ab")]
)
def test_what_looks_alike_is_the_same(one, other):
    assert skeleton(one) == skeleton(other)
