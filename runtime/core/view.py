"""Read-only snapshots that owners publish and everybody else reads.

A view is replaced as a whole, never changed: a reader that holds one sees one consistent moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from runtime.viewboard import ViewKey, ViewKeys


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something does not work: a stable code for translation, English detail for the log."""

    code: str
    message: str
    since_ms: int


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One device now. Published by its gateway as ``device.ID``.

    state       "unknown" (not read yet), "on", "off", "communication_error", "configuration_error"
    quantities  one id per value slot, the same tuple object until the map changes
    values_n    counts of each quantity's step; None = no value; a str for text quantities
    ts_ms       UTC ms of each value's reading, 0 = never
    quality     Quality of each value as int
    """

    id: int
    name: str
    gateway: int
    state: str
    quantities: tuple[str, ...] = ()
    values_n: tuple[int | str | None, ...] = ()
    ts_ms: tuple[int, ...] = ()
    quality: tuple[int, ...] = ()
    trouble: Trouble | None = None
    model: str = ""
    address: str = ""
    trust: str = "published"
    stale_after_s: int = 30
    version: int = 0  # grows with each answer and each change


@dataclass(frozen=True, slots=True)
class DeviceAge:
    """How old the most often read values of a device get, in seconds.

    promised_s  computed from the plan of its bus, as long as it answers
    measured_s  what the age stayed below in 99 % of the time; None = not read twice yet
    """

    device: int
    promised_s: float
    measured_s: float | None = None


@dataclass(frozen=True, slots=True)
class BusView:
    """One bus now. Published by it as ``bus.ID``. Counts are since its start; ``at`` is monotonic s."""

    id: int
    connected: bool = False
    polls: int = 0
    errors: dict[str, int] = field(default_factory=dict)  # by code; replaced, never changed
    utilisation_pct: float = 0.0
    round_s: float = 0.0
    trouble: Trouble | None = None
    at: float = 0.0
    ages: tuple[DeviceAge, ...] = ()
    polls_per_s: float = 0.0
    possible_per_s: float = 0.0  # what its line could do, 0 = not known yet
    budget_per_s: float = 0.0  # what it may do at most, 0 = no limit


@dataclass(frozen=True, slots=True)
class GatewayView:
    """One gateway now. Published by it as ``gateway.ID``. State: "on", "off", "communication_error"."""

    id: int
    name: str
    url: str
    state: str
    devices: tuple[int, ...] = ()
    round_s: float = 0.0
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class RecorderView:
    """The recorder now. Published as ``recorder``."""

    last_commit_ms: int = 0
    rows: int = 0
    commits: int = 0
    due_since_ms: int = 0  # oldest due slot not yet committed, 0 = none
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A service on the event loop. ``state`` is "waiting" to be started, "running", "quarantined" or "ended"."""

    name: str
    state: str
    core: bool = False
    restarts: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class SafeMode:
    """No device is read, since the last starts failed. ``left_ts`` is when it ends by itself if all stays well."""

    failed_starts: int
    left_ts: int


@dataclass(frozen=True, slots=True)
class LoopView:
    """The event loop works. Published as ``loop`` twice a second; ``at`` is monotonic seconds."""

    at: float
    services: tuple[ServiceState, ...] = ()


@dataclass(frozen=True, slots=True)
class JobState:
    """A piece of heavy work. ``since_ms`` is UTC when it began, or began to wait; ``progress`` what it looks at now."""

    job: str
    since_ms: int
    progress: str = ""


@dataclass(frozen=True, slots=True)
class JobsView:
    """The queue of heavy work, one at a time. Published as ``jobs``."""

    at_work: JobState | None = None
    waiting: tuple[JobState, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job of the archivist ended. ``job``: "backup", "medium", "verify"; ``code`` "" = it went well."""

    job: str
    at_ms: int
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ArchivistView:
    """The archivist now. Published as ``archivist``. Times are UTC ms, 0 = never.

    packs       whether old samples are being packed because somebody asked for it
    backup_ms, copied_ms, verified_ms  when each last went well
    outcomes    the newest of each job
    trouble     what the newest of them complained of
    written     (bytes, seconds): what the program wrote to the disk since it was started; None = nobody counts
    shrinks     the file is written anew at the next start
    """

    packs: bool = False
    backup_ms: int = 0
    verified_ms: int = 0
    blocks: int = 0
    trouble: Trouble | None = None
    copied_ms: int = 0
    outcomes: tuple[Outcome, ...] = ()
    written: tuple[int, int] | None = None
    shrinks: bool = False

    def last(self, job: str) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.job == job), None)


@dataclass(frozen=True, slots=True)
class RecomputeView:
    """The newest recomputation of costs. Published by the recorder as ``recompute``.

    state  "running", "done", "cancelled"
    days   how many there are, and how many are done; days as ``date.toordinal()`` counts
    """

    first_day: int
    last_day: int
    done: int = 0
    state: str = "running"

    @property
    def days(self) -> int:
        return self.last_day - self.first_day + 1


@dataclass(frozen=True, slots=True)
class ChildState:
    """One supervised child. Times ending in ``_at`` are monotonic seconds.

    state        "waiting" (for its start), "running", "stuck" (no sign of life, what it holds was closed), "stopping",
                 "quarantined", "abandoned" (its thread hangs, what it says is ignored), "ended" (not started again)
    incarnation  number of this life, 0 = never started
    crashes      as many as the supervisor still counts
    depth        messages that waited in its mailbox at the last beat
    answered_at  when it last gave a sign of life
    next_at      when it is started again, 0.0 when nothing is planned
    error        what the last crash was
    """

    name: str
    state: str
    core: bool
    incarnation: int = 0
    restarts: int = 0
    crashes: int = 0
    depth: int = 0
    answered_at: float = 0.0
    next_at: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class SupervisorView:
    """All children in the order of their start. Published as ``supervisor``, at the latest every two seconds.

    at         monotonic seconds of this look
    abandoned  lives whose threads still hang
    """

    at: float = 0.0
    children: tuple[ChildState, ...] = ()
    abandoned: tuple[str, ...] = ()


# Where they are pinned. The bus of a gateway has the gateway's id.
DEVICE_VIEWS = ViewKeys[DeviceView]("device")
GATEWAY_VIEWS = ViewKeys[GatewayView]("gateway")
BUS_VIEWS = ViewKeys[BusView]("bus")
RECORDER_VIEW = ViewKey[RecorderView]("recorder")
ARCHIVIST_VIEW = ViewKey[ArchivistView]("archivist")
JOBS_VIEW = ViewKey[JobsView]("jobs")
RECOMPUTE_VIEW = ViewKey[RecomputeView]("recompute")
SAFE_MODE_VIEW = ViewKey["SafeMode | None"]("safe_mode")
LOOP_VIEW = ViewKey[LoopView]("loop")
SUPERVISOR_VIEW = ViewKey[SupervisorView]("supervisor")
