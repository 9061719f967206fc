"""The HTTP side: reads requests, applies faults, writes answers, keeps a log."""

import json
import socket
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

from tests.hub_server.faults import Fault, Faults
from tests.hub_server.messages import Account, Request, Response
from tests.hub_server.repository import Repository
from tests.hub_server.routes import answer

TOKENS: Mapping[str, Account] = {
    "hf_writer": Account("maintainer", ("org",)),
    "hf_reader": Account("reader", may_write=False),
    "hf_stranger": Account("stranger", ("elsewhere",)),
}


@dataclass(frozen=True)
class Logged:
    """One request that came in. `status` 0 means that no answer was sent."""

    method: str
    path: str
    status: int
    received: int
    agent: str


class HubServer:
    """A running Hub on the loopback interface.

    Args:
        root: folder of the repositories, `KIND/NAMESPACE/NAME`.
        port: 0 for a free one.
        accounts: token -> whose it is.
    """

    def __init__(self, root: Path, port: int = 0, accounts: Mapping[str, Account] = TOKENS) -> None:
        self.root = root
        self.accounts = accounts
        self.faults = Faults()
        self.log: list[Logged] = []
        root.mkdir(parents=True, exist_ok=True)
        self._http = _Http(("127.0.0.1", port), _Handler)
        self._http.hub = self
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)

    @property
    def endpoint(self) -> str:
        """What `HF_ENDPOINT` is set to."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def token(self) -> str:
        """A token that may write to `org`."""
        return next(token for token, account in self.accounts.items() if account.may_write)

    def start(self) -> None:
        """Answer from a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        self._http.shutdown()
        self._http.server_close()

    def serve_forever(self) -> None:
        """Answer from this thread until interrupted."""
        self._http.serve_forever()

    def repository(
        self, repo_id: str, kind: Literal["models", "datasets"] = "datasets"
    ) -> Repository:
        """A repository as it lies on disk."""
        return Repository(self.root, kind, repo_id)

    def env(self, home: Path, *, token: str | None = None) -> dict[str, str]:
        """The environment for a client in a process of its own.

        `HF_ENDPOINT` and `HF_HUB_DISABLE_XET` are read when huggingface_hub is imported: they must
        be there before.

        Args:
            home: its `HF_HOME`; a new folder is an empty cache.
            token: `""` for none; the one that may write unless given.
        """
        return {
            "HF_ENDPOINT": self.endpoint,
            "HF_HOME": str(home),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_HUB_DISABLE_IMPLICIT_TOKEN": "0",
            "HF_TOKEN": self.token if token is None else token,
        }


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    hub: HubServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is not an error here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each body waits 40 ms for its headers to be acknowledged
    server: _Http

    def log_message(self, *arguments: object) -> None:
        """Be quiet: there is `HubServer.log`."""

    def _handle(self) -> None:
        hub = self.server.hub
        body = self._body()
        if self.path == "/_faults":
            self._set_faults(body)
            return
        headers = {name.title(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body, hub.root, hub.accounts)
        fault = hub.faults.pick(self.command, self.path)
        response = None
        try:
            response = self._answered(request, fault)
            if response is not None:
                self._send(response, cut=fault is not None and fault.effect == "cut")
        finally:
            status = response.status if response else 0
            agent = self.headers.get("User-Agent") or ""
            hub.log.append(Logged(self.command, self.path, status, len(body), agent))

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):  # http.server looks for one method a verb
            return self._handle
        raise AttributeError(name)

    def _answered(self, request: Request, fault: Fault | None) -> Response | None:
        """The response, or None when the connection is closed instead."""
        response = None
        if fault is None or fault.after or fault.effect in ("call", "cut"):
            if fault and fault.effect == "call" and not fault.after:
                _run(fault)
            try:
                response = answer(request)
            except Exception as error:
                traceback.print_exc()
                response = Response({"error": repr(error)}, 500)
        if fault is None or fault.effect == "cut":
            return response
        if fault.effect == "call":
            if fault.after:
                _run(fault)
            return response
        if fault.effect == "drop":
            _run(fault)
            self._hang_up()
            return None
        return Response(
            {"error": "on demand"}, fault.status, headers={"X-Error-Message": "on demand"}
        )

    def _send(self, response: Response, *, cut: bool) -> None:
        body = response.body
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in response.headers.items():
            self.send_header(name, value.replace("\n", " "))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def _body(self) -> bytes:
        if "chunked" not in (self.headers.get("Transfer-Encoding") or ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _set_faults(self, body: bytes) -> None:
        """`POST /_faults` with a list of Fault fields, `DELETE /_faults`: for a server by hand."""
        if self.command == "DELETE":
            self.server.hub.faults.clear()
        else:
            self.server.hub.faults.add(*(Fault(**fields) for fields in json.loads(body)))
        self._send(Response(), cut=False)


def _run(fault: Fault) -> None:
    if fault.call is not None:
        fault.call()
