"""What all connections of the front share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from webui.front.fairqueue import FairQueue
from webui.front.http.head import Head
from webui.front.http.hosts import Hosts
from webui.front.http.httpsonly import SecureOnly
from webui.front.http.limits import Limits
from webui.front.http.proxies import Proxies
from webui.front.pacer import Pacer
from webui.front.upstream import UpstreamExchange


@dataclass(frozen=True, slots=True)
class Shared:
    """One thread's worth.

    now       monotonic seconds
    soon      call later, in the same thread
    exchange  a request with the page server, from its head and body
    is_known  whether a request carries what a login or a token gave; the others share ``pacer``
    spent     processor time of this thread in seconds
    """

    now: Callable[[], float]
    soon: Callable[[Callable[[], None]], object]
    exchange: Callable[[bytes, Iterator[bytes]], UpstreamExchange]
    limits: Limits
    hosts: Hosts
    secure: SecureOnly
    proxies: Proxies
    turns: FairQueue
    pacer: Pacer
    is_known: Callable[[Head], bool]
    spent: Callable[[], float]
