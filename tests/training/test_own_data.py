"""Data of one's own: conversations in files, system prompts, several sets mixed."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from transformers import AutoTokenizer
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, question
from tests.training.conftest import MakeRecipe
from training.dataset import check_rows, locate_dataset, read_rows
from training.models.base_model import answer_template
from training.preparation import IGNORED, prepare_sequences
from training.runs.recipe import Recipe
from training.runs.run_folder import RunFolder
from training.train import prepare

type Rows = list[dict[str, Any]]


def turns(*contents: str, system: str | None = None) -> Rows:
    roles = ("user", "assistant") * len(contents)
    spoken = [{"role": r, "content": c} for r, c in zip(roles, contents, strict=False)]
    return [*([{"role": "system", "content": system}] if system else []), *spoken]


def talk(number: int) -> Rows:
    return turns(question(number), answer(number), question(number + 1), answer(number + 1))


def write(file: Path, rows: Rows) -> Path:
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    file.write_text(lines, "utf-8")
    return file


def read(recipe: Recipe) -> tuple[Any, dict[str, Any]]:
    located = locate_dataset(recipe.dataset)
    rows, facts = read_rows(recipe.stage, recipe.dataset, located, recipe.seed)
    return rows, facts


@pytest.mark.parametrize("form", ["messages", "conversations", "parquet", "json"])
def test_a_file_is_read_in_any_of_its_forms(
    form: str, tmp_path: Path, make_recipe: MakeRecipe
) -> None:
    talks = [talk(number) for number in range(4)]
    file = tmp_path / f"talks.{form if form in ('parquet', 'json') else 'jsonl'}"
    if form == "conversations":
        names = {"user": "human", "assistant": "gpt"}
        given: Rows = [
            {"conversations": [{"from": names[t["role"]], "value": t["content"]} for t in each]}
            for each in talks
        ]
        write(file, given)
    elif form == "parquet":
        pq.write_table(
            pa.Table.from_pylist([{"messages": each, "note": 1} for each in talks]), file
        )
    elif form == "json":
        file.write_text(json.dumps([{"messages": each} for each in talks]), "utf-8")
    else:
        write(file, [{"messages": each} for each in talks])
    rows, facts = read(make_recipe("instruct", f"dataset.name={file}"))
    assert [list(row) for row in rows["messages"]] == talks
    assert (facts["rows"], facts["rows_used"]) == (4, 4)


@pytest.mark.parametrize("method", ["packed", "padded_paper"])
def test_every_answer_is_learnt_and_nothing_else(
    method: str, tmp_path: Path, make_recipe: MakeRecipe, tiny_cohere: Path
) -> None:
    own = "پرستار هستید و کوتاه جواب می‌دهید."
    given = turns("تب دارم", "چند روز است؟", "دو روز", "مایعات بنوشید", system=own)
    recipe = make_recipe(
        "instruct",
        f"dataset.name={write(tmp_path / 'talks.jsonl', [{'messages': given}])}",
        f"preparation.method={method}",
        "dataset.system=شما پزشک هستید.",
        "preparation.context=400",
    )
    rows, _ = read(recipe)
    assert rows[0]["messages"] == given  # its own system prompt stays
    tokenizer = AutoTokenizer.from_pretrained(tiny_cohere)
    template = answer_template(tokenizer, "tiny")
    made, counts = prepare_sequences(
        "instruct", rows, tokenizer, recipe.preparation, template, recipe.batch.size
    )
    ids, labels = made[0]["input_ids"], made[0]["labels"]
    learnt = tokenizer.decode([token for token in labels if token != IGNORED])
    end = "<|END_OF_TURN_TOKEN|>"
    assert own in tokenizer.decode(ids)
    if method == "packed":
        assert learnt == f"چند روز است؟{end}مایعات بنوشید{end}"
        assert counts["trained_tokens"] == sum(label != IGNORED for label in labels)
    else:
        assert labels == ids  # as the authors': all of it


def test_a_system_prompt_for_sets_that_have_none(pairs: Path, make_recipe: MakeRecipe) -> None:
    recipe = make_recipe("instruct", f"dataset.name={pairs}", "dataset.system=آرام پاسخ بده.")
    rows, _ = read(recipe)
    assert rows.num_rows == 40
    for row in rows:
        assert [turn["role"] for turn in row["messages"]] == ["system", "user", "assistant"]
        assert row["messages"][0]["content"] == "آرام پاسخ بده."


@pytest.mark.parametrize(
    ("until", "counts"), [("first_exhausted", (12, 4)), ("all_exhausted", (40, 13))]
)
def test_sets_are_mixed_by_weight(
    until: str, counts: tuple[int, int], pairs: Path, tmp_path: Path, make_recipe: MakeRecipe
) -> None:
    file = write(tmp_path / "talks.jsonl", [{"messages": talk(n)} for n in range(100, 104)])
    mix = f"dataset.mix=[{{name: {pairs}, weight: 3}}, {{name: {file}, weight: 1}}]"
    recipe = make_recipe("instruct", mix, f"dataset.mix_until={until}")
    rows, facts = read(recipe)
    lengths = [len(messages) for messages in rows["messages"]]
    assert (lengths.count(2), lengths.count(4)) == counts
    assert [each["rows_used"] for each in facts["sets"]] == list(counts)
    taken = [str(messages) for messages in rows["messages"]]
    if until == "first_exhausted":
        assert len(set(taken)) == len(taken)
    else:
        assert len(set(taken)) == 44
    again, same = read(recipe)
    assert (list(again["messages"]), same) == (list(rows["messages"]), facts)
    other = read(recipe.model_copy(update={"seed": 7}))[1]
    assert other["fingerprint"] != facts["fingerprint"] or until == "all_exhausted"


ROW = {"messages": turns("سردرد دارم", "استراحت کنید")}


@pytest.mark.parametrize(
    ("second", "line"),
    [
        ('{"messages": [', r"line 2: not JSON"),
        ('["messages"]', "line 2: no JSON object"),
        ({"text": "x"}, "line 2: it has no messages"),
        ({"messages": []}, "line 2: messages is no list of turns"),
        ({"messages": ["سلام"]}, "turn 1 is no object"),
        ({"messages": [{"role": "nurse", "content": "سلام"}]}, "unknown role 'nurse'"),
        ({"messages": [{"content": "سلام"}]}, "unknown role None"),
        ({"messages": turns("سرفه دارم", " \u200c\n"[:1])}, "turn 2: content is empty"),
        ({"messages": [*turns("سرفه دارم"), {"role": "assistant"}]}, "content is empty"),
        ({"messages": [{"role": "user", "content": 5}]}, "turn 1: content is no text"),
        ({"messages": turns("الف", "ب")[1:]}, "turn 1: the assistant answers before"),
        ({"messages": turns("الف", "ب")[:1] * 2}, "turn 2: the user speaks twice"),
        ({"messages": turns("الف", "ب") + turns("ج", "د")[1:]}, "the assistant speaks twice"),
        ({"messages": turns("الف", "ب", "ج")}, "line 2: the last turn is the user's"),
        ({"messages": turns("الف", "ب", system="ج")[:1]}, "the last turn is the system's"),
        ({"messages": turns("الف", "ب") + turns(system="ج")}, "turn 3: a system prompt stands"),
        ({"messages": [ROW["messages"][0], {**ROW["messages"][1], "weight": 0}]}, "not to be lea"),
        ('{"messages": [{"role": "user", "content": "\\ud800"}]}', "half a character"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_with_its_number(
    second: Any, line: str, tmp_path: Path, make_recipe: MakeRecipe
) -> None:
    file = write(tmp_path / "talks.jsonl", [ROW])
    text = second if isinstance(second, str) else json.dumps(second)
    file.write_text(f"{file.read_text('utf-8')}{text}\n", "utf-8")
    with pytest.raises(GaokerenaError, match=line) as raised:
        check_rows("instruct", make_recipe("instruct", f"dataset.name={file}").dataset)
    assert "\n" not in str(raised.value)
    assert str(file) in str(raised.value)


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("missing.jsonl", None, "there is no file"),
        ("empty.jsonl", b"\n", "there is no row"),
        ("letters.jsonl", b'{"messages": "\xff"}', "line 1: not UTF-8"),
        ("broken.parquet", b"PAR1", "cannot be read as Parquet"),
        ("one.json", b"{}", "no JSON list"),
        ("table.csv", b"a,b", r"is none of \.jsonl"),
    ],
)
def test_files_that_are_none_are_told_in_one_line(
    name: str, content: bytes | None, line: str, tmp_path: Path, workspace: Workspace
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    options = ["--set", f"dataset.name={file}", "--workspace", str(workspace.root)]
    result = CliRunner().invoke(app, ["train", "instruct", *options])
    assert isinstance(result.exception, GaokerenaError)
    with pytest.raises(GaokerenaError, match=line):
        raise result.exception
    assert "\n" not in str(result.exception)


def test_a_corpus_of_ones_own(tmp_path: Path, make_recipe: MakeRecipe) -> None:
    file = write(tmp_path / "texts.jsonl", [{"content": "میگرن"}, {"text": "کم‌خونی"}])
    rows, _ = read(make_recipe("pretrain", f"dataset.name={file}", "dataset.share=1.0"))
    assert list(rows["content"]) == ["میگرن", "کم‌خونی"]
    write(file, [{"content": ""}])
    with pytest.raises(GaokerenaError, match="line 1: content is empty"):
        check_rows("pretrain", make_recipe("pretrain", f"dataset.name={file}").dataset)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("optimizer.name=paged_adamw_8bit", "needs bitsandbytes: pip install bitsandbytes"),
        ("dataset.config=scored", "has no configs"),
    ],
)
def test_what_cannot_be_had_is_told_before_weights_are_loaded(
    change: str, line: str, tmp_path: Path, make_recipe: MakeRecipe, workspace: Workspace
) -> None:
    file = write(tmp_path / "talks.jsonl", [ROW])
    with pytest.raises(GaokerenaError, match=line):
        prepare(
            make_recipe("instruct", f"dataset.name={file}", "model.adapter=null", change), workspace
        )


def test_a_run_goes_on_where_its_files_lie_elsewhere_and_with_no_other_rows(
    tmp_path: Path, make_recipe: MakeRecipe, workspace: Workspace
) -> None:
    """Begun before the keys of own data were there, or over a mix whose files were moved."""
    run = RunFolder(workspace.run("instruct"))

    def begin(folder: Path, weight: int = 2) -> None:
        folder.mkdir(exist_ok=True)
        files = [folder / "a.jsonl", folder / "b.jsonl"]
        for number, file in enumerate(files):
            write(file, [{"messages": talk(n)} for n in range(9 * number, 9 * number + 9)])
        sets = f"dataset.mix=[{{name: {files[0]}, weight: {weight}}}, {{name: {files[1]}}}]"
        recipe = make_recipe("instruct", sets, "model.adapter=null", "preparation.context=400")
        run.begin(recipe, prepare(recipe, workspace).metadata)

    begin(tmp_path / "here")
    stated = run.read_metadata()
    del stated["recipe"]["lora"]["rslora"], stated["recipe"]["optimizer"]["neftune_alpha"]
    run.write_metadata(stated)
    begin(tmp_path / "there")
    with pytest.raises(GaokerenaError, match="begun with other settings"):
        begin(tmp_path / "there", weight=3)
