"""One JSON body to an endpoint and its answer back: time-outs, limits, retries with back-off."""

import json
import os
import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx2 as httpx

from gaokerena_data.endpoints.reply import one_line, whole
from gaokerena_data.endpoints.troubles import Trouble, error_status, read_trouble
from gaokerena_data.errors import GaokerenaError

_LARGEST = 8 * 2**20  # bytes of one answer
_LONGEST_PAUSE = 60.0  # seconds
_CONNECTIONS = 3  # tried before nobody is taken to listen
_PATH = "/chat/completions"


class Transport:
    """Sends bodies to `POST {base}/chat/completions`, from any number of threads."""

    def __init__(
        self,
        base: str,
        key_variable: str,
        timeout: float,
        retries: int,
        pause: Callable[[float], Any] | None = None,
    ) -> None:
        """Prepare the client; nothing is sent yet.

        Args:
            base: the url up to and with `/v1`, with or without the path after it.
            key_variable: environment variable of the key; unset means no key is sent.
            timeout: seconds until an answer must be whole; 10 for a connection.
            retries: how often a request is sent again after a passing failure.
            pause: how to wait, in seconds; None waits, but not past `stop`.

        Raises:
            GaokerenaError: it is no url, or the key cannot be sent.
        """
        self._url, self.shown_url = _addresses(base)
        self._key = os.environ.get(key_variable, "").strip()
        if not (self._key.isascii() and (self._key.isprintable())):
            raise GaokerenaError(f"the key in {key_variable} holds letters that no header takes")
        # What is packed could be any size when it is unpacked.
        headers = {"Accept-Encoding": "identity", "Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        limits = httpx.Timeout(timeout, connect=min(10.0, timeout))
        self._client = httpx.Client(headers=headers, timeout=limits, follow_redirects=False)
        self._stopped = threading.Event()
        self._timeout, self._retries, self._pause = timeout, retries, pause or self._stopped.wait

    def stop(self) -> None:
        """Let no request be sent again, and end the pauses before that."""
        self._stopped.set()

    def post(self, body: Mapping[str, Any]) -> dict[str, Any] | Trouble:
        """Send a body until it is answered.

        Returns:
            The answer, a JSON object; or what is wrong with this one request.

        Raises:
            GaokerenaError: nobody listens there, or no other request would fare better.
        """
        content = whole(json.dumps(body, ensure_ascii=False)).encode()
        spread = random.Random(content)  # noqa: S311 - jitter, no secret
        found = Trouble("passing", 0, "nothing was sent")
        for attempt in range(self._retries + 1):
            answer = self._send(content)
            if not isinstance(answer, Trouble):
                return answer
            found = answer
            if found.kind == "all":
                raise GaokerenaError(f"{self.shown_url} {found.words}")
            if found.kind != "passing":
                return found
            if found.status < 0 and attempt + 1 >= _CONNECTIONS:
                break  # a server that is there takes a connection at once
            if self._stopped.is_set():
                return Trouble(found.kind, found.status, f"{found.words}, and was stopped")
            if attempt < self._retries:
                backoff = min(2.0**attempt, _LONGEST_PAUSE) * (0.5 + spread.random() / 2)
                self._pause(min(max(backoff, found.wait), _LONGEST_PAUSE))
        if found.status < 0:
            raise GaokerenaError(
                f"{self.shown_url} {found.words}, {attempt + 1} times in a row: nobody "
                "listens there; what was answered is kept, run the same command again to go on"
            )
        times = f", {self._retries + 1} times in a row" if self._retries else ""
        return Trouble(found.kind, found.status, found.words + times, found.known)

    def _send(self, content: bytes) -> dict[str, Any] | Trouble:
        """One try; a trouble's words name no url."""
        began = time.monotonic()
        try:
            with self._client.stream("POST", self._url, content=content) as response:
                answer = self._read(response, began)
                if isinstance(answer, Trouble):
                    return answer
                status = response.status_code
                reply = json.loads(answer) if status < 300 else None
                if status < 300 and not isinstance(reply, dict):
                    return Trouble("passing", status, "answered with something else than an object")
                status = status if reply is None else error_status(reply) or 0
                if reply is not None and not status:
                    return dict(reply)
                trouble = read_trouble(status, response.headers, answer, self._hide)
                return self._told(trouble, response)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return Trouble("passing", -1, f"failed ({type(error).__name__})")
        except httpx.InvalidURL:
            raise GaokerenaError(f"{self.shown_url}: no url that can be asked") from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            return Trouble("passing", 0, f"failed ({type(error).__name__})")
        except (ValueError, RecursionError):
            return Trouble("passing", 0, "answered with something else than JSON")

    def _read(self, response: httpx.Response, began: float) -> bytes | Trouble:
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > _LARGEST:
                return Trouble("question", 0, f"sent more than {_LARGEST:,} bytes for one answer")
            if time.monotonic() - began > self._timeout:
                return Trouble("passing", 0, f"took longer than {self._timeout:g} s to answer")
        return bytes(content)

    def _told(self, trouble: Trouble, response: httpx.Response) -> Trouble:
        """The same in words that a person is told."""
        words = trouble.words
        if 300 <= trouble.status < 400:
            place = one_line(self._hide(response.headers.get("location", "nowhere")))
            words = f"sends to {place}: give that url"
        if trouble.status == 404:
            words += "; is the url right up to /v1, and the model's name?"
        words = f"answered {trouble.status}: {words}"
        return Trouble(trouble.kind, trouble.status, words, trouble.known, trouble.wait)

    def _hide(self, words: str) -> str:
        """Words without the key, which some servers repeat."""
        return words.replace(self._key, "***") if self._key else words


def _addresses(base: str) -> tuple[str, str]:
    """Where to send to, and the same as it may be shown: without a name, a password, a query."""
    try:
        parts = urlsplit(base.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or parts.scheme not in {"http", "https"}:
        raise GaokerenaError(
            f"{base}: no url of an endpoint; give it up to /v1, such as https://HOST/v1"
        )
    path = parts.path.rstrip("/").removesuffix(_PATH) + _PATH
    shown = f"[{host}]" if ":" in host else host
    shown = f"{shown}:{port}" if port else shown
    return (
        urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")),
        urlunsplit((parts.scheme, shown, path, "", "")),
    )
