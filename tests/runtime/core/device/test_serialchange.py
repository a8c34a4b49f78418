from runtime.core.device.serialchange import BACK_S, Names

A, B = ("0001",), ("0002",)


def said(*told, apart_s=10.0):
    names = Names()
    return [names.note(1, 0, name, at * apart_s) for at, name in enumerate(told)]


def test_a_device_that_stays_the_same_is_no_news():
    assert said(A, A, A) == ["same"] * 3


def test_another_number_is_another_device():
    assert said(A, B, B) == ["same", "changed", "same"]


def test_numbers_that_take_turns_are_two_devices():
    assert said(A, B, A, B) == ["same", "changed", "alternates", "alternates"]


def test_one_that_comes_back_much_later_was_put_back():
    assert said(A, B, A, apart_s=BACK_S) == ["same", "changed", "changed"]


def test_no_value_is_no_name():
    assert said(A, (None,), A) == ["same"] * 3


def test_devices_and_places_are_kept_apart():
    names = Names()
    assert [names.note(device, block, name, 0.0) for device, block, name in ((1, 0, A), (2, 0, B), (1, 1, B))] == [
        "same"
    ] * 3
