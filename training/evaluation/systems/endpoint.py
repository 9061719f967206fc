"""An OpenAI-compatible endpoint: time-outs, retries with back-off, a key that is never shown."""

import json
import os
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx

from gaokerena_data.errors import GaokerenaError
from training.evaluation.systems.model import Generation
from training.models.decoding import Decoding

_TRY_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_LARGEST = 8 * 2**20
_LONGEST_PAUSE = 60.0


class Endpoint:
    """A chat model behind `POST {base}/chat/completions`."""

    def __init__(
        self,
        name: str,
        base: str,
        *,
        key_variable: str = "OPENAI_API_KEY",
        timeout: float = 120.0,
        retries: int = 6,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare the client; nothing is sent yet.

        Args:
            name: the model's name at the endpoint.
            base: the url up to and with `/v1`.
            key_variable: environment variable of the key; unset means no key is sent.
            timeout: seconds to wait for an answer, 10 for a connection.
            retries: how often a request is sent again after a passing failure.
            pause: how to wait, in seconds.
        """
        self.name = name
        self._url = base.rstrip("/") + "/chat/completions"
        key = os.environ.get(key_variable, "")
        self._key = key
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            headers=headers, timeout=httpx.Timeout(timeout, connect=10.0), follow_redirects=False
        )
        self._retries = retries
        self._pause = pause

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Generation]:
        """One answer a prompt, in order; a batch is sent at once."""
        if not prompts:
            return []
        with ThreadPoolExecutor(max_workers=len(prompts)) as pool:
            return list(pool.map(lambda prompt: self._ask(prompt, decoding), prompts))

    def score_choices(
        self, prompts: Sequence[str], continuations: Sequence[str]
    ) -> list[list[float]]:
        """Endpoints give no log-likelihoods of given text.

        Raises:
            GaokerenaError: always.
        """
        raise GaokerenaError(
            f"{self.name} is behind an endpoint, which scores no given text ({len(continuations)} "
            f"letters under {len(prompts)} questions asked): use --method generate"
        )

    def _ask(self, prompt: str, decoding: Decoding) -> Generation:
        body: dict[str, Any] = {
            "model": self.name,
            "messages": [{"role": "user", "content": prompt}],
            "temperature": decoding.temperature,
            "max_tokens": decoding.max_new_tokens,
            "seed": decoding.seed,
        }
        if decoding.repetition_penalty != 1.0:
            body["repetition_penalty"] = decoding.repetition_penalty
        began = time.perf_counter()
        reply = self._post(body)
        seconds = time.perf_counter() - began
        try:
            text = reply["choices"][0]["message"]["content"] or ""
            tokens = int((reply.get("usage") or {}).get("completion_tokens") or 0)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise GaokerenaError(
                f"{self._url} answered without choices[0].message.content: is it OpenAI-compatible?"
            ) from error
        return Generation(str(text).strip(), tokens, seconds)

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        spread = random.Random(json.dumps(body, sort_keys=True))  # noqa: S311 - jitter, no secret
        for attempt in range(self._retries + 1):
            asked_to_wait = 0.0
            try:
                with self._client.stream("POST", self._url, json=body) as response:
                    content = _limited(response)
                    if response.status_code < 300:
                        reply = json.loads(content)
                        if isinstance(reply, dict):
                            return reply
                        problem = "answered with something else than a JSON object"
                    elif response.status_code in _TRY_AGAIN:
                        problem = f"answered {response.status_code}"
                        asked_to_wait = _seconds(response.headers.get("retry-after"))
                    else:
                        raise GaokerenaError(
                            f"{self._url} answered {response.status_code} for model {self.name}: "
                            f"{self._shown(_reason(content))}"
                        )
            except (httpx.TransportError, ValueError) as error:
                problem = f"failed ({type(error).__name__})"
            if attempt < self._retries:
                backoff = min(2.0**attempt, _LONGEST_PAUSE) * (0.5 + spread.random() / 2)
                self._pause(min(max(backoff, asked_to_wait), _LONGEST_PAUSE))
        raise GaokerenaError(
            f"{self._url} {problem}, {self._retries + 1} times in a row: the answers so far are "
            "kept, run the same command again to go on"
        )

    def _shown(self, text: str) -> str:
        """A server's words without the key, which some of them send back."""
        return text.replace(self._key, "***") if self._key else text


def _limited(response: httpx.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > _LARGEST:
            raise GaokerenaError(f"{response.url} sent more than {_LARGEST:,} bytes for one answer")
    return bytes(content)


def _seconds(header: str | None) -> float:
    try:
        return max(float(header or 0), 0.0)
    except ValueError:
        return 0.0


def _reason(content: bytes) -> str:
    try:
        error = json.loads(content)["error"]
        text = error["message"] if isinstance(error, dict) else error
    except (ValueError, KeyError, TypeError):
        text = content.decode("utf-8", "replace")
    return " ".join(str(text).split())[:200] or "no reason given"
