"""Numbers in words, as they are written, with their values."""


def _numbered(words: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(words.split())}


UNITS = _numbered("یک دو سه چهار پنج شش هفت هشت نه", 1)
TEENS = _numbered("ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده", 10)
TENS = _numbered("بیست سی چهل پنجاه شصت هفتاد هشتاد نود", 20, 10)
HUNDREDS = _numbered("صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد", 100, 100)
