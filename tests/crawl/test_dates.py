from datetime import date, timedelta

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.crawl.reading.dates import JALALI_MONTHS, iso_date

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
days = st.dates(min_value=date(1995, 1, 1), max_value=date(2045, 1, 1))


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("۱۱ مرداد ۱۴۰۲", "2023-08-02"),
        ("چهارشنبه ۱۱ مرداد ۱۴۰۲ - ۱۵:۳۰", "2023-08-02T15:30:00"),
        ("چهارشنبه، ۱۱ امرداد ماه ۱۴۰۲ ساعت ۱۵:۳۰", "2023-08-02T15:30:00"),
        ("تاریخ انتشار: ۱۴۰۲/۵/۱۱", "2023-08-02"),
        ("1402-05-11", "2023-08-02"),
        ("٩:٠٥  ١٤٠٢/٠٥/١١", "2023-08-02T09:05:00"),
        ("۳۰ اسفند ۱۴۰۳", "2025-03-20"),  # a leap year
        ("يکشنبه ۱ دي ۱۳۹۸", "2019-12-22"),  # an Arabic keyboard
        ("۲۸ اردیبهشت‌ماه ۱۴۰۱", "2022-05-18"),
        ("۱۱ مردادماه ۱۴۰۲ ساعت ۸:۰۵ ب.ظ", "2023-08-02T20:05:00"),
        ("۱۱مرداد۱۴۰۲", "2023-08-02"),
        ("۱۲مهر ۱۴۰۲", "2023-10-04"),
        ("۱۲ ام مهرماه، ۱۴۰۲", "2023-10-04"),
        ("۱۲م مهر ۱۴۰۲", "2023-10-04"),
        ("۱۱/۵/۱۴۰۲", "2023-08-02"),
        ("۱۱-۰۵-۱۴۰۲ ۱۵:۳۰", "2023-08-02T15:30:00"),
        ("2023-08-02T15:30:00+03:30", "2023-08-02T15:30:00+03:30"),
        ("2023-08-02T12:00:00Z", "2023-08-02T12:00:00+00:00"),
        ("1402-05-11T15:30:00", "2023-08-02T15:30:00"),  # Jalali in an ISO dress
        ("2023/08/02", "2023-08-02"),
        ("۲ اوت ۲۰۲۳", "2023-08-02"),
        ("August 2, 2023", "2023-08-02"),
        ("بروزرسانی ۱۴۰۲/۱۳/۰۱ ایجاد ۱۴۰۲/۱۲/۰۱", "2024-02-20"),  # the first is no day
    ],
)
def test_dates_as_sites_write_them(written: str, iso: str) -> None:
    assert iso_date(written) == iso


@pytest.mark.parametrize(
    "written",
    [
        "",
        None,
        "۳ روز پیش",
        "دیروز",
        "۳۰ اسفند ۱۴۰۲",  # no leap year
        "۱۴۰۲/۱۳/۴۵",
        "تلفن ۰۲۱-۱۲۳۴۵۶۷۸",
        "0912-000-0000",
        "۱۱ مرداد",
        "120/80/1402",
        "12/07/2023",  # in July, or in December
        "0001-01-01T00:00:00",
    ],
)
def test_what_is_no_date_is_none(written: str | None) -> None:
    assert iso_date(written) is None


@given(days, st.sampled_from([{}, PERSIAN, ARABIC]), st.sampled_from(["/", "-", " / ", "."]))
def test_every_jalali_day_becomes_its_gregorian_one(
    day: date, digits: dict[int, int], separator: str
) -> None:
    jalali = jdatetime.date.fromgregorian(date=day)
    numbers = separator.join((f"{jalali.year}", f"{jalali.month:02}", f"{jalali.day:02}"))
    assert iso_date(f"تاریخ: {numbers.translate(digits)} |") == day.isoformat()
    words = f"{jalali.day} {JALALI_MONTHS[jalali.month - 1][0]} {jalali.year}".translate(digits)
    assert iso_date(f"شنبه {words}") == day.isoformat()


@given(st.text())
def test_any_text_gives_a_date_or_none(text: str) -> None:
    found = iso_date(text)
    if found is not None:
        assert date.fromisoformat(found[:10]) > date(1990, 1, 1) - timedelta(days=1)
