"""A small forum at drhast.com, on a port of this machine: a graph, and what goes wrong.

Everything follows from the constructor; a page's behaviour can be replaced path by path.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Self
from urllib.parse import urlsplit

HOST = "drhast.com"


@dataclass(frozen=True)
class Answer:
    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    time: float
    host: str
    path: str
    status: int
    headers: dict[str, str]


type Page = Answer | Callable[[Asked, int], Answer]


class SmallForum:
    """Serves `questions` questions, all reachable from one listing of the first few."""

    def __init__(self, questions: int = 20, links: int = 4, seed: int = 0) -> None:
        random = Random(seed)
        self.names = [f"q{number:03d}" for number in range(questions)]
        # Each question is linked by an earlier one; the other links make cycles.
        linked: dict[str, list[str]] = {name: [] for name in self.names}
        for place, name in enumerate(self.names[1:], start=1):
            linked[self.names[random.randrange(place)]].append(name)
        self.linked = {
            name: [*targets, *random.sample(self.names, min(links, questions))]
            for name, targets in linked.items()
        }
        self.emptied = False  # as after a layout change
        self.pages: dict[str, Page] = {"/robots.txt": Answer("User-agent: *\nDisallow: /admin\n")}
        self.delay = 0.0
        self.asked: list[Asked] = []  # and answered
        self.begun: list[str] = []
        self._visits: Counter[str] = Counter()
        self._lock = threading.Lock()

    def url(self, name: str) -> str:
        return f"https://{HOST}/q/{name}"

    def question(self, name: str, extra: str = "") -> str:
        related = "".join(
            f'<li><a href="/q/{other}">{other}</a></li>' for other in self.linked[name]
        )
        body = f'<h2 class="main-question__body" itemprop="text">{self.text(name)}</h2>'
        if self.emptied:
            body = f'<h2 class="question-v2">{self.text(name)}</h2>'
        return (
            f'<html><head>{extra}</head><body><div itemprop="mainEntity"><h1>سوال {name}</h1>{body}'
            '<div class="main-question__answer"><span class="doctor-ui-name">دکتر نمونه</span>'
            '<span class="doctor-ui-specialty">داخلی</span><div class="main-question__answer-body">'
            f'<p itemprop="text">جواب {name}: نگران نباشید، استراحت کنید.</p></div></div></div>'
            f"<ul>{related}</ul></body></html>"
        )

    def text(self, name: str) -> str:
        return f"سلام دکتر، شماره {name}. چند روزه گلودرد دارم چیکار کنم؟"

    def paths(self, prefix: str = "/q/q") -> list[str]:
        return [asked.path for asked in self.asked if asked.path.startswith(prefix)]

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.begun.append(asked.path)
            self._visits[asked.path] += 1
            visit = self._visits[asked.path]
        time.sleep(self.delay)
        if asked.host.removeprefix("www.") != HOST:
            return Answer("no such host here", 421)
        page = self.pages.get(asked.path)
        if page is not None:
            return page if isinstance(page, Answer) else page(asked, visit)
        if asked.path == "/q/page-1":
            listed = "".join(f'<a href="/q/{name}">{name}</a>' for name in self.names[:2])
            return Answer(f"<html><body>{listed}</body></html>")
        if asked.path.removeprefix("/q/") in self.linked:
            return Answer(self.question(asked.path.removeprefix("/q/")))
        return Answer("<html><body>صفحه پیدا نشد</body></html>", 404)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        forum = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # no body waits for its headers to be acknowledged

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                now, host = time.time(), headers.get("host", "").partition(":")[0]
                path = self.path
                answer = forum.answer(Asked(now, host, path, 0, headers))
                forum.asked.append(Asked(now, host, path, answer.status, headers))
                body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                self.send_response(answer.status)
                sent = {
                    "Content-Type": "text/html; charset=utf-8",
                    "Content-Length": f"{len(body)}",
                }
                for name, value in (sent | answer.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:
                    self.close_connection = True
                if len(body) != int((sent | answer.headers)["Content-Length"]):
                    self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a crawl that is killed hangs up

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def path_of(url: str) -> str:
    return urlsplit(url).path
