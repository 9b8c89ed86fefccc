"""nginx in front of the program: half-sent requests take nobody's place, and the program hears who came how."""

import contextlib
import http.client
import http.server
import re
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from reform_tracker.supervisor import Program, Supervisor
from tests.surroundings import front
from tests.surroundings.machine import free_port
from tests.surroundings.stack import (
    ROOT,
    Stack,
    elsewhere,
    environment,
    wait_for,
    web_command,
    written_elsewhere,
)

pytestmark = pytest.mark.once
HALF_OPEN = 200
HALF = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le"
PATIENCE = 4  # seconds; a page takes tenths of one


@pytest.fixture(scope="module")
def web(seeded, tmp_path_factory) -> Iterator[Stack]:
    """Gunicorn as docker-compose.yml starts it, on a copy of the demonstration's data."""
    port = free_port()
    folder = tmp_path_factory.mktemp("web")
    env = environment(
        folder,
        PORT=str(port),
        STATIC_DIR=str(seeded.static),
        DATABASE_URL=seeded.database_url,
        BEHIND_PROXY="true",
    )
    if not seeded.database_url:
        env["DATABASE_URL"] = f"sqlite:///{seeded.folder / 'reform_tracker.sqlite3'}"
    supervisor = Supervisor(say=print)
    supervisor.start(Program("web", web_command(port), ROOT, env | elsewhere(folder)))
    try:
        wait_for(Stack(env))
        yield Stack(env)
    finally:
        supervisor.stop()


@pytest.fixture(scope="module")
def nginx(web) -> Iterator[front.Front]:
    running = front.start(f"127.0.0.1:{web.env['PORT']}")
    yield running
    running.stop()


@contextlib.contextmanager
def half_open(port: int) -> Iterator[list[socket.socket]]:
    """Keep 200 requests half sent."""
    with contextlib.ExitStack() as kept:
        connections = [
            kept.enter_context(socket.create_connection(("127.0.0.1", port), 5)) for _ in range(HALF_OPEN)
        ]
        for connection in connections:
            connection.sendall(HALF)
        time.sleep(0.5)
        yield connections


def ask(port: int, path: str = "/login", **headers: str) -> http.client.HTTPResponse:
    asker = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    asker.request("GET", path, headers=headers)
    return asker.getresponse()


def test_the_web_server_writes_nothing_outside_its_folder(web):
    assert ask(int(web.env["PORT"])).status == 200
    assert written_elsewhere(web.var_dir) == []


def test_nobody_notices_two_hundred_half_sent_requests(nginx):
    with half_open(nginx.port) as connections:
        for _ in range(20):
            answer = ask(nginx.port)
            assert answer.status == 200
            assert "严禁填报涉密信息" in answer.read().decode()
        connections[0].setblocking(False)
        with pytest.raises(BlockingIOError):  # still open, still waiting for its end
            connections[0].recv(1)


def test_without_nginx_they_stop_the_program(web):
    port = int(web.env["PORT"])
    with half_open(port), pytest.raises(TimeoutError):
        for _ in range(20):  # on a busy machine not every thread has taken up one of them yet
            ask(port)
    wait_for(web)  # given up, they are gone


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with what it was told of whoever asked."""

    def do_GET(self) -> None:
        told = f"{self.headers['X-Forwarded-Proto']} {self.headers['X-Forwarded-For']} {self.headers['Host']}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("behind_proxy", "heard"),
    [(False, "http 127.0.0.1 yigai.test"), (True, "https 10.9.9.9 yigai.test")],
    ids=["a browser is not believed", "a gateway is"],
)
def test_the_program_hears_how_and_from_where_people_came(behind_proxy, heard):
    echo = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=echo.serve_forever, daemon=True).start()
    running = front.start(f"127.0.0.1:{echo.server_port}", behind_proxy=behind_proxy)
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.9.9.9", "Host": "yigai.test"}
    try:
        assert ask(running.port, "/", **said).read().decode() == heard
        assert ask(running.port, "/nginx-alive").read() == b"ok\n"
    finally:
        running.stop()
        echo.shutdown()


def test_a_head_has_no_body(web):
    """Asked of the server itself: nginx would take a body away."""
    with socket.create_connection(("127.0.0.1", int(web.env["PORT"])), 5) as asking:
        asking.sendall(b"HEAD /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: asking.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert int(re.search(rb"Content-Length: (\d+)", head)[1]) > 1000
    assert body == b""
