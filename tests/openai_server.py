"""An OpenAI-compatible server of one test, with the faults of real ones.

A test says what is answered: a text, a whole reply (a mapping), a `Fault`, or status, headers and
bytes; by the prompt, or by the request's whole body.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that is none.

    Args:
        status: of HTTP.
        body: as it is sent; a mapping as JSON.
        headers: beside it.
        stalls: seconds before anything is sent.
        drips: seconds between the bytes of the body.
        hangs_up: close the connection before anything is sent.
        promises: the length that the headers tell, where it is not the body's.
    """

    status: int = 200
    body: bytes | Mapping[str, Any] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stalls: float = 0.0
    drips: float = 0.0
    hangs_up: bool = False
    promises: int | None = None


type Said = str | Mapping[str, Any] | Fault | tuple[int, dict[str, str], bytes]


@dataclass
class OpenAIServer:
    """A running server: where it is, and what it was asked, in the order it came."""

    url: str
    prompts: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


def completion(content: Any, finish_reason: str = "stop", **message: Any) -> dict[str, Any]:
    """A whole reply with a message of this content, and whatever else stands in it."""
    words = content.split() if isinstance(content, str) else ()
    return {
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
        "usage": {"prompt_tokens": 7, "completion_tokens": len(words)},
    }


def error(
    status: int, message: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Fault:
    """An error object as OpenAI sends it."""
    return Fault(status, {"error": {"message": message, **more}}, headers or {})


@contextmanager
def chat_server(
    respond: Callable[[str], Said] | None = None,
    *,
    to_body: Callable[[dict[str, Any]], Said] | None = None,
) -> Iterator[OpenAIServer]:
    """Serve `POST /v1/chat/completions`.

    Args:
        respond: what is answered to a prompt; called by one thread at a time.
        to_body: the same of the whole body, in its place.
    """
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True  # no body waits for its headers to be acknowledged

        def do_POST(self) -> None:
            body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = body["messages"][-1]["content"]
            with lock:
                server.prompts.append(prompt)
                server.bodies.append(body)
                server.headers.append(dict(self.headers))
                said = to_body(body) if to_body else respond(prompt) if respond else ""
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked may have gone
                self._send(said)

        def _send(self, said: Said) -> None:
            if isinstance(said, tuple):
                said = Fault(said[0], said[2], said[1])
            elif not isinstance(said, Fault):
                said = Fault(body=completion(said) if isinstance(said, str) else said)
            time.sleep(said.stalls)
            if said.hangs_up:
                self.close_connection = True
                return
            content = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            length = len(content) if said.promises is None else said.promises
            self.send_header("Content-Length", str(length))
            self.end_headers()
            if not said.drips:
                self.wfile.write(content)
                return
            for byte in content:
                self.wfile.write(bytes([byte]))
                time.sleep(said.drips)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = OpenAIServer(f"http://127.0.0.1:{listening.server_address[1]}/v1")
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
