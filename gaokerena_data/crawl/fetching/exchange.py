"""A request and its answer as they went over the wire, for the archive; and the answer decoded."""

from dataclasses import dataclass

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes

from gaokerena_data.crawl.fetching.archive import ArchiveWriter, Earlier, Headers, Place
from gaokerena_data.crawl.fetching.content_coding import (
    ExpandsTooFarError,
    UndecodableError,
    decode,
)
from gaokerena_data.crawl.fetching.headed_answers import HeadedResponse
from gaokerena_data.crawl.reading.links import Fetched
from gaokerena_data.crawl.settings import MAX_BYTES

EXCHANGE = "exchange"  # request.meta: what went over the wire
READ_AT_MOST = "read_at_most"  # request.meta: a body is cut there, as it came and decoded


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went over the wire.

    Args:
        request: the head of the request, as it was sent.
        reason: the words behind the status of the answer.
        headers: of the answer; each byte is one character.
        body: of the answer, its content codings not undone.
        address: the IP address that answered.
    """

    request: bytes
    reason: str
    headers: Headers
    body: bytes
    address: str | None


def exchanged(response: HeadedResponse, answer: Response) -> Exchange:
    """What went over the wire for an answer.

    Args:
        response: as aiohttp gives it.
        answer: as Scrapy does.
    """
    asked = response.request_info
    lines = [f"{asked.method} {asked.url.raw_path_qs} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in asked.headers.items()]
    head = response.head
    return Exchange(
        request="".join(f"{line}\r\n" for line in [*lines, ""]).encode("utf-8", "replace"),
        reason=head.reason.decode("latin-1"),
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers],
        body=answer.body,
        address=None if answer.ip_address is None else str(answer.ip_address),
    )


def exchange_of(response: Response) -> Exchange:
    """What went over the wire for an answer that was decoded since."""
    exchange: Exchange = response.meta[EXCHANGE]
    return exchange


def archive_answer(archive: ArchiveWriter, response: Response, fetched_at: str) -> Place:
    """Archive an answer as it came."""
    came = exchange_of(response)
    return archive.response(
        response.url,
        fetched_at,
        response.status,
        came.headers,
        came.body,
        reason=came.reason,
        request=came.request,
        address=came.address,
    )


def archive_repeat(
    archive: ArchiveWriter, response: Response, fetched_at: str, earlier: Fetched | None
) -> None:
    """Archive that an answer is what an earlier one was; None where that one is not known."""
    came = exchange_of(response)
    repeated = None
    if earlier is not None:
        place = Place(earlier.warc_file, earlier.warc_offset)
        repeated = Earlier(earlier.final_url, earlier.fetched_at, place)
    archive.revisit(
        response.url,
        fetched_at,
        response.status,
        came.headers,
        earlier=repeated,
        reason=came.reason,
        request=came.request,
        address=came.address,
    )


class DecodeBody:
    """Undoes the content codings of each answer, by what undoes those of the archive."""

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer decoded.

        Raises:
            IgnoreRequest: it expands beyond its limit.
            UndecodableError: its labels are wrong, and it is no text.
            CutOffError: it did not come whole: half a robots.txt allows too much.
        """
        cut = request.meta.get(READ_AT_MOST)
        limit = cut or request.meta.get("download_maxsize", MAX_BYTES)
        labels = [label.decode("latin-1") for label in response.headers.getlist("Content-Encoding")]
        try:
            body = decode(
                response.body,
                labels,
                limit,
                cut=cut is not None,
                whole=200 <= response.status < 300 and (cut is None or len(response.body) < cut),
            )
        except ExpandsTooFarError as error:
            raise IgnoreRequest(str(error)) from error
        except UndecodableError:
            if 200 <= response.status < 300:
                raise
            return response  # where it leads to, and what went wrong, its head says
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(
            cls=kind,
            body=body,
            headers=headers,
            **({"encoding": None} if issubclass(kind, TextResponse) else {}),
        )
