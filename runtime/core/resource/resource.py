"""A resource: one row of the registry says all there is to know of a thing that is configured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

from runtime.core.resource.key import LAST_ID, MISSING, Key
from runtime.core.resource.reference import Reference
from runtime.core.resource.schema import Row, by_field
from runtime.errors import Fault

S = TypeVar("S")

Report = Callable[..., None]  # (word, id, key, code, message, hint, facts)


class Tree(Protocol):
    """The installation, as rows know it."""

    @property
    def used(self) -> Mapping[str, int]:
        """Word -> highest number ever given."""

    def of(self, resource: Resource[S]) -> tuple[S, ...]:
        """All objects of a resource."""

    def having(self, resource: Resource[S], specs: Iterable[S], used: Mapping[str, int] | None = None) -> Self:
        """The tree with these in their place. ``used``: numbers given beside those it knows."""


class Merge(Protocol):
    """Rows of a file or of an edit brought into the tree; faults are added to the list."""

    def __call__(self, tree: Any, rows: Iterable[Row], file: str, faults: list[Fault], *, replace_all: bool) -> Any: ...


def _nothing(tree: Any, report: Report) -> None:
    """Nothing must hold beside what the keys and references say."""


@dataclass(frozen=True, slots=True, eq=False)
class Resource(Generic[S]):
    """One row. Most need the first four and their references; the rest is for what is peculiar.

    word, plural  as in messages and files ([[word]]), and in addresses and records
    spec          frozen dataclass of one object, with an ``id``
    keys          what a file and an edit may say of it
    references    to objects of others
    fixed         keys that no edit of one object sets, beside the id
    see           pages of which one must be open to who reads it
    unknown       code of a reference to one that is not there
    unique        keys of which no two rows of a file may say the same
    names_within  a name is unique among those of the same value of this field; "" = among all
    order         the order of the list means something; the name under which changes of it are noted
    last_id       the highest number that is given
    is_edited     False: nobody configures it, it is kept for what was recorded
    check         what must hold in the whole tree
    on_change     (tree, before, after) -> tree: what else an edit changes; raises ConfigError to refuse it
    on_erase      (tree, spec) -> tree: the same before it goes
    position      (tree, spec) -> where in the list a new one stands
    merge         takes rows otherwise than by number and name
    file_row      an object as its table in a file, where it is not the values that differ from the defaults
    restored      the spec from its record, where lists do not simply become tuples
    """

    word: str
    plural: str
    spec: type[S]
    keys: Mapping[str, Key]
    _: KW_ONLY
    references: tuple[Reference, ...] = ()
    fixed: tuple[str, ...] = ()
    see: tuple[str, ...] = ("system_configuration",)
    unknown: str = "reference_unknown"
    unique: tuple[str, ...] = ("id", "name")
    names_within: str = ""
    order: str = ""
    last_id: int = LAST_ID
    is_edited: bool = True
    check: Callable[[Any, Report], None] = _nothing
    on_change: Callable[[Any, Any, Any], Any] = lambda tree, before, after: tree
    on_erase: Callable[[Any, Any], Any] = lambda tree, spec: tree
    position: Callable[[Any, Any], int] = lambda tree, spec: LAST_ID
    merge: Merge | None = None
    file_row: Callable[[Any], dict[str, object]] | None = None
    restored: Callable[[Mapping[str, Any]], Any] | None = None

    def build(self, values: Mapping[str, Any]) -> S:
        """A new object of checked values. A name that may be left out is "" until it is given one."""
        named = {"name": ""} if "name" in self.keys else {}
        return self.spec(**{**named, **by_field(values, self)})

    def describe(self, spec: S) -> dict[str, object]:
        """An object as its table in a file, without what goes without saying."""
        if self.file_row is not None:
            return self.file_row(spec)
        values = {key: getattr(spec, rule.field or key) for key, rule in self.keys.items()}
        return {key: value for key, value in values.items() if value != self.keys[key].default}

    def restore(self, record: Mapping[str, Any]) -> S:
        """An object from its record; lists stand for tuples."""
        if self.restored is not None:
            made: S = self.restored(record)
            return made
        return self.spec(**{name: tuple(value) if isinstance(value, list) else value for name, value in record.items()})

    def is_needed(self, reference: Reference) -> bool:
        """Whether there must be something to refer to."""
        return self.keys[reference.key].default is MISSING
