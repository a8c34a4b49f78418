"""The listening socket of the Modbus server, and in words why there is none."""

from __future__ import annotations

import errno
import socket

from runtime.errors import LinkDown

BACKLOG = 512
_REASONS = {
    errno.EADDRINUSE: ("modbus_port_taken", "is in use by another program"),
    errno.EACCES: ("modbus_port_denied", "needs a capability that this process does not have; 1502 needs none"),
    errno.EADDRNOTAVAIL: ("modbus_address_foreign", "is not an address of this machine"),
}


def listen(host: str, port: int) -> socket.socket:
    """Bound and listening; ``::`` takes IPv4 as well. Raises LinkDown with a code of the Modbus server."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if host == "::":
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        code, reason = _REASONS.get(getattr(error, "errno", 0), ("modbus_address_foreign", str(error)))
        raise LinkDown(code, f"Modbus TCP server: {host} port {port} {reason}") from None
    return listener
