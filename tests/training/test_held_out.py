"""The loss on rows that are not trained on: measured, drawn, kept by, and stopped by."""

import json
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, question
from tests.training.conftest import MakeRecipe
from tests.training.processes import Moment, run_until
from tests.training.texts import add_split, write_pairs
from training.runs.checkpoints import newest_checkpoint
from training.runs.recipe import load_recipe
from training.runs.tracking import read_metrics
from training.train import prepare, train


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty pairs to train on, and seven that are not."""
    folder = write_pairs(tmp_path_factory.mktemp("releases") / "mf3qa", 40)
    rows = [
        {"id": f"drhast-{n:016x}", "Question": question(n), "Answer": answer(n)}
        for n in range(100, 107)
    ]
    return add_split(folder, "dev", rows)


def changes(release: Path, *more: str) -> tuple[str, ...]:
    ground = ("model.adapter=null", "eval.every=1", "max_steps=4", "checkpoints.keep=1")
    return (f"dataset.name={release}", *ground, *more)


@pytest.mark.parametrize("method", ["packed", "padded_paper"])
def test_the_loss_is_that_of_every_held_out_token(
    workspace: Workspace, make_recipe: MakeRecipe, release: Path, tiny_cohere: Path, method: str
) -> None:
    """By hand, sequence by sequence, with the model before a step: a rate of nearly nothing."""
    more = (f"preparation.method={method}", "max_steps=1", "optimizer.learning_rate=1e-12")
    recipe = make_recipe("instruct", *changes(release, *more))
    run = train(recipe, workspace)
    held_out = prepare(recipe, Workspace(workspace.root / "other")).held_out
    model = AutoModelForCausalLM.from_pretrained(tiny_cohere).eval()
    total, count = 0.0, 0
    for row in held_out:
        start = 0
        for length in row.get("seq_lengths") or [len(row["input_ids"])]:
            ids = torch.tensor(row["input_ids"][start : start + length])[None]
            labels = torch.tensor(row["labels"][start : start + length])
            start += length
            with torch.no_grad():
                said = model(ids).logits[0, :-1].log_softmax(-1)
            for place, label in enumerate(labels[1:].tolist()):
                if label != -100:
                    total, count = total - float(said[place, label]), count + 1
    stated = run.read_metadata()
    assert stated["eval"]["sets"][0]["tokens"]["trained_tokens"] == count
    assert stated["eval_loss"] == pytest.approx(total / count, abs=1e-5)
    assert [line for line in read_metrics(run.metrics) if "eval_loss" in line] == [
        {"step": 1, "eval_loss": stated["eval_loss"]}
    ]


@pytest.mark.thorough
def test_the_best_step_is_kept_the_run_ends_early_and_a_kill_changes_nothing(
    tmp_path: Path, make_recipe: MakeRecipe, release: Path
) -> None:
    """Held-out answers are letters that no other answer has: training unlearns them."""
    letters = ["QXZJW" * 9, "VKQZX" * 9]
    rows = [{"id": f"drhast-{n:016x}", "Question": question(0), "Answer": answer}
            for n, answer in enumerate(letters)]  # fmt: skip
    release = add_split(write_pairs(tmp_path / "mf3qa", 40), "dev", rows)
    more = ("eval.patience=2", "optimizer.learning_rate=0.3", "max_steps=9")
    recipe = make_recipe("instruct", *changes(release, *more, "optimizer.warmup_share=0"))
    whole, killed = Workspace(tmp_path / "whole"), Workspace(tmp_path / "killed")
    run = train(recipe, whole)
    losses = {
        line["step"]: line["eval_loss"] for line in read_metrics(run.metrics) if len(line) == 2
    }
    stated = run.read_metadata()
    best = min(losses, key=lambda step: losses[step])
    assert stated["adapter_step"] == best
    assert stated["steps"] == best + 2 == max(losses) < 9
    kept = newest_checkpoint(run.checkpoints)
    assert kept is not None
    assert {path.name for path in run.checkpoints.iterdir()} == {f"checkpoint-{best}", kept.name}

    assert run_until(recipe, killed, Moment("batch", best)) == -9
    assert run_until(recipe, killed, Moment("adapter", best + 2)) == -9
    assert run_until(recipe, killed) == 0
    for name in ("adapter/adapter_model.safetensors", "loss.svg"):
        one, other = (each.run(recipe.name) / name for each in (whole, killed))
        assert one.read_bytes() == other.read_bytes()


def test_measuring_does_not_change_what_is_trained(
    tmp_path: Path, make_recipe: MakeRecipe, release: Path
) -> None:
    """Dropout draws the same numbers with and without."""
    written = []
    for number, more in enumerate((("eval=null",), ("eval.best=false",))):
        recipe = make_recipe("instruct", *changes(release, *more, "max_steps=3"))
        run = train(recipe, Workspace(tmp_path / str(number)))
        written.append((run.adapter / "adapter_model.safetensors").read_bytes())
    assert written[0] == written[1]


def test_what_is_missing_or_cut_off_is_said_before_training(
    workspace: Workspace, make_recipe: MakeRecipe, pairs: Path, release: Path
) -> None:
    without = prepare(make_recipe("instruct", *changes(pairs)), workspace)
    assert without.held_out is None
    assert without.notices[-1] == (
        "eval.split: mf3qa has no split dev: no held-out loss is measured, the last step is kept"
    )
    with pytest.raises(GaokerenaError, match=r"no split dev, by whose loss eval\.patience"):
        prepare(make_recipe("instruct", *changes(pairs, "eval.patience=2")), workspace)
    cut = prepare(make_recipe("instruct", *changes(release, "preparation.context=64")), workspace)
    assert any(line.startswith("held out: ") and "cut off" in line for line in cut.notices)
    few = prepare(make_recipe("instruct", *changes(release, "eval.rows=3")), workspace)
    assert few.metadata["eval"]["sets"][0]["tokens"]["documents"] == 3
    with pytest.raises(GaokerenaError, match=r"eval: split: that is the one that is trained on"):
        load_recipe("instruct", None, ["eval.split=train"])


def test_rows_of_ones_own_file_are_held_out(
    workspace: Workspace, make_recipe: MakeRecipe, pairs: Path, tmp_path: Path
) -> None:
    turns = [
        {"role": "user", "content": "سوزش معده دارم، چه کنم؟"},
        {"role": "assistant", "content": "وعده‌های کوچک‌تر بخورید و شب دیر غذا نخورید."},
    ]
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps({"messages": turns}, ensure_ascii=False) + "\n", "utf-8")
    prepared = prepare(make_recipe("instruct", *changes(pairs, f"eval.name={file}")), workspace)
    assert prepared.metadata["eval"]["sets"][0]["name"] == "mine.jsonl"
