"""A workspace in which one person's words stand in every place that a takedown must find."""

from pathlib import Path

from gaokerena_data.benchmarks.imports import import_benchmark
from gaokerena_data.records import Article, QuestionAnswer, article_id
from gaokerena_data.workspace import Workspace
from tests.articles import article, write_articles
from tests.benchmarks.exam_rows import ibmsee_row
from tests.imports.spreadsheets import write_xlsx
from tests.pairs import answer, clean_records, pair, question, write_records

# Nobody else says these words, so that whatever prints one prints what was taken down.
SECRET = "گلپونک"
ASKED = (
    f"سلام، من هر روز جوشانده {SECRET} می‌خورم و از وقتی مادرم فوت کرد شب‌ها دست چپم خواب می‌رود "
    "و انگشت کوچکم گزگز می‌کند، آیا این از گردن است یا از اعصاب؟"
)
ANSWERED = (
    f"سلام به شما که جوشانده {SECRET} می‌خورید. خواب رفتن انگشت کوچک دست چپ بیشتر از فشار بر عصب "
    "اولنار در آرنج است و کمتر از دیسک گردن. شب‌ها آرنج را خم نکنید، زیر بازو بالش نرم بگذارید "
    "و یک نوار عصب و عضله انجام بدهید. اگر ضعف در گرفتن لیوان پیدا شد یا عضله کف دست آب رفت، "
    "درمان را عقب نیندازید، چون عصبی که دیر آزاد شود خوب برنمی‌گردد. غم از دست دادن مادر هم درد را "
    "بیشتر می‌کند و حرف زدن با یک مشاور کمک خواهد کرد."
)
OTHER_ANSWER = (
    f"عزیزم جوشانده {SECRET} ضرری ندارد، ولی ویتامین ب دوازده و قند خون را همان‌جا در خانه "
    "بهداشت اندازه بگیرید و جوابش را بنویسید. کم‌کاری تیروئید هم دست را خواب می‌برد و با یک آزمایش "
    "ساده معلوم می‌شود. تا آن روز دست را در آب ولرم ماساژ بدهید و از بلند کردن سطل سنگین با همان "
    "دست پرهیز کنید و شب‌ها ساعت مچی نبندید و آستین تنگ نپوشید تا خون راحت بگردد."
)
TEMPLATE = "سلام. لطفا برای معاینه به پزشک متخصص مراجعه کنید. موفق باشید."

NAMED = pair("drhast", ASKED, ANSWERED)
SAME_THREAD = pair("drhast", ASKED, OTHER_ANSWER)
COPY = pair("niniban", ASKED + "؟!", ANSWERED.replace(".", "!!") + "…")
NEAR = pair("niniban", ASKED.replace("سلام، ", ""), ANSWERED.replace("بیشتر از فشار", "از فشار"))
SAME_QUESTION = pair("niniban", ASKED.replace("‌", " "), answer(141))
QUOTED = pair("drhast", question(142), f"پیش از این نوشته بودم: {ANSWERED} این را دوباره بخوانید.")
PIECE = pair("niniban", question(143), " ".join(ANSWERED.split()[:58]))
TESTED = pair("doctoryab", ASKED.replace("سلام، ", "درود. "), TEMPLATE)
GONE = [NAMED, SAME_THREAD, COPY, NEAR, SAME_QUESTION, QUOTED, PIECE, TESTED]
# Not the question: whatever held it would be kept from training.
EXAMINED = " ".join(OTHER_ANSWER.split()[:30])
# The same template under somebody else's question is nobody's secret.
STRANGER = pair("doctoryab", question(144), TEMPLATE)
PRINTED = Article(
    id=article_id("hidoctor", "https://hidoctor.ir/zarrin"),
    source="hidoctor",
    content=f"{article(150).content}\nپاسخ پزشک مجله به یکی از خوانندگان: {ANSWERED}",
    title="نامه‌های خوانندگان",
    url="https://hidoctor.ir/zarrin",
)
OWN = """
kind = "question_answer"
repository = "ORG/forum-qa"
title = "Forum questions"
sources = ["niniban"]
"""


def again(record: QuestionAnswer) -> QuestionAnswer:
    """The record as another import would make it of the page with two more marks."""
    return pair(record.source, f"{record.question}!", f"«{record.answer}»")


def plant(root: Path) -> Workspace:
    """The workspace, before anything is curated."""
    workspace = Workspace(root / "workspace")
    write_records(workspace, [*clean_records(), *GONE, STRANGER])
    write_articles(workspace, [*map(article, range(5)), PRINTED])
    own = workspace.declarations / "forum_qa.toml"
    own.parent.mkdir()
    own.write_text(OWN, "utf-8")
    rows = [ibmsee_row(n) for n in (1, 2, 3)] + [ibmsee_row(4, Question=EXAMINED)]
    import_benchmark(workspace, "ibmsee", write_xlsx(root / "exam.xlsx", rows))
    return workspace
