"""What a thread still holds of a page that it made."""

import gc

import bottle

from webui.server.forgetful import forgetful


class Page(str):
    """Text that can be looked for."""


def answered(app):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.input": None}
    return list(app(environ, lambda *_: None)), [each for each in gc.get_objects() if type(each) is Page]


def test_a_page_is_sent_whole_and_nothing_of_it_is_kept():
    pages = bottle.Bottle()
    pages.route("/", callback=lambda: bottle.HTTPResponse(Page("meters " * 99)))
    sent, kept = answered(pages)
    assert kept, "bottle forgets by itself: this is not needed any more"
    del kept
    again, kept = answered(forgetful(pages))
    assert again == sent == [b"meters " * 99]
    assert not kept
