"""How Scrapy is set up: everything it does is named here, nothing is left to its defaults."""

import os
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from gaokerena_data.errors import GaokerenaError

CONNECT_ALL = "GAOKERENA_CONNECT_ALL"
CONTACT = "GAOKERENA_CONTACT"
DEFAULT_CONTACT = "https://github.com/Mehrdadghassabi/Gaokerena"

MIN_DELAY = 1.0  # seconds between two requests to a live site, at the least
LONGEST_DELAY = 120.0  # seconds that a robots.txt may ask to leave between two requests
MAX_BYTES = 10 << 20  # of a page, and of what it expands to
TRIES = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one site is asked.

    Args:
        delay: seconds between two requests; robots.txt may ask for more.
        concurrency: requests on their way at once.
        backoff: seconds before the first retry; each further one waits twice as long.
        timeout: seconds for a whole response.
        longest_delay: seconds between two requests beyond which a site that asks for them in its
            robots.txt is left alone.
    """

    delay: float = MIN_DELAY
    concurrency: int = 2
    backoff: float = 10.0
    timeout: float = 60.0
    longest_delay: float = LONGEST_DELAY

    @classmethod
    def of(cls, delay: float, connect_all: tuple[str, int] | None) -> "Pace":
        """The pace for a delay; a replica may be asked faster than a live site.

        Raises:
            GaokerenaError: for a delay that would harm a live site.
        """
        if connect_all is None and delay < MIN_DELAY:
            raise GaokerenaError(
                f"a delay of {delay} s is too short for a live site: give at least {MIN_DELAY:g}"
            )
        if delay >= MIN_DELAY:
            return cls(delay)
        return cls(delay, concurrency=8, backoff=max(delay, 0.05), timeout=5.0)


def connect_all() -> tuple[str, int] | None:
    """Where every host's requests go instead, from `GAOKERENA_CONNECT_ALL=HOST:PORT`.

    Raises:
        GaokerenaError: when the variable is set to something else.
    """
    value = os.environ.get(CONNECT_ALL, "").strip()
    if not value:
        return None
    host, _, port = value.rpartition(":")
    if not host or not port.isascii() or not port.isdigit():
        raise GaokerenaError(f"{CONNECT_ALL} is {value!r}: give HOST:PORT, as in 127.0.0.1:8080")
    return host, int(port)


def software() -> str:
    """This program and its version, as archives and servers are told."""
    return f"gaokerena-data/{version('gaokerena-data')}"


def user_agent() -> str:
    """Who asks, and where to complain: `GAOKERENA_CONTACT` names another address."""
    return f"{software()} (+{os.environ.get(CONTACT) or DEFAULT_CONTACT})"


def scrapy_settings(pace: Pace) -> dict[str, Any]:
    """Scrapy's settings for one site.

    No middleware, extension or handler runs but those named. Redirects, retries and robots.txt
    are the session's: each hop of a redirect is a page of its own there, looked up in robots.txt
    and the list of hosts like any other.
    """
    middleware = "scrapy.downloadermiddlewares"
    return {
        "TWISTED_REACTOR_ENABLED": False,  # plain asyncio: a process can crawl more than once
        "USER_AGENT": user_agent(),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "fa,en;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        },
        "DOWNLOADER_MIDDLEWARES_BASE": {
            f"{middleware}.downloadtimeout.DownloadTimeoutMiddleware": 350,
            f"{middleware}.defaultheaders.DefaultHeadersMiddleware": 400,
            f"{middleware}.useragent.UserAgentMiddleware": 500,
            "gaokerena_data.crawl.fetching.exchange.DecodeBody": 600,
        },
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {"scrapy.extensions.throttle.AutoThrottle": 0},
        "DOWNLOAD_HANDLERS": {
            "http": "gaokerena_data.crawl.fetching.download.SiteDownloadHandler",
            "https": "gaokerena_data.crawl.fetching.download.SiteDownloadHandler",
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        "CONCURRENT_REQUESTS": pace.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": pace.concurrency,
        "DOWNLOAD_DELAY": pace.delay,
        "DOWNLOAD_DELAY_JITTER": 0,  # it would go below the delay as often as above
        "AUTOTHROTTLE_ENABLED": pace.delay > 0,
        "AUTOTHROTTLE_START_DELAY": pace.delay,
        "AUTOTHROTTLE_MAX_DELAY": 60,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
        "DOWNLOAD_TIMEOUT": pace.timeout,
        "DOWNLOAD_MAXSIZE": MAX_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "COMPRESSION_ENABLED": False,  # `content_coding.py` undoes it, here as in the archive
        "COOKIES_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "RETRY_ENABLED": False,
        "ROBOTSTXT_OBEY": False,  # the session asks before it leases; Scrapy would take 503 for yes
        "HTTPCACHE_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "STATS_DUMP": False,
        "JOBDIR": None,  # does not survive a kill; the frontier does
        "LOG_ENABLED": False,
    }
