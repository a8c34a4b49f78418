"""The hooks that a driver may answer. All of them; a hook comes only with a driver that uses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pluggy

from runtime.core.alert.outletkind import OutletKind
from runtime.core.map.family import Family
from runtime.core.source.scheme import Scheme

PROJECT = "wattkeeper"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def gateways(settings: Mapping[str, Any]) -> Iterable[Scheme]:  # type: ignore[empty-body]
    """Ways to reach devices.

    settings  the plugin's own table of plugins.toml; an implementation may leave it out
    """


@hookspec
def families(settings: Mapping[str, Any]) -> Iterable[Family]:  # type: ignore[empty-body]
    """Kinds of devices. Making them reads no device and opens no connection."""


@hookspec
def outlets(settings: Mapping[str, Any]) -> Iterable[OutletKind]:  # type: ignore[empty-body]
    """Kinds of outlets: where messages can be delivered. Making one opens no connection."""
