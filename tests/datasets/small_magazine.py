"""A small magazine on a port of this machine: one listing, and its articles, at any host."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.datasets.texts import legal_text

ARTICLES = 5

SPIDER = '''
"""A magazine with one numbered listing."""

from gaokerena_data.crawl.pages import ArticlePage
from gaokerena_data.crawl.spiders import ListingSpider


class {name}Article(ArticlePage):
    """An article of the magazine."""

    extractor = "{low}@1"
    body = "div.post-body"


class {name}(ListingSpider):
    """The pages of the magazine."""

    name = "{low}"
    pages = ({name}Article,)
    record_url = r"/mag/(?!page$)[^/?]+$"
    listings = ("https://{host}/mag/page/{{page}}/",)
    listing_links = "article > a"
'''


def spider(name: str, host: str) -> str:
    """A spider's file."""
    return SPIDER.format(name=name.title(), low=name, host=host)


def page(path: str) -> str | None:
    """What stands at a path; None where nothing does."""
    if path == "/mag/page/1/":
        links = "".join(f'<article><a href="/mag/{n}/">{n}</a></article>' for n in range(ARTICLES))
        return f"<html><body>{links}</body></html>"
    number = path.strip("/").removeprefix("mag/")
    if number.isdecimal():
        paragraphs = "".join(f"<p>{line}</p>" for line in legal_text(int(number)).split("\n"))
        return (
            f"<html><head><title>حکم {number}</title></head><body><h1>حکم {number}</h1>"
            f'<div class="post-body">{paragraphs}</div></body></html>'
        )
    return None


@contextmanager
def small_magazine() -> Iterator[str]:
    """Serve it; gives HOST:PORT."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # no body waits for its headers to be acknowledged

        def do_GET(self) -> None:
            found = page(self.path)
            body = (found or "<html><body>نیست</body></html>").encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", f"{len(body)}")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
