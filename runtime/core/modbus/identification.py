"""Read device identification: function 43 with MEI type 14, by which a device gives its maker and product as texts.

source  MODBUS Application Protocol V1.1b3, 6.21
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from runtime.core.modbus.request import IDENTIFICATION, MEI, Request
from runtime.errors import BadAnswer

BASIC, REGULAR = 1, 2  # categories of objects: what every such device has, and what it may have beside
VENDOR, PRODUCT, REVISION, NAME, MODEL = 0x00, 0x01, 0x02, 0x04, 0x05
LARGEST = 253  # bytes of a PDU
SHOWN = 60  # characters of a text that are kept
_HEAD = 7  # function, MEI type, category, conformity level, more follows, next object, number of objects
_GIVEN = 3  # of these, what the request has given already
_LEVELS = 0x7F  # of the conformity level; the highest bit says that single objects may be asked for
_MORE = 0xFF
_PAGES = 8  # answers that one category may take


@dataclass(frozen=True, slots=True)
class Identification:
    """What a device says of itself; "" where it says nothing.

    vendor, product, revision  the basic objects: maker, product code, version
    name, model                regular objects: product name, model name
    """

    vendor: str = ""
    product: str = ""
    revision: str = ""
    name: str = ""
    model: str = ""

    def __str__(self) -> str:
        """For people: each text once, "" when there is none."""
        texts = dict.fromkeys(text for text in (self.vendor, self.name, self.model, self.product) if text)
        return " ".join((*texts, *([self.revision] if texts and self.revision else ())))


@dataclass(frozen=True, slots=True)
class IdentificationProbe:
    """Names a kind of device by its identification: the vendor and one of the products begin like this, in any case."""

    vendor: str
    products: tuple[str, ...]

    def fits(self, given: Identification) -> bool:
        """Whether product code, product name or model name is one of ours, of this vendor."""
        if not _begins(given.vendor, self.vendor):
            return False
        return any(_begins(text, each) for text in (given.product, given.name, given.model) for each in self.products)


@dataclass(frozen=True, slots=True)
class _Page:
    """One answer."""

    level: int
    has_more: bool
    next: int
    objects: Mapping[int, str]


def identification_request(unit: int, category: int = BASIC, first: int = 0) -> Request:
    return Request(unit, IDENTIFICATION, first, category)


def pdu_of(request: Request) -> bytes:
    """What asks for it. Raises ValueError for objects or categories that there are none of."""
    if not 0 <= request.at <= 0xFF or request.count not in (BASIC, REGULAR):
        raise ValueError(f"there is no object {request.at} of category {request.count}")
    return bytes((IDENTIFICATION, MEI, request.count, request.at))


def least_size(pdu: bytes) -> int:
    """Bytes that an answer has at the least, by as much of it as has come; it is whole when it has so many."""
    if len(pdu) < _HEAD:
        return _HEAD
    at, left = _HEAD, pdu[_HEAD - 1]
    while left and at + 1 < len(pdu):
        at, left = at + 2 + pdu[at + 1], left - 1
    return at + 2 * left


def is_whole(pdu: bytes) -> bool:
    """Whether an answer has exactly the objects that it announces, in a PDU that may exist."""
    return _HEAD <= len(pdu) == least_size(pdu) <= LARGEST


def read_identification(unit: int, ask: Callable[[Request], bytes]) -> Identification:
    """All that a device says of itself: the basic objects, and the regular ones where it says that it has them.

    ask     one transaction; its answer without what the request had given
    raises  DriverError when it does not answer the first question; BadAnswer also when it begins and goes astray
    """
    level, objects = _read_category(unit, BASIC, ask)
    if level >= REGULAR:
        objects = {**_read_category(unit, REGULAR, ask)[1], **objects}
    return Identification(*(objects.get(each, "") for each in (VENDOR, PRODUCT, REVISION, NAME, MODEL)))


def _read_category(unit: int, category: int, ask: Callable[[Request], bytes]) -> tuple[int, dict[int, str]]:
    """Conformity level and objects. What does not lead on, such as a page that was given before, ends it."""
    objects: dict[int, str] = {}
    level, first = category, 0
    for _ in range(_PAGES):
        page = _page(ask(identification_request(unit, category, first)))
        level = page.level & _LEVELS
        objects |= page.objects
        if not page.has_more or page.next <= first:
            break
        first = page.next
    return level, objects


def _page(payload: bytes) -> _Page:
    pdu = bytes(_GIVEN) + payload
    if not is_whole(pdu):
        raise BadAnswer("bad_frame", f"an identification that contradicts itself: {payload.hex(' ')[:40]}")
    level, more, following, count = pdu[_GIVEN:_HEAD]
    objects, at = {}, _HEAD
    for _ in range(count):
        end = at + 2 + pdu[at + 1]
        objects[pdu[at]] = _text(pdu[at + 2 : end])
        at = end
    return _Page(level, more == _MORE, following, objects)


def _text(raw: bytes) -> str:
    """Printable characters alone: they are shown to people."""
    shown = "".join(chr(code) for code in raw if 32 <= code < 127)
    return " ".join(shown.split())[:SHOWN]


def _begins(text: str, wanted: str) -> bool:
    return text.casefold().startswith(wanted.casefold())
