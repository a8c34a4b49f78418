"""How much of the processor clients without a login may take: one pot, shared evenly by the addresses that want more.

Deterministic: no clock, no I/O. Not for threads.
"""

from __future__ import annotations

from dataclasses import dataclass

from webui.front.http.limits import Limits

MOST_ACCOUNTS = 4096  # whoever comes beyond them shares one
_REST = ""
_MOST_DEBT_S = 0.5
PEEK_SHARE = 0.1  # of the pot, besides: to look who it is that calls from an address that has spent its part


@dataclass(slots=True)
class _Account:
    """Seconds of processor time; below 0 they are owed."""

    credit_s: float
    peek_s: float


class Budget:
    """Accounts of addresses. One that asked for nothing lately has none: it may take ``stranger_burst_s`` at once."""

    def __init__(self, limits: Limits) -> None:
        self._share, self._burst_s = limits.strangers_share, limits.stranger_burst_s
        self._accounts: dict[str, _Account] = {}

    @property
    def is_limited(self) -> bool:
        return self._share < 1

    def has_credit(self, address: str) -> bool:
        account = self._account(address)
        return account is None or account.credit_s > 0

    def may_peek(self, address: str) -> bool:
        account = self._account(address)
        return account is None or account.peek_s > 0

    def charge(self, address: str, spent_s: float, *, peek: bool = False) -> None:
        if not self.is_limited:
            return
        account = self._account(address) or self._open(address)
        if peek:
            account.peek_s -= spent_s
        else:
            account.credit_s = min(max(account.credit_s - spent_s, -_MOST_DEBT_S), self._burst_s)

    def refill(self, passed_s: float) -> None:
        """What time brings. What somebody has enough of is nobody else's: the pot is a limit, not a promise."""
        if not self._accounts:
            return
        each_s = passed_s * self._share / len(self._accounts)
        peek_s = each_s * PEEK_SHARE
        for address, account in list(self._accounts.items()):
            account.credit_s = min(account.credit_s + each_s, self._burst_s)
            account.peek_s = min(account.peek_s + peek_s, self._burst_s * PEEK_SHARE)
            if account.credit_s >= self._burst_s:
                del self._accounts[address]

    def _account(self, address: str) -> _Account | None:
        return self._accounts.get(self._key(address))

    def _open(self, address: str) -> _Account:
        account = self._accounts[self._key(address)] = _Account(self._burst_s, self._burst_s * PEEK_SHARE)
        return account

    def _key(self, address: str) -> str:
        return address if address in self._accounts or len(self._accounts) < MOST_ACCOUNTS else _REST
