"""Planted overlaps between test and training texts are found, each in its column."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from gaokerena_data.errors import GaokerenaError
from training.evaluation.commands import app
from training.evaluation.questions.sources import TextSource, parse_source
from training.evaluation.report.summaries import read_summary
from training.evaluation.scoring.contamination import (
    Overlap,
    check_contamination,
    find_overlaps,
    grams,
    read_overlaps,
)

LONG = "برای درمان کم‌خونی فقر آهن باید قرص آهن را با معده خالی و همراه آب پرتقال میل کنید"


def overlap(test: str, train: str) -> tuple[int, int, int]:
    [found] = find_overlaps({"mf3qa": [{"answer": test}]}, "corpus", [{"content": train}])
    return found.touched, found.covered, found.verbatim


def test_a_verbatim_text_is_found_whatever_its_spelling() -> None:
    typed = LONG.replace("ی", "ي").replace("ک", "ك").replace("\u200c", " ") + "."
    assert overlap(LONG, typed) == (1, 1, 1)


def test_a_text_inside_a_longer_one_is_nearly_whole() -> None:
    assert overlap(LONG, f"پزشک گفت {LONG} و دو هفته بعد آزمایش بدهید") == (1, 1, 0)


def test_a_shared_sentence_is_a_touch() -> None:
    head = " ".join(LONG.split()[:9])
    assert overlap(LONG, f"{head} هر روز") == (1, 0, 0)


def test_a_short_shared_phrase_is_none() -> None:
    assert overlap(LONG, "قرص آهن را با معده خالی بخورید") == (0, 0, 0)


def test_columns_are_told_apart() -> None:
    rows = [{"question": "تب دارم چه کنم؟", "answer": LONG}, {"question": "سرفه دارم چه کنم؟"}]
    train = [{"question": "تب دارم، چه کنم"}, {"content": LONG}]
    assert find_overlaps({"mf3qa": rows}, "train", train) == [
        Overlap("mf3qa", "question", "train", 2, 1, 1, 1, plain=2),
        Overlap("mf3qa", "answer", "train", 1, 1, 1, 1),
    ]


SHORT = "کدام عضو صفرا می‌سازد؟"
# Every sixth word is another one.
REWORDED = LONG.split()
REWORDED[2::6] = ["بیماری", "شربت", "خیلی", "شیر"][: len(REWORDED[2::6])]


def looked_for(item: str, *texts: str) -> tuple[int, int, int]:
    train = [{"content": text} for text in texts]
    [found] = find_overlaps({"exam": [{"question": item}]}, "corpus", train)
    return found.inside, found.reworded, found.plain


def test_a_short_question_is_found_inside_a_text() -> None:
    assert looked_for(SHORT, f"در کنکور پرسیدند: «{SHORT}» و پاسخ کبد بود") == (1, 0, 0)
    assert looked_for(SHORT, "کدام عضو ادرار می‌سازد؟ صفرا را کبد می‌سازد") == (0, 0, 0)


def test_a_changed_word_in_six_hides_nothing() -> None:
    changed = " ".join(REWORDED)
    assert overlap(LONG, changed)[1:] == (0, 0)
    assert looked_for(LONG, f"یادآوری: {changed} و استراحت کنید") == (0, 1, 0)


def test_a_word_more_or_less_hides_nothing() -> None:
    without = LONG.replace(" همراه", "").replace("باید", "شاید بهتر است")
    assert looked_for(LONG, without)[1] == 1


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("داروی مناسب برای صرع در کودکان کدام است", "داروی مناسب برای آسم در کودکان کدام است"),
        ("نشانه نارسایی قلب چپ در معاینه بالینی کدام است",
         "نشانه نارسایی قلب راست در معاینه بالینی کدام است"),
        ("علت افزایش پتاسیم خون در نارسایی کلیه چیست", "علت کاهش پتاسیم خون در نارسایی کلیه چیست"),
        ("What is the half life of thyroxine in the blood",
         "What is the half life of digoxin in the blood"),
        ("مردی ۶۰ ساله با درد قفسه سینه و تعریق به درمانگاه مراجعه کرده تشخیص چیست",
         "مردی ۶۰ ساله با درد گوش و سرگیجه به درمانگاه مراجعه کرده تشخیص چیست"),
        ("دیابت نوع ۱ چیست", "دیابت نوع ۲ چیست"),
    ],
)  # fmt: skip
def test_an_item_of_which_the_decisive_word_differs_is_another(item: str, text: str) -> None:
    assert looked_for(item, f"پرسیدند {text} و گفتیم")[:2] == (0, 0)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("شایع‌ترین علت خونریزی پس از زایمان در زنان کدام یک از موارد زیر است",
         "شایع ترین دلیل خونریزی بعد از زایمان در زنان کدام یک از گزینه‌های زیر است"),
        ("نوزادی با زردی روز اول به دنیا آمده است اقدام مناسب کدام است",
         "نوزادی با زردی روز اول بدنیا آمده اقدام مناسب کدام است"),
        ("پسر پنج ساله با تورم پلک و پروتئین ادرار مراجعه کرده است تشخیص چیست",
         "پسر ۵ ساله با تورم پلک و پروتئین ادرار آورده شده است تشخیص چیست"),
    ],
)  # fmt: skip
def test_words_that_change_nothing_hide_nothing(item: str, text: str) -> None:
    [found] = find_overlaps({"exam": [{"q": item}]}, "corpus", [{"t": f"پرسیدند {text} گفتیم"}])
    assert found.covered + found.reworded == 1


def test_a_question_of_two_telling_words_is_found() -> None:
    assert looked_for("تریزومی ۲۱ چیست؟", "بخش دوم: تریزومی 21 چیست؟ سندرم داون") == (1, 0, 0)
    assert looked_for("تریزومی ۲۱ چیست؟", "بخش دوم: تریزومی ۱۸ چیست؟") == (0, 0, 0)


@pytest.mark.parametrize(
    "courtesy",
    [
        "با سلام و عرض ادب و احترام و خسته نباشید خدمت شما پزشک محترم و گرامی",
        "Hello dear doctor, thank you very much for your kind help and best regards",
        "با پزشک خود مشورت کنید",
    ],
)
def test_courtesies_are_never_counted(courtesy: str) -> None:
    [found] = find_overlaps({"exam": [{"q": courtesy}]}, "corpus", [{"t": f"{courtesy} درد دارم"}])
    assert (found.covered, found.inside, found.reworded) == (0, 0, 0)


def test_half_of_the_words_are_another_text() -> None:
    half = " ".join(LONG.split()[:9]) + " و سپس یک ساعت بعد غذا بخورید تا جذب شود و خون بسازد"
    assert looked_for(LONG, half) == (0, 0, 0)
    parts = LONG.split()
    spread = " ".join(f"{word} چیز دیگری که ربطی ندارد" for word in parts)
    assert looked_for(LONG, spread) == (0, 0, 0)


@pytest.mark.parametrize(
    "greeting",
    [
        "سلام خسته نباشید",
        "سلام آقای دکتر وقت بخیر",
        "با سلام و خسته نباشید خدمت شما دکتر محترم لطفا راهنمایی کنید ممنون",
        "کدام یک از موارد زیر صحیح است؟",
        "چرا؟",
    ],
)
def test_greetings_and_words_of_grammar_are_no_alarm(greeting: str) -> None:
    assert looked_for(greeting, f"{greeting} من سه روز است تب دارم", greeting) == (0, 0, 1)


def test_a_greeting_before_another_question_is_no_alarm() -> None:
    greeting = "سلام خسته نباشید خدمت شما آقای دکتر محترم وقت بخیر"
    item, text = f"{greeting} دست راستم درد می‌کند", f"{greeting} چشم چپم می‌سوزد"
    assert looked_for(item, text) == (0, 0, 0)


@given(st.lists(st.sampled_from(LONG.split()), min_size=8, max_size=30), st.data())
def test_a_reworded_item_is_found_wherever_it_stands(
    before: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, 5))
    item = LONG.split()
    item[start::6] = ["دگرگون"] * len(item[start::6])
    assert looked_for(LONG, " ".join([*before, *item, *before]))[1] == 1


def test_test_sets_are_told_apart() -> None:
    tests = {"mf3qa": [{"question": LONG}], "ibmsee": [{"question": "سرفه دارم"}]}
    found = find_overlaps(tests, "corpus", [{"content": LONG}])
    assert [(row.test, row.touched) for row in found] == [("mf3qa", 1), ("ibmsee", 0)]


@given(st.text())
def test_every_text_with_words_has_a_gram_and_shares_it_with_itself(text: str) -> None:
    own = grams(text)
    if own:
        [found] = find_overlaps({"test": [{"answer": text}]}, "train", [{"answer": text}])
        assert (found.touched, found.covered, found.verbatim) == (1, 1, 1)


def test_the_command(tmp_path: Path) -> None:
    for name, rows in {
        "test": [{"Question": "تب دارم؟", "Answer": LONG}, {"Question": "سرفه؟", "Answer": "آب"}],
        "train": [{"Question": "دیگر", "Answer": LONG}],
    }.items():
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = CliRunner().invoke(
        app,
        ["contamination", "--test", f"mf3qa={tmp_path / 'test.jsonl'}", "--train",
         f"train={tmp_path / 'train.jsonl'}", "--to", str(tmp_path / "c.json")],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    summary = read_summary(tmp_path / "c.json")
    assert [(row["column"], row["items"], row["verbatim"]) for row in summary["rows"]] == [
        ("question", 2, 0),
        ("answer", 2, 1),
    ]
    assert len(summary["sources"]["train"]["sha256"]) == 64


@pytest.mark.parametrize("text", ["", "mf3qa", "=x", "x="])
def test_a_source_without_name_or_place_is_refused(text: str) -> None:
    with pytest.raises(GaokerenaError, match="NAME=LOCATION"):
        parse_source(text, "test")


def test_a_source_may_name_its_split() -> None:
    assert parse_source("a=org/name#dev", "test") == TextSource("a", "org/name", "dev")


def test_a_source_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app,
        ["contamination", "--test", f"a={tmp_path / 'no.jsonl'}", "--train", "b=x", "--to",
         str(tmp_path / "c.json")],
    )  # fmt: skip
    assert isinstance(result.exception, GaokerenaError)
    assert "cannot be loaded" in str(result.exception)


def test_permedcqa_is_held_against_our_own_test_split(tmp_path: Path) -> None:
    """Both take questions from one site: what stands in both is counted, question and answer."""
    shared = "سه هفته است که شب‌ها دست راستم خواب می‌رود و صبح درد دارد، به کدام پزشک بروم؟"
    answer = "احتمال تنگی کانال مچ دست هست، نوار عصب بگیرید و شب‌ها آتل ببندید تا بهتر شود."
    theirs = [
        {"Question": shared, "Expert_Answer": answer},
        {"Question": "برای ریزش موی پس از زایمان چه قرصی خوب است؟", "Expert_Answer": "زینک."},
    ]
    ours = [{"id": "a", "Question": shared, "Answer": answer}]
    for name, rows in (("permedcqa", theirs), ("mf3qa", ours)):
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(text + "\n", encoding="utf-8")
    summary = check_contamination(
        [TextSource("permedcqa", str(tmp_path / "permedcqa.jsonl"), "test")],
        [TextSource("mf3qa test", str(tmp_path / "mf3qa.jsonl"), "test")],
    )
    found = {row.column: row for row in read_overlaps(summary)}
    assert (found["question"].items, found["question"].verbatim) == (2, 1)
    assert (found["expert_answer"].items, found["expert_answer"].verbatim) == (2, 1)
