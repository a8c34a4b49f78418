from drivers.tool.recording import frame_text, record
from runtime.core.decode.compiled import compile_map
from runtime.errors import Refused
from tests.drivers.tool.test_reading import PLUGINS, FrameLine
from tests.frames import frame as frames


class WithoutIdentity(FrameLine):
    def transact(self, request, timeout_s):
        if request.at == 0xC350:
            raise Refused(2, "no such register")
        return super().transact(request, timeout_s)


def test_a_recording_means_what_the_device_meant(tmp_path, monkeypatch):
    for id in ("legrand-412045", "ime-nemo-96hd", "gavazzi-em24"):
        known = frames.read_frame(id)
        found = PLUGINS.map_of(id)
        recording = record(FrameLine(id), found, compile_map(found), 5)
        (tmp_path / f"{id}.toml").write_text(frame_text(id, recording), encoding="utf-8")
        with monkeypatch.context() as patched:
            patched.setattr(frames, "FOLDER", tmp_path)
            written = frames.read_frame(id)
        assert written.origin == "device"
        assert written.expected_n() == known.expected_n()
        assert frames.decode(compile_map(found), written) == known.expected_n()


def test_identification_registers_may_be_refused():
    found = PLUGINS.map_of("socomec-c550")
    recording = record(WithoutIdentity("socomec-c550"), found, compile_map(found), 5)
    assert 0xC350 not in [request.at for request, _ in recording.replies]
    assert recording.values["voltage_l1_v"] is not None
