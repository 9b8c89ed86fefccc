"""A mail server that keeps a record: `python -m bench.mail_record PORT FILE SECONDS` between two letters.

A letter is in the file and on the disk before it is answered: what the file holds was delivered, whenever the
server is killed.
"""

import asyncio
import json
import os
import random
import socket
import sys
import time
from collections.abc import Sequence
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import NamedTuple

from aiosmtpd.smtp import SMTP, Envelope, Session

# How long the answer is held back after the letter is on the disk, in pauses between two letters, at most:
# whoever dies meanwhile leaves a letter that arrived and that nobody was told of.
HELD_BACK = 4


class Delivered(NamedTuple):
    """A letter that arrived."""

    identity: str
    recipient: str


def read(file: Path) -> list[Delivered]:
    """Return what arrived, in its order."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [Delivered(**json.loads(line)) for line in lines]


def command(port: int, file: Path, pause: float) -> Sequence[str]:
    """Return the command that runs the server, which takes a letter every `pause` seconds."""
    return [sys.executable, "-m", "bench.mail_record", str(port), str(file), str(pause)]


def wait_for(port: int) -> None:
    """Return when a server listens at `port`. Raises RuntimeError."""
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The mail server did not start.")


class Recorder:
    """Takes one letter after the other, at the pace of `pause`, and writes each down before it answers."""

    def __init__(self, file: Path, pause: float) -> None:
        self.file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.pause = pause
        self.turn = asyncio.Lock()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        async with self.turn:
            if self.pause:
                await asyncio.sleep(self.pause)
            headers = BytesHeaderParser().parsebytes(envelope.original_content or b"")
            for recipient in envelope.rcpt_tos:
                self._write(Delivered(str(headers["Message-ID"]).strip(), recipient))
        if self.pause:
            await asyncio.sleep(random.uniform(0, HELD_BACK * self.pause))  # noqa: S311  not a secret
        return "250 OK"

    def _write(self, letter: Delivered) -> None:
        # One call for one line: it is written whole or not at all.
        os.write(self.file, f"{json.dumps(letter._asdict())}\n".encode())
        os.fsync(self.file)


async def serve(port: int, file: Path, pause: float) -> None:
    """Serve until killed."""
    recorder = Recorder(file, pause)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(recorder, hostname="127.0.0.1", loop=loop), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
