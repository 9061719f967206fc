import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from transformers import AutoModelForCausalLM
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.errors import GaokerenaError
from tests.training.tiny_models import write_base, write_run
from training.chat import CLEARED, DISCLAIMER, STOPPED, Conversation
from training.models.adapters import adapter_chain, open_adapter
from training.models.answerer import Usage
from training.models.chat_model import ChatModel
from training.models.decoding import Decoding
from training.models.merge import merge

RLM = "\u200f"


class Parrot:
    """Says what it was told, with how many turns it was given, word by word."""

    def __init__(self, prefix: str = "", interrupt: bool = False) -> None:
        self.prefix, self.interrupt = prefix, interrupt
        self.closed = 0

    def answer(
        self,
        messages: Sequence[dict[str, str]],
        decoding: Decoding | None = None,
        usage: Usage | None = None,
    ) -> Iterator[str]:
        try:
            yield f"{len(messages)}:{self.prefix}"
            for word in messages[-1]["content"].split():
                yield f" {word}"
                if self.interrupt:
                    raise KeyboardInterrupt
        finally:
            self.closed += 1


def lines(*given: str) -> Callable[[], str]:
    rest = iter(given)

    def read() -> str:
        try:
            return next(rest)
        except StopIteration:
            raise EOFError from None

    return read


def talk(
    *given: str, parrot: Parrot | None = None, terminal: bool = False
) -> tuple[str, list[str]]:
    out = io.StringIO()
    conversation = Conversation(parrot or Parrot(), out, terminal)
    conversation.run(lines(*given))
    return out.getvalue(), [message["content"] for message in conversation.messages]


def test_the_disclaimer_comes_first_and_the_answer_knows_what_was_said() -> None:
    shown, said = talk("سرم درد می‌کند", "چند روز است؟")
    assert shown.startswith(DISCLAIMER[0])
    assert shown.index(DISCLAIMER[1]) < shown.index("1: سرم درد می‌کند")
    assert "3: چند روز است؟" in shown
    assert said == ["سرم درد می‌کند", "1: سرم درد می‌کند", "چند روز است؟", "3: چند روز است؟"]
    assert RLM not in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("command", ["/پاک", "/reset", " /RESET ", f"{RLM}/پاک"])
def test_a_conversation_is_begun_anew(command: str) -> None:
    shown, said = talk("یک", command, "دو")
    assert CLEARED in shown
    assert said == ["دو", "1: دو"]


@pytest.mark.parametrize("command", ["/exit", "/خروج", "/quit"])
def test_a_conversation_is_left(command: str) -> None:
    _, said = talk("یک", command, "دو")
    assert said == ["یک", "1: یک"]


def test_empty_lines_and_unknown_commands_are_not_asked() -> None:
    shown, said = talk("", "   ", "/unknown")
    assert not said
    assert shown.count("/reset") == 2


def test_an_interrupted_answer_stays_and_the_conversation_goes_on() -> None:
    parrot = Parrot(interrupt=True)
    shown, said = talk("یک دو", "سه", parrot=parrot)
    assert said == ["یک دو", "1: یک", "سه", "3: سه"]
    assert shown.count(STOPPED) == 2
    assert parrot.closed == 2


def test_an_interrupt_at_the_prompt_ends_it() -> None:
    def read() -> str:
        raise KeyboardInterrupt

    out = io.StringIO()
    Conversation(Parrot(), out, terminal=True).run(read)
    assert out.getvalue().endswith("\n\x1b[?2501l")


def test_every_line_on_a_terminal_is_marked_right_to_left() -> None:
    shown, said = talk("Metformin چیست", parrot=Parrot("Metformin\nAspirin"), terminal=True)
    assert shown.startswith("\x1b[?2501h")
    written = [line for line in shown.removeprefix("\x1b[?2501h").splitlines() if line]
    assert all(line.startswith((RLM, "\x1b[?2501l")) for line in written)
    assert RLM not in "".join(said)


