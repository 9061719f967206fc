"""Chains of thought asked several times, gone on with, and a verifier on what does not agree."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.errors import GaokerenaError
from tests.openai_server import chat_server
from training.evaluation.asking.answer_log import read_log
from training.evaluation.chains.prompts import CHAIN_FORMS
from training.evaluation.chains.run_files import collect_runs
from training.evaluation.chains.runs import run_chains
from training.evaluation.chains.verifier import verifier_prompt, without_adapter
from training.evaluation.questions.benchmarks import Item
from training.evaluation.systems.model import Generation
from training.models.decoding import Decoding

ITEMS = [
    Item(f"ibmsee-{n}", "ibmsee", n, f"پرسش {n} {{بند}}؟", ("کبد", "کلیه", "طحال", "ریه"), "A")
    for n in range(5)
]
SAMPLED = Decoding(temperature=1.0, seed=3)


class Drawing:
    """A model that says which seed it was given."""

    name = "drawing"

    def __init__(self, stops_after: int = 99) -> None:
        self.seeds: list[int] = []
        self.prompts: list[str] = []
        self._left = stops_after

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Generation]:
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        self.seeds.append(decoding.seed)
        self.prompts += prompts
        return [Generation(f"{decoding.seed}: [B]", 5, 0.0) for _ in prompts]

    def score_choices(
        self, prompts: Sequence[str], continuations: Sequence[str]
    ) -> list[list[float]]:
        raise NotImplementedError


def ask(model: Drawing, folder: Path, runs: int = 3, decoding: Decoding = SAMPLED) -> list[Path]:
    return run_chains(
        model, ITEMS, folder, prompt="ours", runs=runs, file_name="m", batch_size=2,
        decoding=decoding,
    )  # fmt: skip


def answers(path: Path) -> list[str]:
    return [entry["answer"] for entry in read_log(path)]


def gaokerena(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def test_every_batch_of_every_run_draws_anew_and_the_same_again(tmp_path: Path) -> None:
    first, second = Drawing(), Drawing()
    paths = ask(first, tmp_path / "a")
    assert [path.relative_to(tmp_path / "a").as_posix() for path in paths] == [
        f"ibmsee/m/run-{n}.jsonl" for n in (1, 2, 3)
    ]
    assert len(set(first.seeds)) == 9  # three batches in each of three runs
    ask(second, tmp_path / "b")
    assert first.seeds == second.seeds


def test_a_run_that_was_stopped_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = ask(Drawing(), tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        ask(Drawing(stops_after=4), tmp_path / "stopped")
    rest = Drawing()
    gone_on = ask(rest, tmp_path / "stopped")
    assert len(rest.seeds) == 5
    assert [answers(path) for path in gone_on] == [answers(path) for path in whole]
    more = Drawing()
    assert len(ask(more, tmp_path / "whole", runs=4)) == 4
    assert len(more.seeds) == 3


def test_runs_that_would_all_be_the_same_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match="2 runs at temperature 0 are all the same"):
        ask(Drawing(), tmp_path, runs=2, decoding=Decoding())
    assert len(ask(Drawing(), tmp_path, runs=1, decoding=Decoding())) == 1


def test_other_settings_do_not_go_on_in_the_same_runs(tmp_path: Path) -> None:
    ask(Drawing(), tmp_path)
    with pytest.raises(GaokerenaError, match="says other decoding"):
        ask(Drawing(), tmp_path, decoding=Decoding(temperature=0.7, seed=3))


@pytest.mark.parametrize("name", sorted(CHAIN_FORMS))
def test_a_prompt_asks_for_steps_and_one_option(name: str) -> None:
    prompt = CHAIN_FORMS[name].prompt(ITEMS[0].question, ITEMS[0].options)
    assert "گام به گام" in prompt
    assert "{بند}" in prompt
    assert "[D] : ریه" in prompt


def exam(folder: Path) -> Path:
    """A benchmark of three questions whose right option is the first."""
    folder.mkdir()
    rows = [
        {"Question": f"کدام اندام {n}؟", "Correct answer": 1}
        | {f"Option{k}": text for k, text in enumerate(("کبد", "کلیه", "طحال", "ریه"), 1)}
        for n in range(3)
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "ibmsee.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_a_verifier_behind_an_endpoint_chooses_where_runs_do_not_agree(tmp_path: Path) -> None:
    """The first question is agreed on; in the others each run says another option."""
    said: dict[str, int] = {}

    def answer(body: dict[str, Any]) -> str:
        prompt = str(body["messages"][-1]["content"])
        if body["model"] == "verifier":
            return "پاسخ نهایی: [A]" if "کدام اندام 1" in prompt else "نمی‌دانم."
        question = prompt.split("## پرسش\n")[1].split("\n", maxsplit=1)[0]
        said[question] = said.get(question, 0) + 1
        if "کدام اندام 0" in question:
            return "کبد صفرا می‌سازد.\nپاسخ نهایی: [A]"
        return f"گام نخست.\nپاسخ نهایی: [{'ABC'[said[question] % 3]}]"

    with chat_server(to_body=answer) as server:
        ask_runs = ["evaluate", "chains", "--model", "student", "--endpoint", server.url,
                    "--benchmark", "ibmsee", "--source", exam(tmp_path / "exam"), "--to",
                    tmp_path / "cot", "--runs", 3, "--name", "m"]  # fmt: skip
        gaokerena(*ask_runs)
        assert {body["temperature"] for body in server.bodies} == {1.0}
        assert len({body["seed"] for body in server.bodies}) == 3
        sum_up = ["evaluate", "self-consistency", tmp_path / "cot", "--to", tmp_path / "out",
                  "--verifier", "verifier", "--endpoint", server.url]  # fmt: skip
        gaokerena(*sum_up)
        asked = len(server.bodies)
        gaokerena(*sum_up)
        assert len(server.bodies) == asked + 1  # what it did not choose is asked again
    [row] = json.loads((tmp_path / "out" / "chains.json").read_text())["figures"]
    assert (row["by"], row["verifier"]) == ("rules", "verifier")
    assert (row["accuracy"], row["unanswered"]) == pytest.approx((1 / 3, 2 / 3))
    assert (row["verified_accuracy"], row["verified_unanswered"]) == pytest.approx((2 / 3, 1 / 3))
    # The summary stands in the report of all evaluations, too.
    report = tmp_path / "report"
    gaokerena("evaluate", "report", first_run(tmp_path), "--to", report, "--also",
              tmp_path / "out" / "chains.json")  # fmt: skip
    for form in ("md", "html", "json"):
        assert "verified" in (report / f"report.{form}").read_text(encoding="utf-8")


def first_run(folder: Path) -> Path:
    """A folder of answer files with the first run alone."""
    answers = folder / "first" / "ibmsee"
    answers.mkdir(parents=True)
    (answers / "m.jsonl").write_bytes((folder / "cot/ibmsee/m/run-1.jsonl").read_bytes())
    return answers.parent


def test_an_answer_cannot_end_its_marks_in_the_verifier_s_prompt(tmp_path: Path) -> None:
    ask(Drawing(), tmp_path)
    [found] = collect_runs(tmp_path, tmp_path / "out").sets
    prompt = verifier_prompt(found.questions[0])
    fence = next(line for line in prompt.split("\n") if line.startswith("====="))
    assert prompt.count(f"\n{fence}\n") == 6
    assert "{بند}" in prompt
    assert verifier_prompt(found.questions[1]) != prompt


def test_the_adapter_is_switched_off_for_the_verifier(
    tmp_path: Path, speaking_model: Callable[[str], Path]
) -> None:
    """The runs' settings name model and adapter: the verifier is that model alone."""
    base = speaking_model("پاسخ نهایی: [A]")
    paths = ask(Drawing(), tmp_path / "cot")
    [found] = collect_runs(tmp_path / "cot", tmp_path / "out").sets
    with pytest.raises(GaokerenaError, match="no model with an adapter"):
        without_adapter(found)
    for place, path in enumerate(paths):  # Runs that name three options.
        lines = path.read_text(encoding="utf-8").replace("[B]", f"[{'BCD'[place]}]")
        path.write_text(lines, encoding="utf-8")
    settings = paths[0].with_suffix(".settings.json")
    stated = json.loads(settings.read_text(encoding="utf-8"))
    stated |= {"model": str(base), "adapter": str(tmp_path / "adapter")}
    settings.write_text(json.dumps(stated), encoding="utf-8")
    gaokerena("evaluate", "self-consistency", tmp_path / "cot", "--to", tmp_path / "out",
              "--verifier", "adapter-off")  # fmt: skip
    [row] = json.loads((tmp_path / "out" / "chains.json").read_text())["figures"]
    assert (row["accuracy"], row["verified_accuracy"]) == (0.0, 1.0)


def test_a_local_model_draws_its_runs(tmp_path: Path, tiny_model: Path) -> None:
    words = ["evaluate", "chains", "--model", tiny_model, "--benchmark", "ibmsee",
             "--source", exam(tmp_path / "exam"), "--max-new-tokens", 4, "--runs", 2,
             "--name", "m"]  # fmt: skip
    for name in ("a", "b"):
        gaokerena(*words, "--to", tmp_path / name)
    first, second = (answers(tmp_path / f"a/ibmsee/m/run-{n}.jsonl") for n in (1, 2))
    assert first != second
    assert first == answers(tmp_path / "b/ibmsee/m/run-1.jsonl")
