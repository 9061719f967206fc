"""All fourteen sites on one address of this machine, told apart by the Host header.

```python
with Replica(seed=1) as replica:
    crawl(connect_all=replica.address)
    assert pages == set(replica.manifest()["drhast"]["pages"])
```

Everything a site says follows from the seed; nothing depends on the clock. A crawl is sent here
by `GAOKERENA_CONNECT_ALL=HOST:PORT`; `python -m gaokerena_data.demo.replica --port 8080` serves
until it is interrupted.
"""

import json
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict, dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Self, TextIO
from urllib.parse import parse_qsl, unquote, urlsplit

from gaokerena_data.demo.site import SIZES, Asked, Scale, Site, Switch
from gaokerena_data.demo.sites import SITES
from gaokerena_data.demo.wire import Reply, not_found


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the request log.

    Args:
        time: seconds since the epoch.
        host: as asked for, in lower case, without a port.
        path: as asked for, with its query.
        status: what was answered; 421 for a host that is none of the replica's.
        user_agent: as it was sent.
    """

    time: float
    host: str
    path: str
    status: int
    user_agent: str


class Replica:
    """The server; a context manager.

    Args:
        seed: another seed gives other texts, urls and graphs.
        scale: "small" is crawled in seconds, "large" has 50,000 questions.
        port: 0 takes a free one.
        log: a file to which the request log is written too, one JSON object a line.
        questions: how many questions drhast has, in place of the scale's number.
    """

    def __init__(
        self,
        seed: int = 1,
        scale: Scale = "small",
        port: int = 0,
        *,
        log: Path | None = None,
        questions: int | None = None,
    ) -> None:
        size = SIZES[scale]
        if questions is not None:
            size = replace(size, questions=questions, listed=min(size.listed, questions))
        self.sites: dict[str, Site] = {site.name: site(seed, size) for site in SITES}
        self._hosts = {site.host.removeprefix("www."): site for site in self.sites.values()}
        self._visits: Counter[tuple[str, str]] = Counter()
        self._requests: list[Request] = []
        self._lock = Lock()
        self._log_file = log
        self._log: TextIO | None = None
        self._closing = Event()
        self._port = port
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        if self._log_file is not None:
            # Line by line, so that a log is whole although its replica was killed.
            self._log = self._log_file.open("a", encoding="utf-8", buffering=1)
        self._server = _Server(("127.0.0.1", self._port), self)
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        with self._lock:
            if self._log is not None:
                self._log.close()
            self._log = None

    @property
    def address(self) -> str:
        """Where it listens, as `HOST:PORT`.

        Raises:
            RuntimeError: outside of its `with` block.
        """
        if self._server is None:
            raise RuntimeError("a replica has an address inside its `with` block only")
        return f"127.0.0.1:{self._server.server_port}"

    def requests(self) -> list[Request]:
        """Every request so far, in the order of their answers."""
        with self._lock:
            return list(self._requests)

    def manifest(self) -> dict[str, dict[str, Any]]:
        """The ground truth of every site, as it stands now.

        `{site: {"pages": {canonical url: {"records": [{field: value}]}}, "refused": [url], ...}}`:
        `pages` are those a whole crawl ends with and the fields that each page shows;
        `refused` (robots.txt), `opted_out`, `gone`, `failed`, `off_site` (links and redirects to
        other hosts), `redirected` (to a page of the site) and `empty` (200, yet no record) are
        linked urls that give no record; nothing links to those that are `unreachable`. After
        `advance`, `added` and `changed` are the pages that were not there, or not so, before.
        """
        return {name: site.truth() for name, site in self.sites.items()}

    def advance(self) -> None:
        """Let time pass: every site adds pages and changes some. Once."""
        for site in self.sites.values():
            site.edition = 1

    def switch(self, site: str, what: Switch, *, on: bool = True) -> None:
        """Break a site, or mend it.

        "layout change" renames the classes that hold its texts, "robots down" answers 503 for
        robots.txt, "bomb" makes one page unpack to half a gigabyte, "hang" makes it never end; the
        manifest then counts that page as failed.
        """
        switches = self.sites[site].switches
        if on:
            switches.add(what)
        else:
            switches.discard(what)

    def answer(self, host: str, target: str, headers: dict[str, str]) -> Reply:
        """What `host` answers, and a line in the log."""
        host = host.lower().partition(":")[0]
        site = self._hosts.get(host.removeprefix("www."))
        if site is None:
            reply = not_found(f"no site of the replica is called {host}", status=421)
            sys.stderr.write(f"replica: a request for {host}{target}: no host of the replica\n")
        else:
            parts = urlsplit(target)
            with self._lock:
                self._visits[site.name, target] += 1
                visit = self._visits[site.name, target]
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            reply = site.answer(Asked(unquote(parts.path), query, headers, visit))
        self._record(
            Request(time.time(), host, target, reply.status, headers.get("user-agent", ""))
        )
        return reply

    def wait_until_closed(self) -> None:
        """Hold a connection open until the replica is closed."""
        self._closing.wait()

    def _record(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)
            if self._log is not None:
                self._log.write(json.dumps(asdict(request), ensure_ascii=False) + "\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], replica: Replica) -> None:
        super().__init__(address, _Handler)
        self.replica = replica

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A crawler that is killed in the middle of an answer is what the replica is for.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "replica"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.replica.answer(headers.get("host", ""), self.path, headers)
        # Not `send_response`, which adds the date: nothing here depends on the clock.
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command == "HEAD" or reply.status == 304:
            return
        half = reply.body[: len(reply.body) // 2]
        self.wfile.write(half if reply.cut or reply.hangs else reply.body)
        if reply.hangs:
            self.wfile.flush()
            self.server.replica.wait_until_closed()
        if reply.cut or reply.hangs:
            self.close_connection = True

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: `Replica.requests` is the log."""


def main() -> None:
    """Serve until interrupted."""
    parser = ArgumentParser(prog="python -m gaokerena_data.demo.replica", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", choices=sorted(SIZES), default="small")
    parser.add_argument("--questions", type=int, help="how many questions drhast has")
    parser.add_argument("--log", type=Path, help="write the request log here")
    chosen = parser.parse_args()
    with Replica(
        chosen.seed, chosen.scale, chosen.port, log=chosen.log, questions=chosen.questions
    ) as replica:
        sys.stdout.write(f"GAOKERENA_CONNECT_ALL={replica.address}\n")
        sys.stdout.flush()
        try:
            replica.wait_until_closed()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
