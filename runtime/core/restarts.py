"""What happens after a child's ending: start it again, let it rest, give up, or leave it.

Pure: the supervisor tells what ended and when, and carries out the answer. After OTP's restart types and intensity,
with back-off, and with quarantine in place of escalation where a child is only a leaf.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

RESTART_TYPES = ("permanent", "transient", "temporary")


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient the supervisor is with one kind of child.

    crashes    as many within ``window_s`` are too many
    first_s    upper bound of the first delay; it doubles with each crash in a row, up to ``longest_s``
    stable_s   after that long without a crash the row starts anew
    retry_s    one more try after that long in quarantine
    """

    crashes: int
    window_s: float
    first_s: float = 0.5
    longest_s: float = 60.0
    stable_s: float = 600.0
    retry_s: float = 600.0


LEAF = Policy(crashes=5, window_s=300.0)
CORE = Policy(crashes=3, window_s=60.0, longest_s=5.0)


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of one child, over its incarnations. Times are monotonic seconds.

    crashes   times of the crashes that still count
    row       crashes in a row, none of them after a stable life
    started   start of the present life
    on_trial  started out of quarantine and not yet stable
    """

    crashes: tuple[float, ...] = ()
    row: int = 0
    started: float = 0.0
    on_trial: bool = False


@dataclass(frozen=True, slots=True)
class StartAgain:
    delay_s: float


@dataclass(frozen=True, slots=True)
class Rest:
    """Quarantine: one more try after ``retry_s``."""

    retry_s: float


@dataclass(frozen=True, slots=True)
class Escalate:
    """The process cannot go on without it."""


@dataclass(frozen=True, slots=True)
class Leave:
    """It ended as it may."""


Decision = StartAgain | Rest | Escalate | Leave


def began(record: Record, now: float) -> Record:
    return replace(record, started=now)


def release(record: Record, now: float) -> Record:
    """Out of quarantine for one try."""
    return replace(record, started=now, on_trial=True)


def is_stable(record: Record, policy: Policy, now: float) -> bool:
    return now - record.started >= policy.stable_s


def after_exit(
    record: Record, policy: Policy, *, restart: str, core: bool, crashed: bool, now: float, jitter: float
) -> tuple[Record, Decision]:
    """Decide on one ending.

    restart  permanent: always again, a normal ending counts as a crash; transient: only after a crash; temporary: never
    core     too many crashes end the process; otherwise they end in quarantine
    jitter   0..1, where in the range of delays to start again (full jitter)
    """
    if restart == "temporary" or (restart == "transient" and not crashed):
        return record, Leave()
    record = _with_crash(record, policy, now)
    if len(record.crashes) >= policy.crashes or record.on_trial:
        return (record, Escalate()) if core else (replace(record, on_trial=True), Rest(policy.retry_s))
    return record, StartAgain(jitter * _ceiling_s(policy, record.row))


def _with_crash(record: Record, policy: Policy, now: float) -> Record:
    stable = is_stable(record, policy, now)
    recent = tuple(at for at in record.crashes if now - at < policy.window_s)
    return replace(
        record, crashes=(*recent, now), row=1 if stable else record.row + 1, on_trial=record.on_trial and not stable
    )


def _ceiling_s(policy: Policy, row: int) -> float:
    return min(policy.longest_s, policy.first_s * 2.0 ** min(row - 1, 30))
