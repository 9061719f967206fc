"""An OpenAI-compatible endpoint of one model: `chat/completions` and `models`, on loopback.

One answer is written at a time; a few requests wait, more are sent away. A client that goes stops
its answer. Whatever goes wrong is told as JSON, and what a client sends is never shown.
"""

import hmac
import ipaddress
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.home.requests import ChatRequest, RequestError, read_request
from training.models.answerer import Answerer, Usage
from training.models.decoding import Decoding

MOST_BYTES = 2**20
_MOST_WAITING = 32
_MOST_CONNECTIONS = 64
_PATIENCE = 30.0
_LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1"}


@dataclass
class Served:
    """What is served.

    Attributes:
        name: of the model.
        answerer: who answers.
        decoding: how, where a request says nothing.
        key: what clients must send as bearer; None where nobody has to.
        hosts: by which names a client may call; None for any. A page of the web that somebody
            reads could otherwise ask the model by a name of its own.
    """

    name: str
    answerer: Answerer
    decoding: Decoding
    key: str | None = None
    hosts: set[str] | None = field(default_factory=lambda: set(_LOCAL))
    turn: threading.Lock = field(default_factory=threading.Lock)
    waiting: threading.Semaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_MOST_WAITING)
    )
    since: int = field(default_factory=lambda: int(time.time()))


