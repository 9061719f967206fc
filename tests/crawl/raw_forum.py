"""The small forum over a raw socket: whatever bytes a test wants to send, it sends."""

import socketserver
import threading
import time
from collections.abc import Callable
from typing import Self

from tests.crawl.small_forum import Answer, Asked, SmallForum


class RawForum(SmallForum):
    """Answers a path in `raw` with those bytes, and hangs up; anything else as the forum does."""

    def __init__(self, questions: int = 8) -> None:
        super().__init__(questions=questions)
        self.raw: dict[str, bytes | Callable[[], bytes]] = {}

    def sent(self, path: str, *headers: bytes, status: bytes = b"200 OK", end: bytes = b"") -> None:
        """Let a question's page be sent with these header lines, each as it is."""
        body = self.answer_of(path)
        lines = [b"HTTP/1.1 " + status, b"Content-Type: text/html; charset=utf-8", *headers]
        break_ = end or b"\r\n"
        self.raw[path] = break_.join([*lines, b"", b""]) + body

    def answer_of(self, path: str) -> bytes:
        page = self.pages.get(path)
        answer = page if isinstance(page, Answer) else Answer(self.question(path[3:]))
        return answer.body.encode() if isinstance(answer.body, str) else answer.body

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._raw_server.server_address[1]}"

    def __enter__(self) -> Self:
        forum = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                path = self.rfile.readline().split()[1].decode()
                headers = {}
                while (line := self.rfile.readline()) not in {b"\r\n", b""}:
                    name, _, value = line.decode("latin-1").partition(":")
                    headers[name.lower()] = value.strip()
                asked = Asked(time.time(), headers["host"].partition(":")[0], path, 0, headers)
                forum.asked.append(asked)
                raw = forum.raw.get(path)
                self.wfile.write(
                    _usual(forum.answer(asked))
                    if raw is None
                    else raw
                    if isinstance(raw, bytes)
                    else raw()
                )

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # who has read enough hangs up

        self._raw_server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._raw_server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._raw_server.shutdown()
        self._raw_server.server_close()


def _usual(answer: Answer) -> bytes:
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": f"{len(body)}"}
    lines = [
        f"HTTP/1.1 {answer.status} X",
        *(f"{k}: {v}" for k, v in (headers | answer.headers).items()),
    ]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body
