"""What administrators do to users and tokens, as pure changes: each gives the next ``Access`` or refuses.

raises  WattkeeperError user_unknown, user_name_form, user_name_reserved, user_name_taken, token_name_taken,
        user_too_many, pin_used, last_administrator,
        own_rights, version_stale, set_up_already, token_unknown, token_name_form, token_too_many
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from runtime.core.access.access import Access, Rights, Token, User, first_users
from runtime.core.access.likeness import TOKEN, is_mixed, is_reserved, skeleton
from runtime.core.access.screen import Screen
from runtime.core.text.edge import text_fault
from runtime.errors import WattkeeperError

Kept = TypeVar("Kept")

NAME_LONGEST = 40
MOST_USERS, MOST_TOKENS = 100, 100


@dataclass(frozen=True, slots=True)
class Codes:
    """PIN and PUK as they are kept."""

    index: str
    code: str


@dataclass(frozen=True, slots=True)
class AddUser:
    name: str
    rights: Rights
    codes: Codes | None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class EditUser:
    """None leaves as it is. ``version`` is the one the edit was made from, 0 = whatever it is."""

    id: int
    version: int = 0
    name: str | None = None
    rights: Rights | None = None
    codes: Codes | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class RemoveUser:
    id: int


@dataclass(frozen=True, slots=True)
class AddToken:
    name: str
    key: str
    rights: Rights
    ends_ts: int = 0
    screen: Screen | None = None


@dataclass(frozen=True, slots=True)
class RemoveToken:
    id: int


@dataclass(frozen=True, slots=True)
class SetUp:
    """The first codes of the administrator; taken once."""

    codes: Codes


@dataclass(frozen=True, slots=True)
class SetWatched:
    """For how long a page of live values keeps a session alive that nobody uses, 0 = not at all."""

    watched_s: int


Change = AddUser | EditUser | RemoveUser | AddToken | RemoveToken | SetUp | SetWatched


@dataclass(frozen=True, slots=True)
class By:
    """Who changes: ``user`` and ``session`` are 0 for the machine itself and for programs."""

    name: str
    user: int = 0
    session: int = 0


def apply_change(access: Access, change: Change, by: By, now_ts: int) -> Access:
    match change:
        case AddUser():
            return _add_user(access, change)
        case EditUser():
            return _edit_user(access, change, by)
        case RemoveUser():
            return _remove_user(access, change, by)
        case AddToken():
            return _add_token(access, change, by, now_ts)
        case RemoveToken():
            if change.id not in access.tokens:
                raise WattkeeperError("token_unknown", "there is no such token")
            return replace(access, tokens=_without(access.tokens, change.id))
        case SetUp():
            return _set_up(access, change)
        case SetWatched(watched_s=watched_s):
            return replace(access, watched_s=watched_s)


def describe_change(access: Access, change: Change, by: By) -> tuple[str, str]:
    """(code, detail) of the event that tells of a change; ``access`` before it."""
    match change:
        case AddUser(name=name):
            return "user_added", f"{name.strip()} by {by.name}"
        case EditUser(id=id):
            what = [word for word in ("name", "rights", "codes", "enabled") if getattr(change, word) is not None]
            return "user_changed", f"{access.users[id].name}: {', '.join(what) or 'nothing'} by {by.name}"
        case RemoveUser(id=id):
            ended = ", ".join(token.name for token in tokens_of(access, access.users[id].name))
            return "user_removed", f"{access.users[id].name} by {by.name}" + (
                f"; tokens ended: {ended}" if ended else ""
            )
        case AddToken(name=name, screen=screen):
            return "screen_added" if screen else "token_added", f"{name.strip()} by {by.name}"
        case RemoveToken(id=id):
            gone = access.tokens[id]
            return "screen_removed" if gone.screen else "token_removed", f"{gone.name} by {by.name}"
        case SetUp():
            return "set_up_done", f"by {by.name}"
        case SetWatched(watched_s=watched_s):
            return "idle_time_changed", f"{watched_s // 60} min by {by.name}"


def set_up_again(access: Access, codes: Codes) -> Access:
    """The way back in: the administrator's own codes and rights, everything open is ended."""
    first = first_users()[0]
    _pin_free(access, codes, first.id)
    known = access.users or {user.id: user for user in first_users()}
    before = known.get(first.id)
    name = before.name if before else _free_name(known, first.name)
    administrator = replace(
        first, name=name, index=codes.index, code=codes.code, version=before.version + 1 if before else 1
    )
    users = {
        id: replace(user, index="", code="", factory=False, version=user.version + 1) if user.factory else user
        for id, user in known.items()
    }
    users[first.id] = administrator
    used = {**access.used, "user": max(*users, access.used.get("user", 0))}
    return replace(access, set_up="done", users=dict(sorted(users.items())), sessions={}, browsers={}, used=used)


def _add_user(access: Access, change: AddUser) -> Access:
    if len(access.users) >= MOST_USERS:
        raise WattkeeperError("user_too_many", f"there are {MOST_USERS} users already")
    name = _name_for(access, change.name, 0)
    _pin_free(access, change.codes, 0)
    id = access.used.get("user", 0) + 1
    user = User(id, name, change.rights, enabled=change.enabled)
    if change.codes is not None:
        user = replace(user, index=change.codes.index, code=change.codes.code)
    return replace(access, users={**access.users, id: user}, used={**access.used, "user": id})