class Server(ThreadingHTTPServer):
    """The endpoint; `serve_forever` answers until `shutdown`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, served: Served, host: str = "127.0.0.1", port: int = 0) -> None:
        """Take the port; 0 is any free one.

        Raises:
            GaokerenaError: it cannot be had, or others than this machine could call without a key.
        """
        loopback = _is_loopback(host)
        if not loopback and served.key is None:
            raise GaokerenaError(
                f"--host {host} is open to other machines: set a key that clients send, in the "
                "environment variable GAOKERENA_SERVE_KEY"
            )
        if not loopback:
            served.hosts = None
        self.served = served
        self._connections = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        if ":" in host:
            self.address_family = socket.AF_INET6
        try:
            super().__init__((host, port), _Handler)
        except (OSError, OverflowError) as error:
            raise GaokerenaError(f"{host}:{port} cannot be served: {error}") from error

    @property
    def url(self) -> str:
        """What clients call, up to `/v1`."""
        host = str(self.server_address[0])
        return f"http://{f'[{host}]' if ':' in host else host}:{self.server_address[1]}/v1"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread of its own, or close it where there are too many."""
        if not self._connections.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer a connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._connections.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is nobody's concern."""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def do_GET(self) -> None:
        """`GET /v1/models`."""
        self._answered(self._models)

    def do_POST(self) -> None:
        """`POST /v1/chat/completions`."""
        self._answered(self._chat)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """What clients ask is nobody's concern."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """What the library refuses by itself, as JSON too."""
        self._fail(RequestError(message or "the request is not HTTP", code))

    def version_string(self) -> str:
        """Nothing of the versions in use."""
        return "gaokerena"

    def _answered(self, answer: Any) -> None:
        self._begun = False
        self.close_connection = True  # nobody keeps one of the few connections without asking
        try:
            self._check_caller()
            answer()
        except RequestError as error:
            self._fail(error)
        except GaokerenaError as error:
            self._fail(RequestError(str(error), 500))
        except OSError:  # the client has gone
            self.close_connection = True
        except Exception as error:  # a fault of ours: named, its text kept from clients
            self._fail(RequestError(f"the model failed ({type(error).__name__})", 500))

    def _check_caller(self) -> None:
        served = self.server.served
        host = (self.headers.get("Host") or "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if served.hosts is not None and name not in served.hosts:
            raise RequestError("only this machine may ask, by the name localhost", 403)
        if served.key is not None:
            given = (self.headers.get("Authorization") or "").encode("latin-1", "replace")
            if not hmac.compare_digest(given, f"Bearer {served.key}".encode()):
                raise RequestError("another key is needed", 401)

    def _models(self) -> None:
        if self.path.partition("?")[0] != "/v1/models":
            raise RequestError("there is nothing here; ask /v1/models", 404)
        served = self.server.served
        one = {"id": served.name, "object": "model", "created": served.since, "owned_by": "local"}
        self._send(200, {"object": "list", "data": [one]})

    def _chat(self) -> None:
        if self.path.partition("?")[0] != "/v1/chat/completions":
            raise RequestError("there is nothing here; ask /v1/chat/completions", 404)
        served = self.server.served
        asked = read_request(self._body(), served.name, served.decoding)
        if not served.waiting.acquire(blocking=False):
            raise RequestError("too many are waiting: try again later", 429)
        try:
            with served.turn:
                self._answer(asked)
        finally:
            served.waiting.release()

    def _answer(self, asked: ChatRequest) -> None:
        served, usage = self.server.served, Usage()
        pieces = served.answerer.answer(asked.messages, asked.decoding, usage)
        try:
            if asked.stream:
                self._stream(pieces, usage, asked.count)
            else:
                self._whole(pieces, usage)
        finally:
            pieces.close()  # type: ignore[attr-defined] # a generator, whose model is stopped

    def _whole(self, pieces: Iterator[str], usage: Usage) -> None:
        said = []
        for piece in pieces:
            said.append(piece)
            self._refuse_gone()
        message = {"role": "assistant", "content": "".join(said)}
        choice = {"index": 0, "message": message, "finish_reason": _reason(usage)}
        self._send(
            200, self._told("chat.completion") | {"choices": [choice], "usage": _counted(usage)}
        )

    def _stream(self, pieces: Iterator[str], usage: Usage, count: bool) -> None:
        first = next(pieces, None)  # what fails at once is told with a status of its own
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Connection", "close")
        self.end_headers()
        self._begun = True
        base = self._told("chat.completion.chunk")
        self._event(base, {"role": "assistant", "content": first or ""})
        for piece in pieces:
            self._event(base, {"content": piece})
        self._event(base, {}, _reason(usage))
        if count:
            self._line(base | {"choices": [], "usage": _counted(usage)})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(
        self, base: dict[str, Any], delta: dict[str, str], reason: str | None = None
    ) -> None:
        self._line(base | {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})

    def _line(self, value: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()

    def _told(self, kind: str) -> dict[str, Any]:
        served = self.server.served
        made = f"chatcmpl-{time.time_ns():x}"
        return {"id": made, "object": kind, "created": int(time.time()), "model": served.name}

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding"):
            raise RequestError("a body needs its Content-Length", 411)
        stated = self.headers.get("Content-Length") or ""
        if not (stated.isascii() and stated.isdigit()) or len(stated) > 18:
            raise RequestError("a body needs its Content-Length", 411)
        if int(stated) > MOST_BYTES:
            raise RequestError(f"the body has more than {MOST_BYTES:,} bytes", 413)
        body, until = b"", time.monotonic() + _PATIENCE
        while len(body) < int(stated):
            more = self.rfile.read1(int(stated) - len(body))
            if not more or time.monotonic() > until:
                raise RequestError("the body did not come whole", 408)
            body += more
        return body

    def _refuse_gone(self) -> None:
        """Stop an answer that nobody waits for any more."""
        self.connection.setblocking(False)
        try:
            if self.connection.recv(1, socket.MSG_PEEK) == b"":
                raise ConnectionAbortedError
        except BlockingIOError:
            pass
        finally:
            self.connection.settimeout(_PATIENCE)

    def _fail(self, error: RequestError) -> None:
        self.close_connection = True
        told = {"message": str(error), "type": "invalid_request_error", "code": error.status}
        if error.status >= 500:
            told["type"] = "server_error"
        try:
            if getattr(self, "_begun", False):
                self._line({"error": told})
            else:
                self._send(error.status, {"error": told})
        except OSError:
            pass

    def _send(self, status: int, value: dict[str, Any]) -> None:
        body = json.dumps(value, ensure_ascii=False).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _reason(usage: Usage) -> str:
    return "length" if usage.cut_off else "stop"


def _counted(usage: Usage) -> dict[str, int]:
    both = usage.tokens_in + usage.tokens_out
    return {
        "prompt_tokens": usage.tokens_in,
        "completion_tokens": usage.tokens_out,
        "total_tokens": both,
    }
