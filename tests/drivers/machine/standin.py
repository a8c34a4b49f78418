"""Stand-ins for ``nmcli`` and ``timedatectl`` that print as NetworkManager 1.42 and systemd 252 do."""

import json
import os
import stat
import sys
from pathlib import Path

PROFILE = "00985518-88b7-4ec0-82d2-787a6363d65d"
FIRST = {
    "ntp": "yes",
    "time": "",
    "server": "pool.example",
    "servers": {},
    "profile": {"ipv4.method": "auto", "ipv4.addresses": "", "ipv4.gateway": "", "ipv4.dns": ""},
    "up": 0,
    "fails": "",
}


class Programs:
    """Two programs in a folder that goes first in PATH, and what they remember."""

    def __init__(self, folder, monkeypatch):
        self._state = folder / "state.json"
        self._state.write_text(json.dumps(FIRST))
        for name in ("nmcli", "timedatectl"):
            file = folder / name
            file.write_text(f"#!{sys.executable}\nimport runpy, sys\nsys.argv[0] = {name!r}\n")
            with file.open("a") as script:
                script.write(f"sys.path[:0] = [{str(Path(__file__).parents[3])!r}]\n")
                script.write(f"from tests.drivers.machine.standin import play\nplay({str(self._state)!r})\n")
            file.chmod(file.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    @property
    def state(self):
        return json.loads(self._state.read_text())

    def fail(self, words):
        """Let every change fail with these words."""
        self._state.write_text(json.dumps({**self.state, "fails": words}))


def play(state_file):
    """Be the program that ``sys.argv`` names."""
    file = Path(state_file)
    state = json.loads(file.read_text())
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    said = {"nmcli": _nmcli, "timedatectl": _timedatectl}[sys.argv[0]](words, state)
    file.write_text(json.dumps(state))
    print("\n".join(said))


def _timedatectl(words, state):
    match words:
        case ["show"]:
            return ["Timezone=Europe/Paris", "LocalRTC=no", "CanNTP=yes", f"NTP={state['ntp']}", "NTPSynchronized=yes"]
        case ["show-timesync"]:
            return [f"ServerName={state['server']}"]
        case ["set-ntp", wanted]:
            _may(state)
            state["ntp"] = "yes" if wanted == "true" else "no"
        case ["set-time", time]:
            _may(state)
            if state["ntp"] == "yes":
                _refuse("Failed to set time: Automatic time synchronization is enabled")
            state["time"] = time
        case ["ntp-servers", card, server]:
            _may(state)
            state["servers"][card] = server
        case _:
            _refuse(f"Unknown command verb {words[0]}.")
    return []


def _nmcli(words, state):
    profile = state["profile"]
    match words:
        case ["-t", "-f", "DEVICE,TYPE,STATE", "device", "status"]:
            return ["eth0:ethernet:connected", "lan\\:2:ethernet:unmanaged", "lo:loopback:unmanaged"]
        case ["-t", "-f", "GENERAL,IP4", "device", "show", "eth0"]:
            address = profile["ipv4.addresses"] or "10.0.0.7/24"
            return [
                "GENERAL.DEVICE:eth0", "GENERAL.HWADDR:4E:6D:2C:FC:18:56", f"GENERAL.CON-UUID:{PROFILE}",
                f"IP4.ADDRESS[1]:{address}", "IP4.GATEWAY:10.0.0.1", "IP4.DNS[1]:10.0.0.1", "IP4.DNS[2]:9.9.9.9",
            ]  # fmt: skip
        case ["-t", "-f", _, "connection", "show", uuid] if uuid == PROFILE:
            return [f"connection.uuid:{PROFILE}", *(f"{key}:{value}" for key, value in profile.items())]
        case ["connection", "modify", uuid, *pairs] if uuid == PROFILE:
            _may(state)
            profile.update(zip(pairs[::2], pairs[1::2], strict=True))
        case [_, "connection", "up", uuid] if uuid == PROFILE:
            if profile["ipv4.addresses"].startswith("10.99."):
                _refuse("Error: Connection activation failed: IP configuration could not be reserved", 4)
            state["up"] += 1
        case _:
            _refuse(f"Error: invalid command {words}")
    return []


def _may(state):
    if state["fails"]:
        _refuse(state["fails"])


def _refuse(words, code=1):
    print(words, file=sys.stderr)
    sys.exit(code)
