"""What the actor and the event loop share: one publishes images, the other says who reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runtime.core.modbus.answer import RegisterImage
from runtime.core.modbusserver.serverview import MasterState


@dataclass(slots=True)
class ImageBoard:
    """Each field is replaced as a whole, which is atomic: no reader sees half of anything."""

    images: Mapping[int, RegisterImage] = field(default_factory=dict)
    masters: tuple[MasterState, ...] = ()
    refused: int = 0
