"""What an answer says and does not stand by: corrected later, told of others, or supposed."""

import re

# What follows a correction is the answer; what stands before it is none any more.
_CORRECTION = re.compile(
    r"(?<!\w)(?:اصلاحیه|اصلاح(?: می ?کنم)?|تصحیح(?: می ?کنم)?)\s*[:：؛،,]"
    r"|(?<!\w)(?:ببخشید|معذرت می ?خواهم|پوزش|عذر ?خواهی)(?!\w)"
    r"[^.!؟?\n]{0,30}?(?:منظورم|اشتباه|[،,:])"
    r"|(?<!\w)(?:منظورم(?= )|اشتباه (?:کردم|گفتم|نوشتم)|صبر کنید|نه، اشتباه)"
    r"|\b(?:correction|erratum|edit)\s*:|\b(?:sorry|oops|my mistake|apologies)\b[,.:;!]?"
    r"|\bi meant\b|\bscratch that\b|\bstrike that\b|\bi misread\b|\bon second thought\b"
    r"|(?:^|(?<=[.!?\n] )|(?<=[.!?\n]))(?:oh,? |hmm,? |no,? )?wait\b[,.:;!]?"
    r"|\bactually,? no\b[,.:;]?",
    re.IGNORECASE,
)
_OTHERS = (
    r"(?:پزشک(?:ان)? دیگری?|برخی(?: از)?(?: \w+)?|بعضی(?: ها)?|بسیاری|عده ?ای|دیگران|"
    r"اکثر(?: افراد| مردم)?)"
)
_CLAUSE = r"[^،,؛;.!؟?\n]{1,120}?"
# A clause that tells what others hold, or what would be so, up to where the answer goes on.
_NOT_ITS_OWN = re.compile(
    rf"(?<!\w){_OTHERS}{_CLAUSE}(?:گفت\w*|می ?گوی\w*|معتقد\w*|فکر می ?کنند|می ?دانند)\b{_CLAUSE}"
    r"(?=[،,؛;]? ?(?:ولی|اما|لیکن|در حالی ?که))"
    r"|(?<!\w)بر ?خلاف (?:تصور|باور|نظر|عقیده)" + _CLAUSE + r"[،,؛;]"
    rf"|(?<!\w)اگر{_CLAUSE}(?:بود|می ?شد|می ?بود)(?!\w)[^،,؛;.!؟?\n]{{0,120}}[،,؛;]"
    r"(?= ?(?:ولی|اما|لیکن))"
    rf"|\b(?:contrary to|unlike) (?:the )?(?:popular|common|general)?{_CLAUSE},"
    r"|\b(?:a |the )?common (?:mistake|misconception|error|pitfall)s?\b" + _CLAUSE + r"[.!\n]"
    r"|\b(?:some|many|most|others)\b(?: \w+)? (?:would )?(?:say|think|believe|answer|choose|pick)"
    rf"{_CLAUSE}(?=[,;]? (?:but|however|yet)\b)",
    re.IGNORECASE,
)


def after_correction(answer: str) -> str | None:
    """What stands behind the last correction; None where nothing is corrected."""
    corrections = list(_CORRECTION.finditer(answer))
    return answer[corrections[-1].end() :] if corrections else None


def without_others_views(answer: str) -> str:
    """An answer without clauses that tell what others hold or what would be so."""
    return _NOT_ITS_OWN.sub(" ", answer)
