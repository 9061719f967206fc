"""Normalization beside stock hazm: the same texts, one core, one run.

    python -m benchmarks.normalize [FILE.xlsx ...]

Without files it normalizes invented texts. CPU time is compared, so a busy machine changes the
figures little and their ratios less.
"""

import random
import sys
import time
from collections.abc import Callable

import hazm
from python_calamine import CalamineWorkbook

from gaokerena_data.text.normalization.hazm_path import fast_hazm
from gaokerena_data.text.normalizer import normalize

_WORDS = """
سلام دکتر من سه روز است که سرم درد می کند و تب دارم قرص استامینوفن خوردم ولی خوب نشدم آیا باید
آزمایش بدهم دخترم دو ساله است و شب ها سرفه می کند چه شربتی مناسب است لطفا راهنمایی کنید بیماری
فشار خون پدرم بالا است داروی لوزارتان مصرف میکند می توان آن را با غذا خورد در هفته گذشته سونوگرافی
"""
_NUMBERS = ("2.5mg", "140/90", "37.3", "B12", "۵۰۰", "3", "5-10", "۲۰٪", "HbA1c", "۱۲")


def invented(count: int) -> list[str]:
    """Texts of a question's length, with a number in every twelfth place."""
    rnd = random.Random(1)
    words = _WORDS.split()
    return [
        " ".join(
            rnd.choice(_NUMBERS if rnd.random() < 1 / 12 else words)
            + ("،" if rnd.random() < 0.05 else "")
            for _ in range(60)
        )
        + "."
        for _ in range(count)
    ]


def real(files: list[str], every: int) -> list[str]:
    """Every n-th text of the first two columns of the authors' files."""
    texts = [
        str(cell)
        for file in files
        for row in CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()[1:]
        for cell in row[:2]
    ]
    return texts[::every]


def seconds(function: Callable[[str], str], texts: list[str]) -> float:
    started = time.process_time()
    for text in texts:
        function(text)
    return time.process_time() - started


def main() -> None:
    texts = real(sys.argv[1:], every=10) if sys.argv[1:] else invented(3000)
    stock = hazm.Normalizer()
    fast_hazm("می خوانم")  # word lists are read once, here
    same = sum(stock.normalize(text) == fast_hazm(text) for text in texts)
    # In turns, so that a busy minute falls on all three.
    parts = [texts[i::5] for i in range(5)]
    times = {"hazm 0.12.1": 0.0, "fast_hazm": 0.0, "normalize": 0.0}
    for part in parts:
        for name, function in zip(times, (stock.normalize, fast_hazm, normalize), strict=True):
            times[name] += seconds(function, part)
    characters = sum(map(len, texts))
    print(f"{len(texts)} texts, {characters} characters; fast_hazm equals hazm on {same}")
    for name, took in times.items():
        ratio = times["hazm 0.12.1"] / took
        print(f"{name:12} {characters / took / 1e6:6.2f} M characters/s  {ratio:5.2f} x hazm")


if __name__ == "__main__":
    main()
