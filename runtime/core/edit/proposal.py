"""What an edit would make of the newest tree: checked as a whole, dated, with what it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from runtime.core.accounting.assignments import date_changes
from runtime.core.edit.edits import Edit
from runtime.core.site.diff import Change, changes_between
from runtime.core.site.installation import Installation
from runtime.errors import ConfigError, Fault

Mark = Callable[[Installation], Installation]
Check = Callable[[Installation], Sequence[Fault]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """``installation`` has the next version; without ``changes`` it is the tree that there was, or only the
    maps have changed and with them whose values are doubted."""

    installation: Installation
    changes: tuple[Change, ...]


def propose(
    before: Installation, edit: Edit, check: Check, now_ts: int, mark: Mark = lambda installation: installation
) -> Proposal:
    """Raises ConfigError with every fault that the edit brings in; nothing has happened then.

    mark  notes in the tree what follows from it and from the maps: whose values are doubted
    """
    after = mark(edit(before))
    changes = changes_between(before, after)
    if not changes and after.doubted == before.doubted:
        return Proposal(before, ())
    faults = check(_edited_last(after, changes)) if changes else ()
    if faults and (new := _new(faults, check(before), changes)):
        raise ConfigError(new)
    next_one = replace(date_changes(before, after, now_ts), version=before.version + 1)
    return Proposal(next_one, changes)


def _edited_last(after: Installation, changes: Sequence[Change]) -> Installation:
    """The same, in an order in which what was edited comes second wherever two want the same name or address.

    The order of cost rules and prices means something and stays.
    """
    touched = {(change.kind, change.id) for change in changes}
    for resource in after.resources.edited:
        ids = {id for word, id in touched if word == resource.word}
        if ids and not resource.order:
            after = after.having(resource, sorted(after.of(resource), key=lambda spec: spec.id in ids))
    return after


def _new(faults: Sequence[Fault], before: Sequence[Fault], changes: Sequence[Change]) -> list[Fault]:
    """A fault that was there already does not keep people from mending another, unless the edit is about its object."""
    touched = {(change.kind, change.id) for change in changes}
    old = {_key(fault) for fault in before}
    return [fault for fault in faults if _key(fault) not in old or (fault.kind, fault.id) in touched]


def _key(fault: Fault) -> tuple[object, ...]:
    return fault.kind, fault.id, fault.field, fault.code
