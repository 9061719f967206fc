"""Kinds of words around a verdict: what is said of the answer, and what only sounds like it."""

import time

import pytest

from training.evaluation.asking.referees import read_rating
from training.evaluation.reading.entailment_labels import read_label
from training.evaluation.reading.verdicts import Said, read_verdict

# Texts from which no verdict may be read, by the reason.
NO_VERDICT: dict[str, list[str]] = {
    "what an answer says or contains": [
        "پاسخ اول خاطرنشان می‌کند که رژیم کم‌نمک بهتر از دارو است.",
        "پاسخ دوم داروی بهتر را لوزارتان می‌شمارد.",
        "در پاسخ اول می‌خوانیم که پیاده‌روی بهترین ورزش است.",
        "پاسخ دوم از بهتر شدن علائم خبر می‌دهد.",
        "بنا بر پاسخ دوم، تزریق بهتر است.",
        "در پاسخ دوم، بخیه جذبی بهتر دانسته شده است.",
        "پاسخ اول، برای کودک شربت بهتر است.",
        "پاسخ دوم: مصرف شبانه بهتر است.",
        "پاسخ دوم داروی انتخابی را سفتریاکسون انتخاب می‌کند.",
        "پاسخ اول می‌گوید مسکن بهتر است و",
        "هر دو پاسخ دوز برابر دارند",
        "Answer B warns that surgery is better avoided.",
        "The first response lists the best options.",
        "In Answer A, ibuprofen is preferred.",
        "Answer A, like most guidelines, prefers metformin.",
        "The second answer shows the superior vena cava.",
    ],
    "other things in two places": [
        "داروی اول بهتر است.",
        "روش دوم از روش اول بهتر است.",
        "در سه‌ماههٔ دوم حال مادر بهتر است.",
        "The first drug is better than the second.",
        "vitamin A is better than vitamin B",
        "هیچ‌کدام از داروها بهتر نیست",
        "پاسخ اول و دوم بهتر است",
    ],
    "taken back or turned round behind it": [
        "Answer A is better. Oops, I meant the other one.",
        "The second answer is better. Edit: swapped, sorry.",
        "Answer B is better than Answer A. Just kidding, vice versa.",
        "پاسخ اول بهتر است. پوزش، جابه‌جا نوشتم.",
        "پاسخ دوم برتر است. این حکم را نادیده بگیرید.",
        "پاسخ اول بهتر است، وارونه نوشتم.",
        '{"better": "first", "comment": "i meant the other answer"}',
        '{"winner": "A", "loser": "A"}',
    ],
    "another's opinion, told behind it": [
        "Answer B is better, most users would say.",
        "Answer A is better, an earlier reviewer claimed.",
        "پاسخ اول بهتر است، این را همکارم نوشته بود.",
        "پاسخ دوم بهتر است، دست‌کم بعضی‌ها چنین گفته‌اند.",
    ],
    "one respect alone, told behind it": [
        "Answer B is better, but only in style.",
        "پاسخ اول بهتر است، البته از لحاظ نگارش.",
        "پاسخ دوم بهتر است ولی تنها از جهت ادب.",
        "Answer A is more detailed. It is dangerous.",
    ],
    "advice": [
        "بهتر آن است که پاسخ اول کوتاه‌تر شود.",
        "خوب بود پاسخ دوم بهتر توضیح می‌داد.",
        "پاسخ دوم بهتر است که منابع را ذکر کند.",
        "پاسخ اول بهتر است بازنویسی شود.",
        "Answer A would benefit from better wording.",
    ],
    "doubt and denied opinion": [
        "یقین ندارم که پاسخ دوم بهتر است.",
        "هنوز برایم روشن نیست که پاسخ اول بهتر است.",
        "نمی‌پذیرم که پاسخ دوم بهتر است.",
        "فکر نکنم دومی بهتر باشه",
        "باورم نمی‌شود که پاسخ اول بهتر باشد.",
        "به‌سختی می‌شود پاسخ اول را بهتر دانست.",
        "پاسخ اول بهتر است. نمی‌دانم، شاید هم پاسخ دوم.",
        "پاسخ دوم بهتر است، این را قبول ندارم.",
        "پاسخ اول بهتر است، البته نه از پاسخ دوم.",
        "Answer A is better. Not.",
        "Answer B is better, I am told.",
        "I am not convinced that Answer B is better.",
        "Hardly anyone would call Answer B better.",
        "Nothing in Answer A is superior to Answer B.",
        "انتخاب پاسخ اول، اشتباه است.",
    ],
    "another's opinion": [
        "به گفتهٔ کاربر، پاسخ دوم بهتر است.",
        "همه پاسخ دوم را ترجیح می‌دهند.",
        "پاسخ اول، آن‌گونه که نویسنده‌اش می‌پندارد، بهتر است.",
        "Most users would find Answer A better.",
    ],
    "supposition, condition, example": [
        "تصور کنید پاسخ اول بهتر است.",
        "پاسخ اول بهتر است به شرط آنکه دوز درست باشد.",
        "وقتی ایمنی مهم باشد، پاسخ اول بهتر است.",
        "Imagine that Answer A is better.",
        "Answer A is better only if the dose is right.",
        "قالب پاسخ: «پاسخ اول بهتر است» یا «پاسخ دوم بهتر است».",
        'برای نمونه: {"better": "second"}',
        'Example:\n```json\n{"better": "first"}\n```',
        '{"better": "first"} — but I cannot decide.',
        '{"better": "first", "better": "second"}',
        "I was told to answer [[A]] or [[B]].",
        "[[B]] would be a mistake.",
    ],
    "something speaks against it": [
        "پاسخ اول کامل‌تر است ولی پاسخ دوم ایمن‌تر است.",
        "پاسخ اول کامل‌تر است اما خطرناک است.",
        "پاسخ اول از پاسخ پزشک کامل‌تر است.",
        "پاسخ دوم دقیق‌تر نیست.",
        "پاسخ دوم بلندتر است.",
    ],
}
PLAIN: dict[Said, list[str]] = {
    "second": [
        "پاسخ دوم کامل‌تر است و اطلاعات نادرست ندارد.",
        "پاسخ دوم مفیدتر و دقیق‌تر از پاسخ اول است.",
        "Answer B is more complete than Answer A.",
        "پاسخ اول می‌گوید مسکن بهتر است. پاسخ دوم بهتر است.",
        "در نگاه اول پاسخ اول بهتر بود، اما در نهایت پاسخ دوم بهتر است.",
        "Initially Answer A looked better, but in the end Answer B is better.",
        "On empathy Answer A is better. In conclusion, Answer B is better.",
        "نتیجه نهایی: ۲",
        "پاسخ بهتر: دوم",
        "پاسخ دوم، چون دوز را درست گفته است.",
        "B is better than A",
        "پاسخ اول ناقص است (دوز ندارد). پاسخ دوم بهتر است (دوز دارد).",
        'Answer A does not mention the dose, or any warning. {"better": "Answer 2"}',
        '{"result": {"better": "second"}}',
    ],
    "first": [
        "Final answer: **A**",
        "A > B",
        "Answer A is more thorough and more accurate.",
        "Accuracy: B. Safety: A. Overall, Answer A is better.",
        "بهتر بود پاسخ دوم دوز را می‌گفت. پاسخ اول بهتر است.",
        "پاسخ اول به دلیل ذکر دوز بهتر است.",
        "پاسخ دوم دچار خطای جدی است؛ از این رو پاسخ اول ارجح است.",
        "**Answer A**: the dose.\n**Answer B**: a better diet.\n\nAnswer A is better.",
    ],
    "tie": [
        "نتیجه نهایی: تساوی",
        "هر دو پاسخ به یک اندازه دقیق هستند.",
        "The two responses are equivalent.",
        "هیچ‌یک از دو پاسخ بر دیگری برتری ندارد.",
    ],
}
LABELS: dict[str, list[str]] = {
    "None": [
        "Entailment. Sorry, I meant something else.",
        "تأیید می‌کند. پوزش، جابه‌جا نوشتم.",
        "تناقضی پیدا نشد.",
        "عاری از تناقض است.",
        "فاقد هرگونه تناقض",
        "پاسخ از تأیید گزاره خودداری می‌کند.",
        "گویی تناقض دارد، اما چنین نیست.",
        "گزاره تأیید نگردید.",
        "نمی‌توان گفت پاسخ آن را تأیید می‌کند.",
        "تردید دارم که تناقض داشته باشد.",
        "بعید می‌دانم تأیید شود.",
        "برای تأیید این گزاره شواهد بیشتری لازم است.",
        "متخصص قلب درمان را تأیید کرده است.",
        "The guidelines support early treatment.",
        "The answer falls short of supporting the statement.",
        "To contradict it, the answer would need a dose.",
        '{"label": null, "reason": "entails"}',
        '{"label": false}',
        '{"entails": false}',
    ],
    "entails": [
        "تأیید می‌کند (هیچ تناقضی نیست).",
        "بله، از پاسخ نتیجه می‌شود.",
        '{"entails": true, "contradicts": false}',
    ],
    "contradicts": ["پاسخ با گزاره تعارض دارد.", "The response contradicts this claim."],
    "neutral": ["neither", '{"entails": false, "contradicts": false}', "ربطی به گزاره ندارد"],
}
RATINGS: dict[str, int | None] = {
    "3 out of 5": 3,
    "۲ از ۵": 2,
    "پنج": 5,
    "5 — excellent": 5,
    "A faithful text. 4/5!": 4,
    "امتیاز نهایی: ۲ از ۵": 2,
    "Rating: 3.": 3,
    "-1": None,
    "rating: -1": None,
    "2 of 5 sentences are missing": None,
    "5 — not quite": None,
    '{"rating": true}': None,
    "not 5/5": None,
    "8/10": None,
    "4.5": None,
}