def _edit_user(access: Access, change: EditUser, by: By) -> Access:
    before = _user(access, change.id)
    if change.version and change.version != before.version:
        raise WattkeeperError("version_stale", f"{before.name} was changed meanwhile")
    own = change.id == by.user
    raised = change.rights is not None and change.rights != before.rights
    if own and (raised or change.enabled is False):
        raise WattkeeperError("own_rights", "nobody changes his own rights")
    after = replace(before, version=before.version + 1)
    if change.name is not None:
        after = replace(after, name=_name_for(access, change.name, change.id))
        access = _renamed(access, before.name, after.name)
    if change.rights is not None:
        after = replace(after, rights=change.rights)
    if change.enabled is not None:
        after = replace(after, enabled=change.enabled)
    if change.codes is not None:
        _pin_free(access, change.codes, change.id)
        after = replace(after, index=change.codes.index, code=change.codes.code, factory=False)
    made = replace(access, users={**access.users, change.id: after})
    _someone_administers(access, made)
    if change.codes is not None:
        made = _forgotten(made, change.id, keep=by.session if own else 0, browsers=True)
    elif raised or after.enabled != before.enabled:
        made = _forgotten(made, change.id, browsers=not after.enabled)
    return made


def _remove_user(access: Access, change: RemoveUser, by: By) -> Access:
    _user(access, change.id)
    if change.id == by.user:
        raise WattkeeperError("own_rights", "nobody removes himself")
    ended = {token.id for token in tokens_of(access, access.users[change.id].name)}
    tokens = {id: token for id, token in access.tokens.items() if id not in ended}
    made = replace(access, users=_without(access.users, change.id), tokens=tokens)
    _someone_administers(access, made)
    return _forgotten(made, change.id, browsers=True)


def tokens_of(access: Access, name: str) -> tuple[Token, ...]:
    """Those that a user made, and those that were made with them."""
    makers, found = {name}, []
    for token in sorted(access.tokens.values(), key=lambda token: token.id):  # a token is younger than what made it
        if token.by in makers:
            makers.add(TOKEN + token.name)
            found.append(token)
    return tuple(found)


def _add_token(access: Access, change: AddToken, by: By, now_ts: int) -> Access:
    if len(access.tokens) >= MOST_TOKENS:
        raise WattkeeperError("token_too_many", f"there are {MOST_TOKENS} tokens already")
    name = _clean(change.name)
    if not name:
        raise WattkeeperError("token_name_form", f"a name has 1 to {NAME_LONGEST} characters")
    if is_mixed(name) or any(skeleton(token.name) == skeleton(name) for token in access.tokens.values()):
        raise WattkeeperError("token_name_taken", "another token has this name, or one that looks like it")
    id = access.used.get("token", 0) + 1
    token = Token(id, name, change.key, change.rights, by.name, now_ts, change.ends_ts, change.screen)
    return replace(access, tokens={**access.tokens, id: token}, used={**access.used, "token": id})


def _set_up(access: Access, change: SetUp) -> Access:
    if access.set_up == "done":
        raise WattkeeperError("set_up_already", "this server is set up already")
    return set_up_again(replace(access, users={}, tokens={}), change.codes)


def _forgotten(access: Access, user: int, *, keep: int = 0, browsers: bool) -> Access:
    """Without the sessions of a user, and without the browsers that know him."""
    sessions = {id: each for id, each in access.sessions.items() if each.user != user or id == keep}
    left = {id: each for id, each in access.browsers.items() if not browsers or each.user != user}
    return replace(access, sessions=sessions, browsers=left)


def _user(access: Access, id: int) -> User:
    if id not in access.users:
        raise WattkeeperError("user_unknown", "there is no such user")
    return access.users[id]


def _someone_administers(before: Access, after: Access) -> None:
    def some(access: Access) -> bool:
        return any(user.administers for user in access.users.values())

    if some(before) and not some(after):
        raise WattkeeperError("last_administrator", "somebody must be able to change users")


def _pin_free(access: Access, codes: Codes | None, but: int) -> None:
    if codes is not None and any(user.index == codes.index for id, user in access.users.items() if id != but):
        raise WattkeeperError("pin_used", "another user has this PIN")


def _name_for(access: Access, text: str, but: int) -> str:
    name = _clean(text)
    if not name:
        raise WattkeeperError("user_name_form", f"a name has 1 to {NAME_LONGEST} characters")
    kept = but in access.users and access.users[but].name == name
    if not kept and (is_reserved(name) or is_mixed(name)):
        raise WattkeeperError("user_name_reserved", "the name could be taken for another's")
    if any(skeleton(user.name) == skeleton(name) for id, user in access.users.items() if id != but):
        raise WattkeeperError("user_name_taken", "another user has this name, or one that looks like it")
    return name


def _renamed(access: Access, before: str, after: str) -> Access:
    """Whoever made a token is known by his name of today."""
    tokens = {id: replace(token, by=after) if token.by == before else token for id, token in access.tokens.items()}
    return replace(access, tokens=tokens)


def _free_name(users: Mapping[int, User], name: str) -> str:
    taken = {user.name.casefold() for user in users.values()}
    names = (name, *(f"{name} {number}" for number in range(2, MOST_USERS + 3)))
    return next(each for each in names if each.casefold() not in taken)


def _clean(text: str) -> str:
    """A name that can stand in a line: "" when it cannot."""
    name = unicodedata.normalize("NFC", text).strip()
    return name if not text_fault(name, NAME_LONGEST) else ""


def _without(kept: Mapping[int, Kept], id: int) -> dict[int, Kept]:
    return {each: value for each, value in kept.items() if each != id}
