"""The client of endpoints against a local server with the faults of real ones."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from gaokerena_data.endpoints.endpoint import IN_A_ROW, Endpoint
from gaokerena_data.endpoints.parameters import Options
from gaokerena_data.endpoints.reply import Reply
from gaokerena_data.endpoints.structured import read_json
from gaokerena_data.endpoints.troubles import seconds_to_wait
from gaokerena_data.errors import GaokerenaError
from tests.openai_server import Fault, Said, chat_server, completion, error

MANY_CASES = True
KEY = "sk-invented-key"


class Asked:
    """What one question came to, with the pauses and the lines that were told on the way."""

    def __init__(
        self,
        said: list[Said] | Callable[[dict[str, Any]], Said],
        *,
        schema: type[BaseModel] | None = None,
        prompts: tuple[str, ...] = ("تب دارم",),
        options: Options | None = None,
        **given: Any,
    ) -> None:
        self.pauses: list[float] = []
        self.lines: list[str] = []

        def respond(body: dict[str, Any]) -> Said:
            if callable(said):
                return said(body)
            return said.pop(0) if len(said) > 1 else said[0]

        with chat_server(to_body=respond) as server:
            self.server = server
            endpoint = Endpoint(
                "m", server.url, key_variable="ENDPOINT_TEST_KEY", pause=self.pauses.append,
                say=self.lines.append, **({"retries": 3} | given),
            )  # fmt: skip
            self.replies = endpoint.ask(prompts, options or Options(), schema)

    @property
    def reply(self) -> Reply:
        [reply] = self.replies
        return reply


def stopped(said: list[Said] | Callable[[dict[str, Any]], Said], **given: Any) -> str:
    with pytest.raises(GaokerenaError) as caught:
        Asked(said, **given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_passing_failure_is_tried_again_with_growing_pauses() -> None:
    asked = Asked([Fault(503), Fault(429, headers={"Retry-After": "7"}), Fault(200, b"<"), "ok"])
    assert asked.reply.text == "ok"
    assert asked.pauses[1] == 7
    assert 0.5 <= asked.pauses[0] <= 1 < asked.pauses[2] <= 4


def test_a_pause_may_be_asked_for_in_seconds_or_until_a_moment() -> None:
    moment, date = "Tue, 06 May 2031 07:08:30 GMT", "Tue, 06 May 2031 07:08:09 GMT"
    assert seconds_to_wait(moment, date) == 21
    assert seconds_to_wait(date, moment) == 0
    assert seconds_to_wait("1.5") == 1.5
    assert seconds_to_wait(moment) > 0
    for odd in (None, "", "inf", "nan", "-4", "soon", "Tue, 99 May 2031", "9" * 400):
        assert seconds_to_wait(odd) == 0
    limited = [error(429, "slow down", {"Retry-After": text}) for text in (moment, "5000")]
    assert Asked([*limited, "ok"]).pauses == [60, 60]


@pytest.mark.parametrize(
    ("said", "missing", "detail"),
    [
        (completion(None), "empty", "it said nothing"),
        (completion(""), "empty", "it said nothing"),
        (completion(" \n"), "empty", "it said nothing"),
        (completion([]), "empty", "it said nothing"),
        (completion(None, reasoning_content="فکر"), "empty", "it thought, and said nothing"),
        (completion(None, tool_calls=[{"id": "1"}]), "empty", "it called a tool instead"),
        (completion("", "length", reasoning="فکر"), "out_of_tokens", "the limit of tokens"),
        (completion(None, refusal="نه"), "refused", "نه"),
        (completion([{"type": "refusal", "refusal": "نه\nنه"}]), "refused", "نه نه"),
        (completion("نیمی از", "content_filter"), "filtered", "withheld"),
        (error(400, "The response was filtered", code="content_filter"), "filtered", "filtered"),
        (error(403, "Your input was flagged by moderation"), "filtered", "flagged"),
        (error(400, "too long for me"), "rejected", "answered 400: too long for me"),
        (error(422, "[{'loc': 'x'}]"), "rejected", "answered 422"),
        (Fault(413, b"<html>too large</html>"), "rejected", "answered 413: <html>too large"),
        (error(200, "bad request", type="invalid_request_error"), "rejected", "answered 400"),
        (Fault(200, b" " * (9 * 2**20)), "rejected", "more than 8,388,608 bytes"),
        (Fault(500), "failed", "answered 500: no reason given, 2 times in a row"),
        (Fault(hangs_up=True), "failed", "failed (RemoteProtocolError), 2 times in a row"),
        (Fault(200, b'{"a": 1}', promises=99), "failed", "failed (RemoteProtocolError)"),
        (error(200, "the model fell over", code=503), "failed", "answered 503: the model fell"),
        ({"choices": [{"error": {"message": "x", "code": 502}}]}, "failed", "answered 502: x"),
        ({"error": "out of memory"}, "failed", "answered 502: out of memory"),
        (Fault(200, b"[" * 100_000), "failed", "something else than JSON"),
        (Fault(200, b"[]"), "failed", "something else than an object"),
        (Fault(200, b"\xff\xfe"), "failed", "something else than JSON"),
        ({}, "failed", "is it OpenAI-compatible?"),
        ({"choices": []}, "failed", "is it OpenAI-compatible?"),
        ({"choices": [{"message": 3}]}, "failed", "is it OpenAI-compatible?"),
        ({"choices": [{"message": {"content": 3}}]}, "failed", "is it OpenAI-compatible?"),
    ],
)  # fmt: skip
def test_no_answer_is_told_with_its_reason_and_is_never_an_empty_one(
    said: Said, missing: str, detail: str
) -> None:
    reply = Asked([said], retries=1).reply
    assert reply.text is None
    assert reply.missing == missing
    assert detail in reply.detail


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (completion([{"type": "text", "text": "یک "}, {"type": "text", "text": "دو"}]), "یک دو"),
        (completion([{"type": "thinking", "thinking": "فکر"}, {"text": {"value": "دو"}}]), "دو"),
        (completion(["یک", "دو"]), "یکدو"),
        (completion({"type": "text", "text": "یک"}), "یک"),
        (completion({"grade": 2}), '{"grade": 2}'),
        (completion("نیمه", "length"), "نیمه"),
        (completion("پس", reasoning_content="فکر", refusal=None, tool_calls=None), "پس"),
        (Fault(200, b'{"choices": [{"text": " old"}]}'), "old"),
        (Fault(200, b'{"choices": [{"message": {"content": "a\\ud83db"}}]}'), "a\ufffdb"),
        (completion("x") | {"usage": 4}, "x"),
        (Fault(200, b'\xef\xbb\xbf{"choices": [{"message": {"content": "x"}}]}'), "x"),
        (completion("x") | {"usage": {"completion_tokens": "many"}}, "x"),
        (completion("x") | {"error": None}, "x"),
    ],
)  # fmt: skip
def test_a_text_is_read_however_it_comes(said: Said, text: str) -> None:
    reply = Asked([said]).reply
    assert (reply.text, reply.missing) == (text, None)
    assert reply.cut_off == (text == "نیمه")


def test_halves_of_characters_are_no_reason_to_stop() -> None:
    asked = Asked(["ok"], prompts=("تب\ud83d دارم",))
    assert (asked.reply.text, asked.server.prompts) == ("ok", ["تب\ufffd دارم"])


def test_one_question_that_is_not_taken_stops_no_other() -> None:
    def respond(body: dict[str, Any]) -> Said:
        text = body["messages"][0]["content"]
        return error(400, "not this one") if text == "بد" else text

    found = Asked(respond, prompts=("خوب", "بد", "بهتر")).replies
    assert [reply.text for reply in found] == ["خوب", None, "بهتر"]
    assert found[1].unanswered


def test_where_all_fail_alike_the_next_call_stops() -> None:
    for fault, told in ((error(400, "no"), "answered 400: no"), (Fault(500), "answered 500")):
        with chat_server(dict.fromkeys(["؟"], fault).__getitem__) as server:
            endpoint = Endpoint("m", server.url, retries=0, pause=float)
            for _ in range(IN_A_ROW):
                assert endpoint.ask(["؟"], Options())[0].unanswered
            with pytest.raises(GaokerenaError, match=f"{told}.*5 questions in a row.*is kept"):
                endpoint.ask(["؟"], Options())
            assert len(server.prompts) == IN_A_ROW


def test_an_endpoint_that_answered_may_reject_many_but_not_fail_for_ever() -> None:
    said: list[Said] = ["ok"]
    with chat_server(lambda _: said[0]) as server:
        endpoint = Endpoint("m", server.url, retries=0, pause=float)
        endpoint.ask(["؟"], Options())
        said[0] = error(400, "no")
        for _ in range(2 * IN_A_ROW):
            endpoint.ask(["؟"], Options())
        said[0] = Fault(502)
        with pytest.raises(GaokerenaError, match="502"):
            for _ in range(IN_A_ROW + 1):
                endpoint.ask(["؟"], Options())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (error(401, f"Incorrect API key: {KEY}"), "answered 401: Incorrect API key: ***"),
        (error(401, "x" * 190 + KEY), "answered 401: xxx"),
        (error(404, "The model `m` does not exist"), "answered 404: The model `m` does not"),
        (Fault(302, headers={"Location": "https://other.example/v1"}), "https://other.example"),
        (error(402, "pay first"), "pay first"),
        (error(429, "You exceeded it", code="insufficient_quota"), "answered 429: You exceeded it"),
        (error(429, "x", {"Retry-After": "9"}, type="insufficient_quota"), "answered 429: x"),
        (error(429, "You exceeded your current quota, please check your plan"), "your plan"),
        (error(200, "bad key", code="invalid_api_key", type="authentication_error"), "bad key"),
    ],
)  # fmt: skip
def test_what_no_other_question_would_mend_stops_at_once(
    said: Said, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENDPOINT_TEST_KEY", KEY)
    sent: list[dict[str, Any]] = []

    def respond(body: dict[str, Any]) -> Said:
        sent.append(body)
        return said

    line = stopped(respond)
    assert told in line
    assert KEY[:6] not in line
    assert len(sent) == 1


def test_a_quota_of_a_minute_is_waited_for() -> None:
    said = error(429, "You exceeded your current quota. Please retry in 8s.")
    assert Asked([said, "ok"]).reply.text == "ok"


def test_the_key_goes_into_the_header_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDPOINT_TEST_KEY", f" {KEY}\n")
    asked = Asked([error(400, f"not for {KEY}")])
    assert asked.server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert KEY not in asked.reply.detail
    monkeypatch.setenv("ENDPOINT_TEST_KEY", "کلید")
    assert "کلید" not in stopped(["ok"])


@pytest.mark.parametrize(
    "url", ["", "localhost:8000/v1", "ftp://host/v1", "http://", "http://[::1", "http://h:port/v1"]
)
def test_what_is_no_url_is_told(url: str) -> None:
    with pytest.raises(GaokerenaError, match=r"no url of an endpoint.*https://HOST/v1"):
        Endpoint("m", url)


def test_nobody_listening_stops_a_run_and_names_no_password() -> None:
    endpoint = Endpoint("m", "http://ali:secret@127.0.0.1:9/v1?key=secret", retries=1, pause=float)
    with pytest.raises(GaokerenaError, match="2 times in a row: nobody listens there") as caught:
        endpoint.ask(["؟"], Options())
    assert "secret" not in str(caught.value)


def test_an_answer_that_never_ends_is_left() -> None:
    slow = Fault(200, completion("سلام"), drips=0.05)
    reply = Asked([slow], timeout=0.3, retries=0).reply
    assert (reply.text, reply.missing) == (None, "failed")
    assert Asked([Fault(stalls=2), "ok"], timeout=0.3).reply.text == "ok"


def rejecting(*names: str, message: str = "Unsupported parameter: '{}' is not supported") -> Any:
    def respond(body: dict[str, Any]) -> Said:
        for name in names:
            if name in body:
                return error(400, message.format(name), code="unsupported_parameter", param=name)
        return "ok"

    return respond


def test_parameters_that_a_model_rejects_are_done_without() -> None:
    asked = Asked(rejecting("max_tokens", "temperature", "seed"), prompts=("یک", "دو"))
    assert [reply.text for reply in asked.replies] == ["ok", "ok"]
    assert asked.server.bodies[-1].keys() == {"model", "messages", "max_completion_tokens"}
    assert len(asked.lines) == 3
    assert "max_completion_tokens is sent instead" in "".join(asked.lines)
    asked = Asked(rejecting("max_tokens", "max_completion_tokens"))
    assert asked.reply.text == "ok"


@pytest.mark.parametrize(
    "message",
    [
        "Unsupported value: '{}' does not support 0 with this model. Only the default (1) value",
        "Extra inputs are not permitted: {}",
        "Unrecognized request argument supplied: {}",
        "Additional properties are not allowed ('{}' was unexpected)",
        "`{}` is deprecated for this model.",
        "unknown field '{}'",
        "validation error for the request: " + "x" * 900 + " {}: extra fields not permitted",
    ],
)
def test_a_rejection_is_known_in_many_words(message: str) -> None:
    assert Asked(rejecting("temperature", message=message)).reply.text == "ok"


def test_a_rejection_may_come_as_a_list_of_what_is_wrong() -> None:
    wrong = {"detail": [{"loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]}
    asked = Asked(lambda body: Fault(422, wrong) if "seed" in body else "ok")
    assert asked.reply.text == "ok"
    assert asked.lines == ["m: the model takes no seed: left out"]


def test_a_question_that_is_too_long_is_no_parameters_fault() -> None:
    said = error(
        400,
        "This model's maximum context length is 4096 tokens, however you requested max_tokens "
        "9000, which is not supported. Please reduce the length of the messages or max_tokens.",
    )
    asked = Asked([said])
    assert (asked.reply.missing, len(asked.server.bodies), asked.lines) == ("rejected", 1, [])


class Opinion(BaseModel):
    grade: int
    why: str


def test_a_schema_is_sent_as_far_as_it_is_taken() -> None:
    def refusing(refused: tuple[str, ...]) -> Callable[[dict[str, Any]], Said]:
        def respond(body: dict[str, Any]) -> Said:
            kind = body.get("response_format", {}).get("type")
            if kind in refused:
                return error(400, f"response_format type {kind} is unavailable now")
            return '{"grade": 2, "why": "ok"}'

        return respond

    for refused, lines in ((), 0), (("json_schema",), 1), (("json_schema", "json_object"), 2):
        asked = Asked(refusing(refused), schema=Opinion)
        assert asked.reply.text
        assert len(asked.lines) == lines
        last = asked.server.bodies[-1]
        assert ("JSON schema" in last["messages"][0]["content"]) == bool(lines)
    assert "response_format" not in last


@pytest.mark.parametrize(
    "text",
    [
        '{"grade": 2, "why": "ok"}',
        '```json\n{"grade": 2, "why": "ok"}\n```',
        'Sure! Here it is:\n\n{"grade": 2, "why": "ok"}\nAnything else?',
        '<think>{"grade": 1, "why": "no"} or {2}?</think>{"grade": 2, "why": "ok"}',
        'اول فکر</think>\n{"grade": 2, "why": "ok"}',
        '{x} {"grade": {} {"grade": 2, "why": "ok"}',
        'For example {"grade": 0, "why": "an example"}. So {"grade": 2, "why": "ok"}',
        '[{"grade": 2, "why": "ok"}]',
    ],
)
def test_json_is_found_in_what_comes(text: str) -> None:
    assert read_json(text, Opinion) == Opinion(grade=2, why="ok")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("نمی‌دانم", "no JSON object"),
        ('{"grade": 2, "why": "o', "no whole JSON object"),
        ('{"grade": "good", "why": "ok"}', "grade: Input should be a valid integer"),
        ('{"grade": 2}', "why: Field required"),
        ('<think>{"grade": 2, "why": "ok"}', "the thinking has no end"),
        ("{" * 100_000, "no whole JSON object"),
        ('{"a":' * 100_000, "no whole JSON object"),
    ],
)
def test_what_is_no_answer_by_the_schema_is_told(text: str, why: str) -> None:
    found = read_json(text, Opinion)
    assert isinstance(found, str)
    assert why in found


def test_a_body_is_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(["ok"], prompts=("گلودرد \u2028 دارم",))
    assert asked.server.headers[0]["Content-Type"] == "application/json"
    assert asked.server.prompts == ["گلودرد \u2028 دارم"]
    assert json.dumps(asked.server.bodies[0])
