"""A server that sends what it is told, byte for byte: no library's idea of politeness."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self


class RawSite:
    """Answers each request's path with raw bytes, head and all, then hangs up.

    Args:
        answer: path -> bytes; empty bytes hang up without a word.
    """

    def __init__(self, answer: Callable[[str], bytes]) -> None:
        self.paths: list[str] = []
        self.times: list[float] = []
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open = True

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        self._socket.close()

    def _serve(self) -> None:
        while self._open:
            with suppress(OSError):
                connection, _ = self._socket.accept()
                threading.Thread(target=self._reply, args=(connection,), daemon=True).start()

    def _reply(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(30)
            asked = b""
            while b"\r\n\r\n" not in asked:
                piece = connection.recv(65536)
                if not piece:
                    return
                asked += piece
            path = asked.split(b" ", 2)[1].decode("latin-1")
            self.paths.append(path)
            self.times.append(time.monotonic())
            connection.sendall(self._answer(path))


def page(
    body: str | bytes = "", status: str = "200 OK", headers: str = "", kind: str = "text/html"
) -> bytes:
    """One whole answer; `headers` are lines that end in CRLF."""
    data = body.encode() if isinstance(body, str) else body
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\n"
        f"Content-Length: {len(data)}\r\nConnection: close\r\n{headers}\r\n"
    )
    return head.encode("latin-1", "replace") + data
