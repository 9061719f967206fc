"""No record of train or dev holds a question of a benchmark, quoted or paraphrased."""

from pathlib import Path

import pytest

from gaokerena_data.benchmarks.imports import import_benchmark
from gaokerena_data.curate.run import Curation, curate
from gaokerena_data.curate.splits.benchmarks import Decontamination, runs_of
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, clean_records, pair, question, write_records

SETTINGS = Decontamination(ngram_words=13, min_words=8)
EXAM = (
    "آقای پنجاه و دو ساله‌ای با درد فشارنده پشت جناغ از نیم ساعت پیش، تعریق سرد و فشار ۹۰/۶۰ به "
    "اورژانس آورده شده است؛ نخستین اقدام کدام است؟"
)
SHORT_EXAM = "کدام دارو در سه‌ماهه نخست بارداری ممنوع است؟"
TINY_EXAM = "شایع‌ترین تومور خوش‌خیم کبد؟"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    room = Workspace(tmp_path / "workspace")
    exam = tmp_path / "exam.csv"
    header = "Question,Option1,Option2,Option3,Option4,Correct answer,Topic,Source"
    rows = [
        f"«{text}»,الف,ب,ج,د,1,داخلی,آزمون".replace("«", '"').replace("»", '"')
        for text in (EXAM, SHORT_EXAM, TINY_EXAM)
    ]
    exam.write_text("\n".join([header, *rows]), "utf-8")
    import_benchmark(room, "ibmsee", exam)
    return room


def run(workspace: Workspace) -> Curation:
    return curate(workspace, "mf3qa", lambda *_: None, workers=1)


def dropped_by(curation: Curation, step: str) -> dict[str, str]:
    rows = curation.ledger.to_pylist()
    return {row["id"]: row["keeper"] for row in rows if row["step"] == step}


def test_a_quoted_question_and_a_changed_one_leave_train_and_the_ledger_names_them(
    workspace: Workspace,
) -> None:
    quoting = pair("drhast", question(301), f"{answer(301)} نمونه سوال: {EXAM}")
    spelled = EXAM.replace("ی", "ي").replace("ک", "ك").replace(" از ", "  از ").replace("،", "")
    respelled = pair("niniban", question(302), f"{answer(302)}\n{spelled}")
    short = pair("drhast", question(303), f"{answer(303)} {SHORT_EXAM}")
    tiny = pair("drhast", question(304), f"{answer(304)} {TINY_EXAM}")
    changed = pair("drhast", EXAM.replace("آقای", "مرد").replace("سرد", "شدید"), answer(305))
    records = [*clean_records(), quoting, respelled, short, tiny, changed]
    write_records(workspace, records)
    curation = run(workspace)
    quoted = dropped_by(curation, "benchmark_ngram@1")
    # The changed one still has thirteen words in a row; the tiny one is too short to prove it.
    assert set(quoted) == {quoting.id, respelled.id, short.id, changed.id}
    assert all(name.startswith("ibmsee/default/") for name in quoted.values())
    [benchmarks] = [
        leak for leak in curation.leaks if (leak.split, leak.other) == ("benchmarks", "train")
    ]
    assert (benchmarks.identical, benchmarks.near) == (0, 0)


def test_a_paraphrase_without_a_long_run_is_found_by_minhash(workspace: Workspace) -> None:
    words = EXAM.split()
    words[6], words[17] = "سینه", "به‌همراه"
    near = pair("drhast", " ".join(words), answer(305))
    (workspace.root / "gaokerena.toml").write_text(
        "[mf3qa.near_duplicates]\nthreshold = 0.6\n[mf3qa.decontamination]\nngram_words = 20\n"
        "min_words = 20\n"
    )
    write_records(workspace, [*clean_records(), near])
    curation = run(workspace)
    assert set(dropped_by(curation, "benchmark_near@1")) == {near.id}
    assert dropped_by(curation, "benchmark_ngram@1") == {}


def test_a_test_record_may_be_like_a_benchmark(workspace: Workspace) -> None:
    asked = pair("isovisit", EXAM, answer(306))
    write_records(workspace, [*clean_records(), asked])
    curation = run(workspace)
    assert asked.id not in dropped_by(curation, "benchmark_ngram@1")


def test_a_new_benchmark_is_looked_for_in_texts_that_were_measured_before(
    workspace: Workspace, tmp_path: Path
) -> None:
    late = (
        "در کودک چهارساله‌ای با تب پنج‌روزه، زبان توت‌فرنگی و پوسته‌ریزی نوک انگشتان کدام درمان "
        "لازم است؟"
    )
    quoting = pair("drhast", question(310), f"{answer(310)} {late}")
    write_records(workspace, [*clean_records(), quoting])
    assert quoting.id not in dropped_by(run(workspace), "benchmark_ngram@1")
    exam = tmp_path / "late.csv"
    exam.write_text(
        "Question,Option1,Option2,Option3,Option4,Correct answer,Topic,Source\n"
        f'"{late}",الف,ب,ج,د,2,اطفال,آزمون\n',
        "utf-8",
    )
    import_benchmark(workspace, "ibmsee", exam)
    assert quoting.id in dropped_by(run(workspace), "benchmark_ngram@1")


def test_runs_are_as_long_as_the_question_and_no_longer_than_the_setting() -> None:
    runs = runs_of([EXAM, SHORT_EXAM, TINY_EXAM], SETTINGS)
    assert set(runs.hashes) == {9, 13}
    assert runs.items[13].tolist() == [0] * len(runs.items[13])
