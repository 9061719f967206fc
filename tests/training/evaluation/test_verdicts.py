"""Verdicts and labels in judges' free words: what is plain is read, what is not is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluation.reading.entailment_labels import Label, read_label
from training.evaluation.reading.verdicts import Said, read_verdict

VERDICTS: dict[str, list[str]] = {
    "second": [
        "پاسخ دوم از پاسخ اول بهتر است",
        "پاسخ دوم، بهتر است",
        "<think>پاسخ اول بهتر است؟ نه.</think>پاسخ دوم بهتر است",
        "[[B]]",
        "[[A<B]]",
        '{"better": "second"}',
        "Answer 2 is better than answer 1.",
        "Answer 1 is worse than answer 2.",
        "پاسخ اول ضعیف‌تر از پاسخ دوم است",
        "پاسخ اول از پاسخ دوم بدتر است",
        "پاسخ دوم را بر پاسخ اول ترجیح می‌دهم",
        "من پاسخ دوم را به پاسخ اول ترجیح می‌دهم",
        "پاسخ دوم نسبت به پاسخ اول بهتر است",
        "پاسخ اول خوب است، اما پاسخ دوم بهتر است",
        "از میان دو پاسخ، پاسخ دوم بهتر است",
        "از بین پاسخ اول و پاسخ دوم، پاسخ دوم بهتر است",
        "Between answer 1 and answer 2, the second is better",
        "آیا پاسخ اول بهتر است؟ خیر، پاسخ دوم بهتر است.",
        "پاسخ دوم",
        "B",
        "پاسخ اول بهتر نیست. پاسخ دوم بهتر است.",
        "پاسخ دوم که اطلاعات نادرست ندارد بهتر است",
        "به نظر من پاسخ دوم به مراتب بهتر از اولی است",
        "The second response is better",
        "Winner: B",
        "Verdict: Answer 2",
        "برنده: پاسخ دوم",
        "بهترین پاسخ، پاسخ دوم است",
        "Answer 2 wins",
        "پاسخ ۲ بهتر است",
        "پاسخ شماره ۲ بهتر است",
        "پاسخ شمارهٔ دو بهتر است",
        "دومی بهتر است",
        "پاسخِ دوم برتر است",
        "پاسخ دوم بهتره",
        "**پاسخ دوم بهتر است**",
        "پاسخ دوم بهتر است چون پاسخ اول اطلاعات نادرست دارد",
        "پاسخ دوم بهتر است زیرا پاسخ اول کامل نیست.",
        "The better answer is answer 2.",
        "Answer 2 outperforms answer 1",
        '{"winner":"B"}',
        "در نهایت، پاسخ دوم کامل‌تر و بهتر از پاسخ اول است.",
        "پاسخ دوم نه تنها کامل‌تر بلکه بهتر است",
        "جواب دوم بهتر است",
        "جواب دومی بهتر است",
        "[[2]]",
        "Assistant B is better",
        "پاسخ دوم، بهتر است، چون اول ناقص است",
        "از نظر من پاسخ دوم بهتر است",
        "Although answer 1 is longer, answer 2 is better",
        "Answer 1 is longer, but answer 2 is better overall",
        "Second.",
        "پاسخ (۲) بهتر است",
        "پاسخ «دوم» بهتر است",
        'پاسخ "دوم" بهتر است',
        "جمله: «پاسخ دوم بهتر است»",
        "پاسخ دوم بر پاسخ اول برتری دارد",
        "پاسخ دوم از اولی بهتر است",
        "Answer 2 > Answer 1, so answer 2 is better",
        "به نظر می‌رسد پاسخ دوم بهتر باشد",
        "من پاسخ دوم را انتخاب می‌کنم",
        "I would choose answer 2",
        "بهتر: پاسخ دوم",
        "پاسخ دوم خیلی بهتر است",
    ],
    "first": [
        "پاسخ اول بهتر است",
        "پاسخ نخست بهتر است",
        "[[A]]",
        "My final verdict is [[A>>B]]",
        "Answer 1 is better than Answer 2",
        "در مقایسه با پاسخ دوم، پاسخ اول بهتر است",
        "1",
        "پاسخ اول از نظر نگارش ضعیف‌تر است ولی در مجموع پاسخ اول بهتر است",
        "پاسخ دوم از نظر طول بهتر است اما در مجموع پاسخ اول بهتر است",
        "I prefer the first answer over the second.",
        "I prefer answer A to answer B",
        "Response A is superior to Response B",
        "Answer 1 is better because it does not contain wrong information.",
        "پاسخ اول بهتر است، پاسخ دوم درست نیست",
        "پاسخ اول، به دلیل جامعیت، بهتر از پاسخ دوم است",
        "بدون شک پاسخ اول بهتر است",
        "هیچ شکی نیست که پاسخ اول بهتر است",
        "پاسخ اول، برخلاف پاسخ دوم، بهتر است",
        "پاسخ دوم را بهتر نمی‌دانم؛ پاسخ اول بهتر است",
        "Overall, Answer 1 is better than Answer 2 because Answer 2 has wrong information.",
        "پاسخ اول کامل‌تر و دقیق‌تر است و اطلاعات نادرست ندارد؛ بنابراین پاسخ اول بهتر است",
        "<answer>پاسخ اول بهتر است</answer>",
    ],
    "None": [
        "پاسخ اول بهتر نیست",
        "I do not think answer 1 is better",
        "<think>پاسخ اول بهتر است",
        "دو پاسخ برابر نیستند",
        "آیا پاسخ اول بهتر است؟",
        "شاید پاسخ اول بهتر باشد",
        "اگر پاسخ اول کامل‌تر بود، بهتر بود",
        "نمی‌توان گفت پاسخ اول بهتر است",
        "فکر نمی‌کنم پاسخ دوم بهتر باشد",
        "درست نیست که پاسخ اول بهتر است",
        "پاسخ دوم از نظر طول بهتر است",
        "پاسخ اول بهتر است یا پاسخ دوم",
        "Answer 1 is no better than answer 2",
        "Answer 1 is not worse than answer 2",
        "هر دو پاسخ خوب هستند",
        "پاسخ اول بهتر است. پاسخ دوم بهتر است.",
        "",
        "این پرسش به پزشک مربوط است",
        '{"winner":"D"}',
        "ignore the other answer",
        "پاسخ اول بهتر از پاسخ دوم نیست",
        "It would be better if answer 1 was longer",
        "هیچ شکی نیست که بهتر است بیمار به پزشک مراجعه کند",
        "Answer 1 isn't better",
        "Answer 1 is not the better one",
        "پاسخ اول بهتر نبود",
        "پاسخ اول را بهتر نمی‌دانم",
        "از نظر من پاسخ اول اصلا بهتر نیست",
        "I can't say that answer 1 is better",
        "Answer 1 is hardly better",
        "not a tie",
        "پاسخ اول بهتر از پاسخ دوم است. پاسخ دوم از پاسخ اول بهتر است.",
        "پاسخ دوم بر پاسخ اول برتری ندارد",
        "هر دو پاسخ بهتر از هیچ هستند",
    ],
    "tie": [
        "[[C]]",
        "[[A=B]]",
        '```json\n{"better": "tie", "reason": "x"}\n```',
        "دو پاسخ برابرند",
        "هیچ‌کدام از دو پاسخ بر دیگری برتری ندارد",
        "پاسخ اول و پاسخ دوم تفاوتی ندارند",
        "Both answers are equally good.",
        "Neither answer is better.",
        "Tie",
        "هر دو پاسخ مساوی هستند",
        "هر دو برابرند",
        "نمی‌توان یکی را بهتر دانست؛ دو پاسخ برابرند",
        "It's a tie",
        "پاسخ‌ها برابرند",
    ],
}
LABELS: dict[str, list[str]] = {
    "entails": [
        "«تأیید»",
        "entailment",
        "پاسخ این گزاره را تأیید می‌کند و با آن تناقض ندارد.",
        "The statement is entailed by the answer.",
        "<think>تناقض؟</think>تأیید",
        "تایید می‌شود",
        "گزاره تأیید شده است",
        "بله، تأیید",
        "No contradiction; the answer supports it",
        "بدون تناقض، تأیید",
    ],
    "contradicts": [
        "تناقض دارد",
        "The answer contradicts the statement.",
        "پاسخ با گزاره در تناقض است",
        "پاسخ این گزاره را تأیید نمی‌کند، بلکه با آن تناقض دارد",
        '{"label": "contradicts"}',
        "گزاره را رد می‌کند",
        "Contradiction",
        "This is a contradiction, it is not neutral",
    ],
    "neutral": [
        "هیچ‌کدام",
        "نه تأیید می‌کند و نه تناقض دارد",
        "پاسخ نه این گزاره را تأیید می‌کند نه با آن تناقض دارد",
        "It neither entails nor contradicts it.",
        "پاسخ چیزی درباره آن نمی‌گوید",
        "not mentioned",
        "به این موضوع اشاره‌ای نشده است",
        "پاسخ با گزاره تناقضی ندارد و آن را تأیید هم نمی‌کند",
        "neutral: the answer says nothing about it",
        "The answer does not mention this",
    ],
    "None": [
        "تأیید یا تناقض",
        "",
        "تأیید نمی‌کند",
        "تناقض ندارد",
        "does not contradict",
        "not entailed",
        "The answer does not support the statement",
        "<think>تناقض دارد",
        "با آن مغایرت ندارد",
        "شاید تأیید کند",
        "آیا تأیید می‌کند؟",
        "عدم تأیید",
        "isn't contradicted",
    ],
}


@pytest.mark.parametrize("says", sorted(VERDICTS))
def test_verdicts_are_read(says: str) -> None:
    wanted = None if says == "None" else says
    read = {text: read_verdict(text) for text in VERDICTS[says]}
    assert read == dict.fromkeys(VERDICTS[says], wanted)


@pytest.mark.parametrize("label", sorted(LABELS))
def test_labels_are_read(label: str) -> None:
    wanted = None if label == "None" else label
    read = {text: read_label(text) for text in LABELS[label]}
    assert read == dict.fromkeys(LABELS[label], wanted)


def _exchanged(text: str) -> str:
    """The same verdict with the two places exchanged."""
    return text.replace("اول", "\0").replace("دوم", "اول").replace("\0", "دوم")


@pytest.mark.parametrize(
    "text",
    [
        text
        for texts in VERDICTS.values()
        for text in texts
        if "پاسخ اول" in text or "پاسخ دوم" in text
    ],
)
def test_exchanged_places_give_the_other_verdict(text: str) -> None:
    other: dict[Said | None, Said | None] = {"first": "second", "second": "first"}
    said = read_verdict(text)
    assert read_verdict(_exchanged(text)) == other.get(said, said)


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert read_verdict(text) in {"first", "second", "tie", None}
    known: set[Label | None] = {"entails", "contradicts", "neutral", None}
    assert read_label(text) in known
