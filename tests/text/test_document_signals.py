"""The signals of many documents at once: those of one by one, and what they tell apart."""

from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.text.document_signals import DOCUMENT_SIGNALS, document_signals
from gaokerena_data.text.quality import boilerplate, quality_signals
from gaokerena_data.text.word_arrays import word_arrays

TEXTS = st.lists(
    st.text(alphabet="ابپ دی‌ هم\n.،؟12aZ", max_size=80) | st.sampled_from(["", "تب " * 20]),
    max_size=6,
)
ARTICLE = (
    "دیابت نوع دو بیماری شایعی است که در آن قند خون بالا می‌رود.\n"
    "پزشک با توجه به آزمایش‌ها دارو را انتخاب می‌کند و مقدار آن را تغییر می‌دهد.\n"
    "اگر تشنگی زیاد و تکرر ادرار دارید، آزمایش قند ناشتا را به تعویق نیندازید."
)
SHOP = (
    "خرید اینترنتی ماساژور برقی با تخفیف ویژه، قیمت ۸۵۰ هزار تومان. افزودن به سبد خرید، ارسال "
    "رایگان و پرداخت در محل، فروشگاه ما گارانتی اصالت کالا می‌دهد."
)
NEWS = (
    "به گزارش خبرگزاری، معاون وزیر در نشست با نماینده مجلس گفت: افتتاح ساختمان تازه در استان "
    "اعلام می‌شود. رئیس سازمان افزود این مراسم هفته آینده برگزار خواهد شد."
)


def measured(*texts: str) -> dict[str, list[float]]:
    return {name: list(v) for name, v in document_signals(texts, word_arrays(texts)).items()}


@given(TEXTS)
def test_together_is_one_by_one(texts: list[str]) -> None:
    together = measured(*texts)
    assert list(together) == list(DOCUMENT_SIGNALS)
    for i, text in enumerate(texts):
        alone = quality_signals(text)
        for name in DOCUMENT_SIGNALS:
            if name in alone:
                assert abs(together[name][i] - alone[name]) < 1e-9, name
            assert together[name][i] == measured(text)[name][0]
        assert together["boilerplate_share"][i] == min(sum(boilerplate(text).values()), 1)


def test_topics_tell_pages_apart() -> None:
    shares = measured(ARTICLE, SHOP, NEWS)
    for place, topic in enumerate(("medical_share", "shop_share", "news_share")):
        assert max(range(3), key=shares[topic].__getitem__) == place
        assert shares[topic][place] > 0.15


def test_an_answer_without_content_is_boilerplate() -> None:
    empty = "سلام دوست عزیز. باید به پزشک متخصص مراجعه کنید. موفق باشید"
    own = "سلام. قرص متفورمین را بعد از غذا بخورید و قند ناشتا را هر هفته اندازه بگیرید."
    shares = measured(empty, own)["boilerplate_share"]
    assert shares[0] > 0.8
    assert shares[1] < 0.15
