"""A private nginx in front of the program, with the configuration that docker-compose.yml gives it."""

import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .machine import Missing, apt_install, find, free_port

TEMPLATE = Path(__file__).resolve().parents[2] / "reform_tracker" / "nginx" / "default.conf.template"
# What stands around the template in the image of nginx, and folders of its own for what it keeps meanwhile.
MAIN = """
daemon off; pid {folder}/pid; worker_processes 1; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; default_type application/octet-stream;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/default.conf;
}}
"""


@dataclass
class Front:
    """A running nginx at `port` of 127.0.0.1."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def nginx() -> Path:
    """Return nginx's program. Raises Missing."""
    program = find("nginx", folders="/usr/sbin")
    if program is None and apt_install("nginx-light"):
        program = find("nginx", folders="/usr/sbin")
    if program is None:
        raise Missing("nginx: apt-get install nginx-light")
    return program


def start(upstream: str, *, behind_proxy: bool = False) -> Front:
    """Start nginx in front of `upstream`, host and port; it also ends when this process is killed."""
    folder, port = Path(tempfile.mkdtemp(prefix="reform-tracker-nginx-")), free_port()
    folder.chmod(0o755)  # its workers run as somebody else when this is root
    values = {"${UPSTREAM}": upstream, "${BEHIND_PROXY}": str(behind_proxy).lower()}
    rendered = TEMPLATE.read_text(encoding="utf-8").replace("listen 8080;", f"listen 127.0.0.1:{port};")
    for name, value in values.items():
        assert name in rendered
        rendered = rendered.replace(name, value)
    (folder / "default.conf").write_text(rendered, encoding="utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
    command = [nginx(), "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    process = subprocess.Popen(["setpriv", "--pdeathsig=TERM", "--", *command], process_group=0)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return Front(folder, port, process)
    process.kill()
    raise RuntimeError(f"nginx did not start:\n{(folder / 'error.log').read_text()}")
