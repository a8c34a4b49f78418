"""A kind of device whose decoder is code; and the one way from any kind of device to its decoder."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.decode.compiled import compile_map
from runtime.core.decode.decoder import Decoder
from runtime.core.map.commandrow import CommandRow
from runtime.core.map.devicemap import DeviceMap
from runtime.core.map.devicemodel import DeviceModel


@dataclass(frozen=True, slots=True)
class CodedModel:
    """A ``DeviceModel`` that brings its decoder along; id and trust are the decoder's."""

    title: str
    source: str
    decoder: Decoder
    maker: str = ""
    models: tuple[str, ...] = ()
    note: str = ""
    aliases: tuple[str, ...] = ()
    side_stride: int = 0
    beside: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.decoder.id

    @property
    def trust(self) -> str:
        return self.decoder.trust

    @property
    def protocol(self) -> str:
        return self.decoder.protocol

    @property
    def measured(self) -> tuple[str, ...]:
        return self.decoder.quantities

    @property
    def commands(self) -> tuple[CommandRow, ...]:
        return tuple(self.decoder.commands.values())

    @property
    def interface_stride(self) -> int:
        return self.decoder.interface_stride


def decoder_of(model: DeviceModel) -> Decoder:
    """Raises ValueError for a kind of model that nobody knows to read."""
    if isinstance(model, DeviceMap):
        return compile_map(model)
    if isinstance(model, CodedModel):
        return model.decoder
    raise ValueError(f"{model.id} is neither a map nor a model with a decoder")
