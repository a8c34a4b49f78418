"""Looks after the certificate's end: a minute after the start, then once a day, in a thread that ends at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from runtime.errors import WattkeeperError
from webui.front.tls.certificate import Certificates

log = logging.getLogger("wattkeeper.certificate")

FIRST_S, EACH_S = 60.0, 86_400.0


class Renewal:
    """``beat`` is called often; it takes no time."""

    def __init__(self, certificates: Certificates, monotonic: Callable[[], float]) -> None:
        self._certificates, self._monotonic = certificates, monotonic
        self._due = monotonic() + FIRST_S

    def beat(self) -> None:
        if self._monotonic() < self._due:
            return
        self._due = self._monotonic() + EACH_S
        threading.Thread(target=self.look, name="certificate", daemon=True).start()

    def look(self) -> None:
        try:
            self._certificates.renew()
        except (WattkeeperError, OSError) as error:
            log.error("the certificate could not be renewed: %s", error)
