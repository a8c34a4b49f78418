"""The certificate that browsers are shown: what it says, another one, one of our own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from actors.message.device import EventReported
from runtime.text.moment import iso
from webui.api.request.body import fields
from webui.api.request.parameter import refuse
from webui.front.tls.certificate import DAY_S, Certificate, Certificates, CertificateUnfit
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge

SEE = (("server_configuration", "see"),)
ACT = (("server_configuration", "act"),)
MOST_CHARACTERS = 40_000


class CertificateApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/certificate", self.certificate)
        yield Route("PUT", "/api/v1/certificate", self.replace)
        yield Route("DELETE", "/api/v1/certificate", self.own)

    @needs(*SEE)
    def certificate(self) -> bottle.HTTPResponse:
        kept = self._bridge.certificates
        return json_answer({"https": kept is not None, "certificate": kept and self._describe(kept.describe())})

    @needs(*ACT)
    def replace(self) -> bottle.HTTPResponse:
        """``chain`` and ``key`` in PEM; what is refused changes nothing."""
        kept = self._kept()
        asked = fields()
        chain, key = _pem(asked.value("chain"), "chain"), _pem(asked.value("key"), "key")
        asked.end()
        try:
            told = kept.replace(chain, key)
        except CertificateUnfit as unfit:
            raise refuse(unfit.field, unfit.message, unfit.code) from None
        return self._record_change(told)

    @needs(*ACT)
    def own(self) -> bottle.HTTPResponse:
        """Instead of it one that this server makes and signs for itself."""
        return self._record_change(self._kept().make_anew())

    def _kept(self) -> Certificates:
        if self._bridge.certificates is None:
            raise RequestRefused(409, "certificate_off", "HTTPS is off.")
        return self._bridge.certificates

    def _record_change(self, told: Certificate) -> bottle.HTTPResponse:
        detail = f"{caller().name}: {told.subject[:120]}, {told.fingerprint[:23]}…"
        self._bridge.post(
            "recorder", EventReported(self._bridge.clock.now_ms(), "server", "certificate_replaced", detail)
        )
        return json_answer({"https": True, "certificate": self._describe(told)})

    def _describe(self, certificate: Certificate) -> dict[str, Any]:
        zone, now_ts = self._bridge.zone, self._bridge.clock.now_ts()
        return {
            "subject": certificate.subject,
            "issuer": certificate.issuer,
            "self_signed": certificate.self_signed,
            "names": list(certificate.names),
            "from": iso(certificate.from_ts, zone),
            "to": iso(certificate.to_ts, zone),
            "days_left": (certificate.to_ts - now_ts) // DAY_S,
            "fingerprint_sha256": certificate.fingerprint,
        }


def _pem(value: object, field: str) -> str:
    if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
        raise refuse(field, f"{field} must be a text in PEM of at most {MOST_CHARACTERS} characters.", "body_wrong")
    return value
