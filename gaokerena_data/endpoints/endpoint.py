"""A chat model behind an OpenAI-compatible endpoint."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pydantic import BaseModel

from gaokerena_data.endpoints.parameters import Options, Parameters
from gaokerena_data.endpoints.reply import Missing, Reply, read_reply
from gaokerena_data.endpoints.structured import schema_of, with_schema
from gaokerena_data.endpoints.transport import Transport
from gaokerena_data.endpoints.troubles import Trouble
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.outside_text import tell

_MOST_AT_ONCE = 64
# So many requests in a row that fail alike are no chance.
IN_A_ROW = 5
_MISSING: dict[str, Missing] = {"filtered": "filtered", "question": "rejected"}


def _say(line: str) -> None:
    tell(line, err=True)


class Endpoint:
    """A chat model behind `POST {base}/chat/completions`."""

    def __init__(
        self,
        name: str,
        base: str,
        *,
        key_variable: str = "OPENAI_API_KEY",
        timeout: float = 300.0,
        retries: int = 6,
        pause: Callable[[float], Any] | None = None,
        say: Callable[[str], None] = _say,
    ) -> None:
        """Prepare the client; nothing is sent yet.

        Args:
            name: the model's name at the endpoint.
            base: the url up to and with `/v1`.
            key_variable: environment variable of the key; unset means no key is sent.
            timeout: seconds until an answer must be whole.
            retries: how often a request is sent again after a passing failure.
            pause: how to wait, in seconds; None waits, but not past `stop`.
            say: told in one line which parameters a model does not take.

        Raises:
            GaokerenaError: it is no url, or the key cannot be sent.
        """
        self.name = name
        self._transport = Transport(base, key_variable, timeout, retries, pause)
        self._parameters = Parameters(lambda line: say(f"{name}: {line}"))
        self._failures: list[Reply] = []
        self._answered = False
        self._lock = threading.Lock()

    def ask(
        self,
        prompts: Sequence[str],
        options: Options,
        schema: type[BaseModel] | None = None,
    ) -> list[Reply]:
        """Ask some questions at once, each a single user turn.

        A question that is not taken, or that fails, is a reply that says so. Where all before it
        failed alike, the next call stops: by then the caller has kept what there is.

        Args:
            prompts: the questions.
            options: how to generate.
            schema: what the answers are to be as JSON; see `structured.read_json`.

        Returns:
            One reply a prompt, in order.

        Raises:
            GaokerenaError: nobody listens there, no request would fare better, or the last ones
                all failed alike.
        """
        if not prompts:
            return []
        self._stop_where_all_fail()
        with ThreadPoolExecutor(min(len(prompts), _MOST_AT_ONCE)) as pool:
            asked = [pool.submit(self._ask, prompt, options, schema) for prompt in prompts]
            try:
                replies = [each.result() for each in asked]
            except BaseException:
                self.stop()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        self._note(replies)
        return replies

    def stop(self) -> None:
        """Let no request be sent again after a failure: whoever asked wants to end."""
        self._transport.stop()

    def _ask(self, prompt: str, options: Options, schema: type[BaseModel] | None) -> Reply:
        began = time.perf_counter()
        while True:
            text = prompt
            if schema is not None and not self._parameters.sends_schema:
                text = with_schema(prompt, schema)
            body = {"model": self.name, "messages": [{"role": "user", "content": text}]}
            body |= self._parameters.body(options, schema_of(schema) if schema else None)
            found = self._transport.post(body)
            seconds = time.perf_counter() - began
            if not isinstance(found, Trouble):
                try:
                    return read_reply(found, seconds)
                except GaokerenaError as error:
                    return Reply(None, "failed", f"answered with {error}", seconds=seconds)
            if self._parameters.give_up(body, found):
                continue
            missing = _MISSING.get(found.kind, "failed")
            return Reply(None, missing, found.words, seconds=seconds)

    def _note(self, replies: Sequence[Reply]) -> None:
        with self._lock:
            for reply in replies:
                if not reply.unanswered:
                    self._failures, self._answered = [], True
                elif self._failures and self._failures[-1].detail != reply.detail:
                    self._failures = [reply]
                else:
                    self._failures.append(reply)

    def _stop_where_all_fail(self) -> None:
        """Where an endpoint does not answer any more, or has taken no question at all."""
        if len(self._failures) < IN_A_ROW:
            return
        last = self._failures[-1]
        if last.missing == "failed" or not self._answered:
            raise GaokerenaError(
                f"{self._transport.shown_url} {last.detail}: {len(self._failures)} questions in a "
                "row; what was answered is kept, run the same command again to go on"
            )
