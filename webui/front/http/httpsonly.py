"""What plain HTTP may still do where HTTPS is on. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from webui.front.http.forward import Peer
from webui.front.http.head import Head
from webui.front.http.refusal import Refused

HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class SecureOnly:
    """``port``: where plain requests are sent, None = they are served; ``hsts_s``: browsers remember, 0 = they do not.

    Only what changes nothing is sent on: the body of a form has already crossed the wire in the clear, and a browser
    that is told so by an error is not made to do it again.
    """

    port: int | None = None
    hsts_s: int = 0

    def check(self, head: Head, peer: Peer) -> None:
        """Raises Refused for a plain request that has to come by HTTPS."""
        if self.port is None or peer.scheme == "https":
            return
        if head.method not in (b"GET", b"HEAD"):
            raise Refused(403, "https_only", "This server takes this by HTTPS only.")
        host = head.host or peer.local
        named = f"[{host}]" if ":" in host else host
        place = named if self.port == HTTPS_PORT else f"{named}:{self.port}"
        headers = {"Location": f"https://{place}{head.target.decode('latin-1')}"}
        raise Refused(308, "https_only", "This server is reached by HTTPS.", headers)

    def remembered(self, peer: Peer) -> bytes:
        """The header line for an answer, "" for none."""
        if not self.hsts_s or peer.scheme != "https":
            return b""
        return b"\r\nStrict-Transport-Security: max-age=%d" % self.hsts_s
