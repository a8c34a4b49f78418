"""What goes wrong becomes an answer: the API's error shape, or a page with what to do next.

The only place in the web that catches everything: a bug is logged with its traceback under a
reference that the page shows.
"""

from __future__ import annotations

import errno
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import bottle

from runtime.code.codes import status_of
from runtime.errors import InvariantBroken, WattkeeperError
from webui.http.caller import caller

log = logging.getLogger(__name__)

_POLICY = "Content-Security-Policy"
GUARDS = {
    _POLICY: "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_DISK = {  # what a write outside of the store meets
    errno.ENOSPC: "store_full",
    errno.EDQUOT: "store_full",
    errno.EROFS: "store_unwritable",
}
_MESSAGES = {
    400: "The request cannot be read.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is too large.",
}

ErrorPage = Callable[[int, str, str], str]  # (status, code, reference) -> HTML


class RequestRefused(WattkeeperError):
    """The caller can mend it. ``status`` for HTTP, ``field`` names the parameter to blame.

    hint    what to do about it
    wait_s  after which it may go better, 0 = not known
    more    what else the error tells, in JSON only
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        field: str = "",
        hint: str = "",
        wait_s: int = 0,
        *,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        super().__init__(code, message)
        self.status = status
        self.field = field
        self.hint = hint
        self.wait_s = wait_s
        self.more = more


def not_found(what: str) -> RequestRefused:
    return RequestRefused(404, "not_found", f"There is no such {what}.")


def error_json(
    code: str, message: str, field: str = "", hint: str = "", more: Mapping[str, Any] = MappingProxyType({})
) -> str:
    told = {name: text for name, text in (("field", field), ("hint", hint)) if text}
    return json.dumps({"error": {"code": code, "message": message, **told, **more}})


class ErrorShape:
    """Bottle plugin around every handler, and the answer for what no handler took."""

    name = "errors"
    api = 2

    def __init__(self, page: ErrorPage) -> None:
        self._page = page

    def apply(self, callback: Callable[..., Any], route: bottle.Route) -> Callable[..., bottle.HTTPResponse]:
        def answered(*args: Any, **kwargs: Any) -> bottle.HTTPResponse:
            try:
                answer = callback(*args, **kwargs)
            except bottle.HTTPResponse as raised:
                answer = raised
            except RequestRefused as refused:
                answer = self._refusal(refused)
            except InvariantBroken:
                answer = self._bug()
            except WattkeeperError as trouble:
                answer = self._trouble(trouble.code, trouble.message)
            except OSError as error:
                code = _DISK.get(error.errno or 0, "")
                answer = self._trouble(code, f"The disk refused it: {error.strerror}.") if code else self._bug()
            except Exception:
                answer = self._bug()
            return _add_headers(answer)

        return answered

    def unrouted(self, error: bottle.HTTPError) -> str:
        """For what Bottle itself refuses: unknown addresses, wrong methods, unreadable requests."""
        status = error.status_code
        if error.exception is not None and status == 500:
            log.error("outside of any handler", exc_info=error.exception)
        answer = self._answer(status, _CODES.get(status, "internal"), _MESSAGES.get(status, "Something went wrong."))
        for name, value in _add_headers(answer).headerlist:
            bottle.response.set_header(name, value)
        body: str = answer.body
        return body

    def _refusal(self, refused: RequestRefused) -> bottle.HTTPResponse:
        told = (refused.code, refused.message, refused.field, refused.hint)
        answer = self._answer(refused.status, *told, more=refused.more)
        if refused.wait_s:
            answer.headers["Retry-After"] = str(refused.wait_s)
        if refused.status == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    def _trouble(self, code: str, message: str) -> bottle.HTTPResponse:
        """A bad day that has a name is told by it, wherever it came up; what has none is a bug."""
        return self._refusal(RequestRefused(status_of(code), code, message))

    def _bug(self) -> bottle.HTTPResponse:
        reference = secrets.token_hex(4)
        log.exception("%s %s failed, reference %s", bottle.request.method, bottle.request.path, reference)
        message = f"Something went wrong in the server. The log tells more under {reference}."
        return self._answer(500, "internal", message, reference=reference)

    def _answer(
        self,
        status: int,
        code: str,
        message: str,
        field: str = "",
        hint: str = "",
        *,
        reference: str = "",
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> bottle.HTTPResponse:
        if bottle.request.path.startswith("/api/"):
            body = error_json(code, message, field, hint, more)
            return bottle.HTTPResponse(body, status, {"Content-Type": "application/json"})
        page = self._page(status, code, reference)
        return bottle.HTTPResponse(page, status, {"Content-Type": "text/html; charset=utf-8"})


def _add_headers(answer: Any) -> bottle.HTTPResponse:
    """The answer with the headers that every answer carries."""
    if not isinstance(answer, bottle.HTTPResponse):
        answer = bottle.HTTPResponse(answer, headers={"Content-Type": "text/html; charset=utf-8"})
    for name, value in GUARDS.items():
        answer.headers[name] = value
    if caller().screen is not None:  # its pages stand in a frame of ours
        answer.headers[_POLICY] = GUARDS[_POLICY].replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
