"""A reverse proxy as people put one before the server: it takes its path off and says who calls."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_OWN = ("connection", "keep-alive", "transfer-encoding", "host")


@contextmanager
def reverse_proxy(port: int, prefix: str) -> Iterator[str]:
    """The address of the pages behind it; whatever is not below ``prefix`` is 404."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            if self.path != prefix and not self.path.startswith(f"{prefix}/"):
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN}
            headers |= {"Host": self.headers["Host"], "X-Forwarded-For": "198.51.100.9", "X-Forwarded-Proto": "http"}
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
                line.request(self.command, self.path.removeprefix(prefix) or "/", body or None, headers)
                answer = line.getresponse()
                content = answer.read()
            with suppress(ConnectionError):  # the browser went on to another page
                self.pass_back(answer, content)

        def pass_back(self, answer: http.client.HTTPResponse, content: bytes) -> None:
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in (*_OWN, "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

        def log_message(self, format: str, *args: object) -> None:
            """Tests read answers, not this."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.block_on_close = False  # browsers keep connections
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}{prefix}"
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
