"""The endpoint client against a local server that fails in every way."""

import json

import pytest

from gaokerena_data.errors import GaokerenaError
from tests.training.evaluation.conftest import chat_server
from training.evaluation.systems.endpoint import Endpoint
from training.evaluation.systems.opening import open_model
from training.models.decoding import Decoding

DECODING = Decoding(max_new_tokens=16)
type Reply = str | tuple[int, dict[str, str], bytes]


def endpoint(url: str, pauses: list[float], retries: int = 3) -> Endpoint:
    return Endpoint("m", url, key_variable="EVAL_TEST_KEY", retries=retries, pause=pauses.append)


def test_answers_come_back_in_order_with_tokens() -> None:
    with chat_server(lambda prompt: f"جواب {prompt}") as server:
        found = endpoint(server.url, []).generate(["یک", "دو", "سه"], DECODING)
    assert [answer.text for answer in found] == ["جواب یک", "جواب دو", "جواب سه"]
    assert [answer.tokens for answer in found] == [2, 2, 2]


def test_a_passing_failure_is_tried_again_with_growing_pauses() -> None:
    replies: list[Reply] = [(503, {}, b""), (429, {"Retry-After": "7"}, b""), (200, {}, b"<"), "ok"]
    pauses: list[float] = []
    with chat_server(lambda _: replies.pop(0)) as server:
        assert endpoint(server.url, pauses).generate(["x"], DECODING)[0].text == "ok"
    assert len(pauses) == 3
    assert pauses[1] == 7
    assert 0.5 <= pauses[0] <= 1 < pauses[2] <= 4


def test_a_lasting_failure_says_so_and_keeps_what_is_there() -> None:
    with (
        chat_server(lambda _: (500, {}, b"")) as server,
        pytest.raises(GaokerenaError, match=r"answered 500, 3 times in a row.*run the same"),
    ):
        endpoint(server.url, [], retries=2).generate(["x"], DECODING)
    assert len(server.prompts) == 3


def test_nobody_listening_is_a_clear_error() -> None:
    with pytest.raises(GaokerenaError, match="failed"):
        endpoint("http://127.0.0.1:9/v1", [], retries=1).generate(["x"], DECODING)


def test_the_key_comes_from_the_environment_and_is_never_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EVAL_TEST_KEY", "sk-invented-key")
    body = json.dumps({"error": {"message": "bad key sk-invented-key"}}).encode()
    with chat_server(lambda _: (401, {}, body)) as server:
        with pytest.raises(GaokerenaError, match="401") as caught:
            endpoint(server.url, []).generate(["x"], DECODING)
        assert server.headers[0]["Authorization"] == "Bearer sk-invented-key"
    assert "sk-invented-key" not in str(caught.value)
    assert len(server.prompts) == 1


@pytest.mark.parametrize("body", [b"{}", b'{"choices": []}', b'{"choices": [{"message": 3}]}'])
def test_a_reply_of_another_shape_is_a_clear_error(body: bytes) -> None:
    with (
        chat_server(lambda _: (200, {}, body)) as server,
        pytest.raises(GaokerenaError, match="OpenAI-compatible"),
    ):
        endpoint(server.url, []).generate(["x"], DECODING)


def test_an_endless_reply_is_cut_off() -> None:
    with (
        chat_server(lambda _: (200, {}, b" " * (9 * 2**20))) as server,
        pytest.raises(GaokerenaError, match="more than"),
    ):
        endpoint(server.url, []).generate(["x"], DECODING)


def test_an_endpoint_takes_no_adapter_and_scores_no_text() -> None:
    with pytest.raises(GaokerenaError, match="no adapter"):
        open_model("m", adapter="a", endpoint="http://127.0.0.1:9/v1")
    with pytest.raises(GaokerenaError, match="method generate"):
        open_model("m", endpoint="http://127.0.0.1:9/v1").score_choices(["q"], ["[A]"])
