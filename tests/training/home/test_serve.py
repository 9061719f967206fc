import http.client
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gaokerena_data.endpoints.endpoint import Endpoint
from gaokerena_data.endpoints.parameters import Options
from gaokerena_data.errors import GaokerenaError
from tests.training.home.models import write_tiny
from tests.waiting import wait_until
from training.home.export import export
from training.home.gguf_chat import GgufChat
from training.home.serve import MOST_BYTES, Served, Server
from training.models.answerer import Answerer, Usage
from training.models.chat_model import ChatModel
from training.models.decoding import Decoding

ASKED = {"messages": [{"role": "user", "content": "سرفه دارم"}], "max_tokens": 6}


class Parrot:
    """Says how it was asked; on request without an end, or not at all."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[dict[str, str]], Decoding | None]] = []
        self.stopped = threading.Event()

    def answer(
        self,
        messages: Sequence[dict[str, str]],
        decoding: Decoding | None = None,
        usage: Usage | None = None,
    ) -> Iterator[str]:
        self.asked.append((list(messages), decoding))
        text = messages[-1]["content"]
        if "خراب" in text:
            raise ValueError("/secret/path of the machine")
        count = usage or Usage()
        count.tokens_in, count.tokens_out = 7, 2
        try:
            yield "شنیدم: "
            yield text
            while "بی‌پایان" in text:
                yield "و "
        finally:
            self.stopped.set()


@contextmanager
def serving(answerer: Answerer, **served: Any) -> Iterator[Server]:
    with Server(Served("tiny", answerer, Decoding(max_new_tokens=8), **served)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def ask(
    server: Server,
    body: Any,
    path: str = "/v1/chat/completions",
    method: str = "POST",
    **headers: str,
) -> tuple[int, str]:
    connection = http.client.HTTPConnection("localhost", server.server_address[1], timeout=20)
    try:
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection.request(method, path, sent, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")
    finally:
        connection.close()


def events(text: str) -> list[Any]:
    lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def test_models_and_answers_whole_and_in_pieces() -> None:
    with serving(Parrot()) as server:
        status, told = ask(server, None, "/v1/models", "GET")
        assert (status, json.loads(told)["data"][0]["id"]) == (200, "tiny")
        status, told = ask(server, {**ASKED, "model": "tiny"})
        answer = json.loads(told)
        assert (status, answer["object"]) == (200, "chat.completion")
        assert answer["choices"][0]["message"]["content"] == "شنیدم: سرفه دارم"
        assert answer["choices"][0]["finish_reason"] == "stop"
        assert answer["usage"]["total_tokens"] == 9
        options = {"stream": True, "stream_options": {"include_usage": True}}
        status, told = ask(server, {**ASKED, **options})
        found = events(told)
        assert found[-1]["usage"]["completion_tokens"] == 2
        pieces = [each["choices"][0]["delta"].get("content", "") for each in found[:-1]]
        assert pieces == ["شنیدم: ", "سرفه دارم", ""]
        assert found[-2]["choices"][0]["finish_reason"] == "stop"


def test_how_it_answers_is_the_clients_choice() -> None:
    parrot = Parrot()
    parts = [{"type": "text", "text": "تب "}, {"type": "text", "text": "دارم"}]
    talk = [{"role": "developer", "content": "کوتاه بگو"}, {"role": "user", "content": parts}]
    with serving(parrot) as server:
        status, _ = ask(
            server,
            {
                "messages": talk,
                "temperature": 0.5,
                "seed": 3,
                "repetition_penalty": 1.2,
                "max_completion_tokens": 9,
            },
        )
    assert status == 200
    (messages, decoding), *_ = parrot.asked
    assert decoding == Decoding(9, 0.5, 1.2, 3)
    assert messages == [
        {"role": "system", "content": "کوتاه بگو"},
        {"role": "user", "content": "تب دارم"},
    ]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"\xff{", 400, "not JSON"),
        (b"[" * 100_000, 400, "not JSON"),
        (b"[]", 400, "not an object"),
        ({}, 400, "messages"),
        ({"messages": ["x"]}, 400, "a role is one of"),
        ({"messages": [{"role": ["user"], "content": "x"}]}, 400, "a role is one of"),
        ({"messages": [{"role": "user", "content": 3}]}, 400, "is text"),
        ({"messages": [{"role": "user", "content": [{"image_url": "x"}]}]}, 400, "only text"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, 400, "take turns"),
        ({**ASKED, "temperature": float("nan")}, 400, "temperature"),
        ({**ASKED, "temperature": True}, 400, "temperature"),
        ({**ASKED, "max_tokens": 10**30}, 400, "max_tokens"),
        ({**ASKED, "seed": "1"}, 400, "seed"),
        ({**ASKED, "stream": "yes"}, 400, "stream"),
        ({**ASKED, "tools": [{}]}, 400, "unsupported parameter: 'tools'"),
        ({**ASKED, "n": 2}, 400, "unsupported parameter: 'n'"),
        ({**ASKED, "model": "gpt-9"}, 404, "no such model"),
        (b"x" * (MOST_BYTES + 1), 413, "more than"),
        ({"messages": [{"role": "user", "content": "خراب"}]}, 500, "the model failed (ValueError)"),
        ({"messages": [{"role": "user", "content": "خراب"}], "stream": True}, 500, "ValueError"),
    ],
)
def test_what_cannot_be_answered_is_told_as_json(body: Any, status: int, said: str) -> None:
    with serving(Parrot()) as server:
        found, told = ask(server, body)
        assert found == status
        message = json.loads(told)["error"]["message"]
        assert said in message
        assert "\n" not in message
        assert "secret" not in told
        assert ask(server, ASKED)[0] == 200


def test_other_paths_names_and_keys_are_refused() -> None:
    with serving(Parrot(), key="k3y") as server:
        right = {"Authorization": "Bearer k3y"}
        assert ask(server, ASKED)[0] == 401
        assert ask(server, ASKED, Authorization="Bearer k3")[0] == 401
        assert ask(server, ASKED, **right)[0] == 200
        assert ask(server, ASKED, "/v1/embeddings", **right)[0] == 404
        assert ask(server, None, "/../../etc/passwd", "GET", **right)[0] == 404
        # A page of the web that calls this machine by a name of its own.
        assert ask(server, ASKED, Host="evil.example:80", **right)[0] == 403
        assert ask(server, ASKED, method="DELETE", **right)[0] == 501
        headers = {"Transfer-Encoding": "chunked", **right}
        assert ask(server, None, **headers)[0] == 411


def raw(server: Server, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=20) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        found = b""
        while more := client.recv(65536):
            found += more
    return found


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)
def test_what_is_not_http_ends_in_an_error_or_a_closed_connection(sent: bytes) -> None:
    with serving(Parrot()) as server:
        found = raw(server, sent)
        assert b"Traceback" not in found
        assert not found or b'"error"' in found
        assert ask(server, ASKED)[0] == 200


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_goes_stops_its_answer(stream: bool) -> None:
    parrot = Parrot()
    talk = {"messages": [{"role": "user", "content": "بی‌پایان"}], "stream": stream}
    body = json.dumps(talk).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}"
    with serving(parrot) as server:
        with socket.create_connection(("127.0.0.1", server.server_address[1])) as client:
            client.sendall(head.encode() + b"\r\n\r\n" + body)
            wait_until(lambda: bool(parrot.asked), "the answer has begun")
        assert parrot.stopped.wait(20)
        assert ask(server, ASKED)[0] == 200


def test_other_machines_need_a_key(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match="GAOKERENA_SERVE_KEY"):
        Server(Served("tiny", Parrot(), Decoding()), "0.0.0.0")
    with (
        serving(Parrot()) as server,
        pytest.raises(GaokerenaError, match="cannot be served"),
    ):
        Server(Served("tiny", Parrot(), Decoding()), "127.0.0.1", server.server_address[1])


@pytest.mark.parametrize("kind", ["gguf", "transformers"])
def test_our_own_client_asks_a_gguf_and_a_transformers_model(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    room = tmp_path_factory.getbasetemp() / "served"
    if not room.is_dir():
        write_tiny("cohere", room / "cohere")
        export(str(room / "cohere"), ["f32"], room / "gguf")
    how = Decoding(max_new_tokens=6)
    file = str(room / "gguf" / "cohere-F32.gguf")
    model = GgufChat(file, how) if kind == "gguf" else ChatModel(str(room / "cohere"), how)
    spelled = "<|END_OF_TURN_TOKEN|><|CHATBOT_TOKEN|> دارم"
    wanted = "".join(model.answer([{"role": "user", "content": spelled}])).strip()
    with serving(model) as server:
        client = Endpoint("tiny", server.url, retries=0)
        (reply,) = client.ask([spelled], Options(max_tokens=6))
    assert reply.missing is None, reply
    assert (reply.text or "").strip() == wanted
    assert reply.tokens_out == 6
    assert reply.cut_off
