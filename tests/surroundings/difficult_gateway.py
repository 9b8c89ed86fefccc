"""A real HTTP server with moods: it answers as it is told, keeps silent, hangs up, breaks off half way."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TAKEN = b'{"errcode": 0, "errmsg": "ok", "code": 0}'


@dataclass
class Request:
    """One request as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes

    @property
    def payload(self) -> Any:
        return json.loads(self.content)


@dataclass
class Gateway:
    """Keeps every request in `requests`. The moods below may be set while it runs."""

    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    status: int = 200
    answer: bytes | Callable[[Request], bytes] = TAKEN
    answer_headers: dict[str, str] = field(default_factory=dict)
    raw_answer: bytes = b""  # instead of all that; then it hangs up
    answer_after: float = 0  # seconds of silence after taking a request
    hang_up: bool = False  # resets the connection without an answer
    break_off: bool = False  # resets it in the middle of the answer
    close_after_each: bool = False  # ends the connection after the answer, without saying so before

    def start(self) -> None:
        """Listen on a free port."""
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"gateway": self}))
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening: connections are refused from now on. Harmless when done twice."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that did not wait for the answer."""


class _Handler(BaseHTTPRequestHandler):
    gateway: Gateway
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.gateway.connections += 1

    def do_POST(self) -> None:
        gateway = self.gateway
        content = self.rfile.read(int(self.headers["Content-Length"]))
        address = urlsplit(self.path)
        request = Request(address.path, dict(parse_qsl(address.query)), dict(self.headers.items()), content)
        gateway.requests.append(request)
        time.sleep(gateway.answer_after)
        if gateway.hang_up:
            self._reset()
        elif gateway.raw_answer:
            self.wfile.write(gateway.raw_answer)
            self.close_connection = True
        else:
            self._answer(gateway.answer(request) if callable(gateway.answer) else gateway.answer)

    do_GET = do_POST  # where a followed redirection would arrive

    def _answer(self, content: bytes) -> None:
        self.send_response(self.gateway.status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in self.gateway.answer_headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.gateway.break_off:
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            self._reset()
            return
        self.wfile.write(content)
        self.close_connection = self.gateway.close_after_each

    def _reset(self) -> None:
        """End the connection as the kernel does for a program that was killed: no farewell."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def finish(self) -> None:
        if self.connection.fileno() != -1:
            super().finish()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing: the tests look at the requests."""
