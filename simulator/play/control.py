"""The small door to a playing site: the truth behind the registers, and faults on demand. HTTP and JSON, for loopback.

GET /truth?device=NAME&at=TS        energies since the origin, power, and what the registers show; without device: all
GET /truth?device=NAME&from=TS&to=TS  energy between two moments, 0.001 Wh
GET /gateways                       addresses, modes, answers given, faults and how often each struck
POST /fault {"gateway": NAME, "mode": "normal" | "unplugged" | "silent" | "garbage"}, with "unit": N for one device only
POST /fault {"gateway": NAME, "faults": {"late": 0.01, "latency_s": 0.2}}  as in a scenario; {} = none
GET /world?device=NAME              what a device shows beside what it measures, its contacts, the letter of its charge
POST /world {"device": NAME, "set": {"breaker_state": "tripped"}}  something happens to it: a trip, a pressed input
POST /world {"device": NAME, "car": {"plug": "ev", "wants_a": 16, "energy_wh": 5000}}  a car comes; null: it goes
POST /world {"device": NAME, "writes": "obeys" | "ignores" | "refuses" | "contrary"}  what it does when written to
POST /calm                          nothing goes wrong any more, no event either
Times are UTC seconds, with decimals where wanted; the present when left out.
"""

from __future__ import annotations

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from simulator.play.play import Play, Refusal

ANSWER_S = 10.0


class Control:
    """Answers HTTP in threads of its own; all work is handed to the play's loop."""

    def __init__(self, play: Play, host: str, port: int) -> None:
        """raises  OSError when the port is taken"""
        loop = asyncio.get_running_loop()

        def ask(method: str, path: str, body: bytes) -> tuple[int, Any]:
            return asyncio.run_coroutine_threadsafe(_handle(play, method, path, body), loop).result(ANSWER_S)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def _answer(self, body: bytes) -> None:
                status, document = ask(self.command, self.path, body)
                out = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(out)))
                self.end_headers()
                self.wfile.write(out)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet: what is asked here is no news."""

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="control", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def close(self) -> None:
        """Not from the loop's own thread while a request waits for it: hand it to an executor."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(1.0)


async def _handle(play: Play, method: str, path: str, body: bytes) -> tuple[int, Any]:
    parts = urlsplit(path)
    try:
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        if (method, parts.path) == ("GET", "/truth"):
            return 200, play.truth(query)
        if (method, parts.path) == ("GET", "/gateways"):
            return 200, play.state()
        if (method, parts.path) == ("POST", "/fault"):
            wish = json.loads(body)
            if not isinstance(wish, dict):
                raise Refusal("not a JSON object")
            return 200, await play.fault(wish)
        if (method, parts.path) == ("GET", "/world"):
            return 200, play.world(query)
        if (method, parts.path) == ("POST", "/world"):
            wish = json.loads(body)
            if not isinstance(wish, dict):
                raise Refusal("not a JSON object")
            return 200, play.change_world(wish)
        if (method, parts.path) == ("POST", "/calm"):
            return 200, await play.calm()
    except (Refusal, ValueError) as error:
        return 400, {"error": str(error)}
    except OSError as error:
        return 409, {"error": str(error)}
    return 404, {"error": f"nothing at {parts.path}"}