def test_a_model_cannot_drive_the_terminal_or_hide_its_words() -> None:
    shown, _ = talk("خوبم", parrot=Parrot("\x1b]0;owned\x07\x1b[2J\u202eabc\u2066\r\x9b1m"))
    assert not set(shown) & set("\x1b\x07\u202e\u2066\r\x9b")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    base = write_base(folder / "base", context=512)
    model = AutoModelForCausalLM.from_pretrained(base)
    model = write_run(folder / "pretrain", model, "pretrain", base)
    parent = {
        "path": str(folder / "pretrain" / "adapter"),
        "sha256": open_adapter(folder / "pretrain").digest,
    }
    write_run(folder / "instruct", model, "instruct", base, parent=parent, rank=2, alpha=2)
    merge([folder / "pretrain", folder / "instruct"], folder / "merged")
    return folder


SHORT = Decoding(max_new_tokens=12)
TURN = [{"role": "user", "content": "برای سرفه خشک چه بخورم؟"}]


def test_a_run_its_adapter_folder_and_the_merged_model_say_the_same(room: Path) -> None:
    paths = ("merged", "instruct", "instruct/adapter", "merged/adapter")
    answers = ["".join(ChatModel(str(room / path), SHORT).answer(TURN)) for path in paths]
    assert len(set(answers)) == 1
    assert answers[0]
    assert answers[0] != "".join(ChatModel(str(room / "base"), SHORT).answer(TURN))


def test_an_adapter_whose_parent_has_gone_is_told(room: Path, tmp_path: Path) -> None:
    shutil.copytree(room / "base", tmp_path / "base")
    shutil.copytree(room / "instruct", tmp_path / "room" / "instruct")
    run = tmp_path / "room" / "instruct" / "run.json"
    gone = str(tmp_path / "gone")
    run.write_text(run.read_text().replace(str(room / "pretrain" / "adapter"), gone))
    with pytest.raises(GaokerenaError, match="is not there any more: merge them"):
        ChatModel(str(run.parent), SHORT)
    # Another adapter in its place is not it.
    shutil.copytree(room / "instruct" / "adapter", tmp_path / "room" / "pretrain" / "adapter")
    with pytest.raises(GaokerenaError, match="is not there any more: merge them"):
        ChatModel(str(run.parent), SHORT)


def test_a_parent_is_found_by_its_digest_whatever_it_is_called_now(
    room: Path, tmp_path: Path
) -> None:
    shutil.copytree(room / "pretrain", tmp_path / "runs" / "first-stage")
    shutil.copytree(room / "instruct", tmp_path / "runs" / "instruct")
    run = tmp_path / "runs" / "instruct" / "run.json"
    run.write_text(run.read_text().replace(str(room / "pretrain" / "adapter"), "runs/lost"))
    found = adapter_chain(run.parent)
    assert [each.folder.parent.name for each in found] == ["first-stage", "instruct"]


def test_the_oldest_turns_make_room(room: Path) -> None:
    model = ChatModel(str(room / "merged"), Decoding(max_new_tokens=100))
    turn = {"content": "از دیروز تب و لرز دارم و بدنم درد می‌کند " * 5}
    long = [{"role": role, **turn} for role in ("user", "assistant", "user", "assistant", "user")]
    whole = model._inputs(long[2:], 100)["input_ids"].shape[1]
    assert 200 < whole <= 412
    assert model._inputs(long, 100)["input_ids"].shape[1] == whole


def test_stopping_early_ends_the_generation(room: Path) -> None:
    model = ChatModel(str(room / "merged"), Decoding(max_new_tokens=300))
    pieces = model.answer(TURN)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert "".join(ChatModel(str(room / "merged"), SHORT).answer(TURN))


def test_sampling_repeats_with_its_seed(room: Path) -> None:
    def sampled(seed: int) -> str:
        decoding = Decoding(max_new_tokens=12, temperature=1.0, seed=seed)
        return "".join(ChatModel(str(room / "merged"), decoding).answer(TURN))

    assert sampled(1) == sampled(1)
    assert sampled(1) != sampled(2)


def test_lines_from_a_pipe_are_answered(room: Path) -> None:
    command = ["train", "chat", "--model", str(room / "merged"), "--max-new-tokens", "4"]
    done = CliRunner().invoke(app, command, input="سلام\n/پاک\nخداحافظ\n")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(DISCLAIMER[0])
    assert done.stdout.count("مدل: ") == 2
    assert "شما" not in done.stdout
