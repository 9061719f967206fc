"""What a host allows: its robots.txt, and the opt-outs it states for whole paths."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from gaokerena_data.crawl.fetching import optout
from gaokerena_data.crawl.fetching.optout import Reservation

AGENT = "gaokerena-data"  # the product token that robots.txt may name
ALLOWED = "allowed"
READ_BYTES = 500 << 10  # of robots.txt, which may be longer (RFC 9309, 2.5)
_FOREVER = 10**12  # seconds


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host.

    Args:
        robots: parsed robots.txt; None where the host has none, which allows everything.
        unread: why robots.txt could not be read, where that is so: nothing may be fetched until it
            is (RFC 9309, 2.3.1.4), and nothing is known of any page.
        usage: the `Content-Usage` rules of robots.txt.
        reservations: the rules of tdmrep.json.
    """

    robots: Protego | None = None
    unread: str | None = None
    usage: list[Reservation] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)

    def refuses(self, url: str) -> str | None:
        """Why robots.txt refuses a url, or None where it does not."""
        if self.unread is not None:
            return self.unread
        if self.robots is not None and not self.robots.can_fetch(url, AGENT):
            return "robots.txt disallows it"
        return None

    def opts_out(self, url: str) -> str | None:
        """The site's own opt-out for a url's path, or None where it states none."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if optout.reserved_path(self.reservations, path):
            return "tdmrep.json"
        if optout.reserved_path(self.usage, path):
            return "Content-Usage or Content-Signal in robots.txt"
        return None

    @property
    def crawl_delay(self) -> float:
        """Seconds that robots.txt asks to leave between two requests; 0 where it does not."""
        if self.robots is None:
            return 0.0
        rate = self.robots.request_rate(AGENT)
        return max(
            min(self.robots.crawl_delay(AGENT) or 0.0, _FOREVER),
            min(rate.seconds, _FOREVER) / rate.requests if rate is not None else 0.0,
        )


def read_rules(
    robots_status: int | None, robots: bytes, tdm_status: int | None, tdm: bytes
) -> Rules:
    """The rules of a host from what it answered.

    Args:
        robots_status: HTTP status of robots.txt after redirects; None where there was no answer.
        robots: its body.
        tdm_status: HTTP status of tdmrep.json; None where there was no answer.
        tdm: its body.

    RFC 9309, 2.3.1: a missing robots.txt (4xx) allows everything, an unreachable one (5xx, no
    answer) nothing. A 408, 425 or 429 is a server in trouble, not a missing file, and so is a 304
    to who has nothing.
    """
    if robots_status is None:
        return Rules(unread="robots.txt cannot be reached")
    if robots_status >= 500 or robots_status in {304, 408, 425, 429}:
        return Rules(unread=f"robots.txt answers {robots_status}")
    if robots_status >= 300:  # missing, or redirected without end: RFC 9309 allows both
        robots = b""
    if len(robots) >= READ_BYTES:  # a rule that was cut in the middle says something else
        robots = robots[: robots.rfind(b"\n") + 1]
    reservations = optout.parse_tdmrep(tdm) if tdm_status == 200 else []
    return Rules(
        robots=Protego.parse(optout.robots_text(robots)),
        usage=optout.parse_robots_usage(robots, AGENT),
        reservations=reservations,
    )
