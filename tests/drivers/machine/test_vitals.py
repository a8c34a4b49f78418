from drivers.machine import vitals
from runtime.core.machine import Vitals

STAT = "cpu  {busy} 0 0 5000 10 0 0 0 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1\nbtime 1700000000\n"
MEMORY = "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    600 kB\nHugePages_Total:   0\n"


def proc(folder, busy):
    (folder / "self").mkdir(exist_ok=True)
    (folder / "stat").write_text(STAT.format(busy=busy))
    (folder / "meminfo").write_text(MEMORY)
    (folder / "self" / "status").write_text("Name:\twattkeeper\nVmRSS:\t   80 kB\n")
    return folder


def test_the_first_look_knows_everything_but_the_load(tmp_path):
    seen = vitals.look(tmp_path, Vitals(), 0.0, proc(tmp_path, 100))
    assert seen.cpu_pct is None and seen.booted_ts == 1_700_000_000
    assert (seen.memory_bytes, seen.memory_free_bytes, seen.own_bytes) == (1000 * 1024, 600 * 1024, 80 * 1024)
    assert 0 < seen.disk_free_bytes <= seen.disk_bytes


def test_the_load_is_that_since_the_last_look_over_all_cores(tmp_path, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    before = vitals.look(tmp_path, Vitals(), 0.0, proc(tmp_path, 100))
    after = vitals.look(tmp_path, before, 10.0, proc(tmp_path, 1100))  # ten seconds of work in ten on two cores
    assert after.cpu_pct == 50.0


def test_a_machine_that_tells_nothing_is_no_error(tmp_path):
    seen = vitals.look(tmp_path, Vitals(), 0.0, tmp_path / "nothing")
    assert seen.memory_bytes is None and seen.booted_ts is None
