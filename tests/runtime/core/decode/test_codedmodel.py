import pytest

from runtime.core.decode.codedmodel import CodedModel, decoder_of
from runtime.core.decode.compiled import CompiledMap
from runtime.core.decode.framedecoder import FrameDecoder, FrameKind
from runtime.core.map.devicemap import parse_map, register_maps
from runtime.core.map.devicemodel import DeviceModel

ROWS = [
    {"quantity": "voltage_l1_v", "at": 0, "type": "u16"},
    {"quantity": "model_name", "at": 9, "type": "text", "words": 2, "role": "identity"},
]
MAP = parse_map({"id": "acme", "title": "ACME", "source": "list", "trust": "field", "field": ROWS}, file="")
LINE = FrameKind("", ("voltage_l1_v",), lambda payload, settings: (1,), 9.0)
CODED = CodedModel("Box", "list", FrameDecoder("box", "acme-lines", "field", (LINE,)))
CASES = [(MAP, "modbus", CompiledMap), (CODED, "acme-lines", FrameDecoder)]


@pytest.mark.parametrize(("model", "protocol", "kind"), CASES)
def test_a_map_and_a_model_of_code_answer_the_same_questions(model: DeviceModel, protocol, kind):
    assert (model.protocol, model.measured) == (protocol, ("voltage_l1_v",))
    decoder = decoder_of(model)
    assert isinstance(decoder, kind)
    assert (decoder.id, decoder.trust, decoder.protocol) == (model.id, model.trust, protocol)


def test_only_maps_are_looked_for_on_a_bus():
    assert register_maps({"acme": MAP, "box": CODED}) == {"acme": MAP}


def test_what_nobody_can_read_is_refused():
    class Other:
        id = "other"

    with pytest.raises(ValueError, match="other"):
        decoder_of(Other())
