import ctypes

from runtime.process.malloc import settle, tidier


def test_it_works_with_the_c_library_of_this_machine():
    settle()
    tidier()()


def test_another_c_library_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    settle()
    tidier()()
