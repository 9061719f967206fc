"""Whether a question with options already tells which of them is right."""

import re

from gaokerena_data.choices.folding import fold

_LABEL = r"(?:گزینه ?[ی]?\s?)?[\[(«\"]?(?:[a-e]|الف|[بجده]|[1-5])[\])»\"]?(?![\w\u200c])"
# «پاسخ صحیح: ب», «جواب درست گزینه ۲ است», "Answer: C", "ans. is b".
_SAID = re.compile(
    r"(?:(?:پاسخ|جواب|کلید)(?:\s(?:صحیح|درست|نهایی|سوال|پرسش)){0,2}|گزینه\s(?:صحیح|درست)"
    r"|(?:correct|right)\s(?:answer|option|choice)|\banswer|\bans)"
    r"\s?(?:[.:=]|است|is|,)?\s?(?:is\s|=\s?)?" + _LABEL,
    re.IGNORECASE,
)
# «B) طحال (صحیح)», "✓ C".
_MARKED = re.compile(
    r"^.{0,2}[\[(]?(?:[a-e]|الف|[بجده]|[1-5])[\])].{1,300}"
    r"(?:\((?:صحیح|درست|پاسخ|correct)\)|[✓✔✅])\s?$|^\s{0,3}[✓✔✅]",
    re.IGNORECASE | re.MULTILINE,
)


def tells_answer(text: str) -> bool:
    r"""Whether a prompt names the right option, or marks one.

    Args:
        text: the prompt, options and all; an option such as «پاسخ ایمنی» is no such sign.

    Example:
        >>> tells_answer("کدام درست است؟\n[A] : کبد\n[B] : طحال\nپاسخ صحیح: B")
        True
        >>> tells_answer("پاسخ صحیح کدام است؟\n[A] : کبد\n[B] : طحال")
        False
    """
    folded = fold(text)
    return bool(_SAID.search(folded) or _MARKED.search(folded))
