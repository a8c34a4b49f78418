from runtime.core.device.serialchange import BACK_S, Names

A, B = ("0001",), ("0002",)


def changes(*named, apart_s=10.0):
    names = Names()
    return [names.note(0, name, at * apart_s) for at, name in enumerate(named)]


def test_a_device_that_stays_the_same_is_no_news():
    assert changes(A, A, A) == ["same"] * 3


def test_another_number_is_another_device():
    assert changes(A, B, B) == ["same", "changed", "same"]


def test_numbers_that_take_turns_are_two_devices():
    assert changes(A, B, A, B) == ["same", "changed", "alternates", "alternates"]


def test_one_that_comes_back_much_later_was_put_back():
    assert changes(A, B, A, apart_s=BACK_S) == ["same", "changed", "changed"]


def test_no_value_is_no_name():
    assert changes(A, (None,), A) == ["same"] * 3


def test_places_are_kept_apart():
    names = Names()
    assert [names.note(block, name, 0.0) for block, name in ((0, A), (1, B))] == ["same"] * 2