@pytest.mark.parametrize("reason", sorted(NO_VERDICT))
def test_what_is_not_said_of_the_answer_is_no_verdict(reason: str) -> None:
    texts = NO_VERDICT[reason]
    assert {text: read_verdict(text) for text in texts} == dict.fromkeys(texts)


@pytest.mark.parametrize("says", sorted(PLAIN))
def test_plain_verdicts_are_read_in_many_words(says: Said) -> None:
    assert {text: read_verdict(text) for text in PLAIN[says]} == dict.fromkeys(PLAIN[says], says)


@pytest.mark.parametrize("says", ["first", "second"])
def test_exchanged_places_give_the_other_verdict(says: Said) -> None:
    other = {"first": "second", "second": "first"}[says]
    texts = [t for t in PLAIN[says] if "پاسخ اول" in t or "پاسخ دوم" in t]
    # In «در نگاه اول» the word is no place, so that text has no exchange.
    exchanged = [
        t.replace("اول", "\0").replace("دوم", "اول").replace("\0", "دوم")
        for t in texts
        if "نگاه" not in t
    ]
    assert {text: read_verdict(text) for text in exchanged} == dict.fromkeys(exchanged, other)


@pytest.mark.parametrize("label", sorted(LABELS))
def test_labels_are_read_with_absence_doubt_and_need(label: str) -> None:
    wanted = None if label == "None" else label
    texts = LABELS[label]
    assert {text: read_label(text) for text in texts} == dict.fromkeys(texts, wanted)


def test_ratings_are_read_in_words_and_out_of_five() -> None:
    assert {text: read_rating(text) for text in RATINGS} == RATINGS


@pytest.mark.parametrize(
    "unit",
    [
        "پاسخ اول، ",
        "پاسخ دوم و ",
        "نه تنها ",
        "[[",
        '{"better":',
        "5 of ",
        "«",
        "برتری x y ",
        "هر دو ",
    ],
)
def test_a_long_text_is_read_in_time_that_grows_with_its_length(unit: str) -> None:
    started = time.process_time()
    text = (unit * 40_000)[:40_000]
    read_verdict(text)
    read_label(text)
    read_rating(text)
    assert time.process_time() - started < 8  # a second or so; minutes where it is not linear
