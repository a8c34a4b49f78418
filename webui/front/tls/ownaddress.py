"""The addresses of this machine, as the kernel tells them."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path

_LOCAL = re.compile(r"\|-- ([0-9.]+)\n\s+/32 host LOCAL")
_SCOPE_GLOBAL = "00"


def own_addresses(proc: Path = Path("/proc/net")) -> tuple[str, ...]:
    """IPv4 and global IPv6, loopback first, in order; those of loopback alone where the kernel tells nothing."""
    found = {ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")}
    found.update(ipaddress.ip_address(text) for text in _LOCAL.findall(_read(proc / "fib_trie")))
    for line in _read(proc / "if_inet6").splitlines():
        raw, _, _, scope = line.split()[:4]
        if scope == _SCOPE_GLOBAL:
            found.add(ipaddress.ip_address(bytes.fromhex(raw)))
    ordered = sorted(found, key=lambda address: (not address.is_loopback, address.version, address.packed))
    return tuple(str(address) for address in ordered)


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
