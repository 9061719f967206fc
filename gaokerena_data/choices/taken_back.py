"""What an answer says and does not stand by: corrected later, told of others, or supposed."""

import re

# What follows a correction is the answer; what stands before it is none any more.
_CORRECTION = re.compile(
    r"(?<!\w)(?:اصلاحیه|اصلاح(?: می[ \u200c]?کنم)?|تصحیح(?: می[ \u200c]?کنم)?)\s*[:：؛،,]"
    r"|(?<!\w)(?:ببخشید|معذرت می[ \u200c]?خواهم|پوزش|عذر[ \u200c]?خواهی)(?!\w)"
    r"[^.!؟?\n]{0,30}?(?:منظورم|اشتباه|[،,:])"
    r"|(?<!\w)(?:منظورم(?= )|اشتباه (?:کردم|گفتم|نوشتم)|صبر کنید|نه، اشتباه)"
    r"|\b(?:correction|erratum|edit)\s*:|\b(?:sorry|oops|my mistake|apologies)\b[,.:;!]?"
    r"|\bi meant\b|\bscratch that\b|\bstrike that\b|\bi misread\b|\bon second thought\b"
    r"|(?:^|(?<=[.!?\n] )|(?<=[.!?\n]))(?:oh,? |hmm,? |no,? )?wait\b[,.:;!]?"
    r"|\bactually,? no\b[,.:;]?",
    re.IGNORECASE,
)
_OTHERS = (
    r"(?:پزشک(?:ان)? دیگری?|برخی(?: از)?(?: \w+)?|بعضی(?: ها)?|بسیاری|عده[ \u200c]?ای|دیگران|"
    r"اکثر(?: افراد| مردم)?)"
)
_CLAUSE = r"[^،,؛;.!؟?\n]{1,120}?"
# A clause that tells what others hold, or what would be so, up to where the answer goes on.
_NOT_ITS_OWN = re.compile(
    rf"(?<!\w){_OTHERS}{_CLAUSE}(?:گفت\w*|می[ \u200c]?گوی\w*|معتقد\w*|"
    rf"فکر می[ \u200c]?کنند|می[ \u200c]?دانند)\b{_CLAUSE}"
    r"(?=[،,؛;]? ?(?:ولی|اما|لیکن|در حالی[ \u200c]?که))"
    r"|(?<!\w)بر[ \u200c]?خلاف (?:تصور|باور|نظر|عقیده)" + _CLAUSE + r"[،,؛;]"
    rf"|(?<!\w)اگر{_CLAUSE}(?:بود|می[ \u200c]?شد|می[ \u200c]?بود)(?!\w)[^،,؛;.!؟?\n]{{0,120}}[،,؛;]"
    r"(?= ?(?:ولی|اما|لیکن))"
    r"|(?<!\w)(?:در (?:نگاه|وهله|نظر) ?(?:ی )?(?:اول|نخست)|در ابتدا|ابتدا به نظر)"
    rf"{_CLAUSE}(?=[،,؛;]? ?(?:ولی|اما|لیکن))"
    rf"|(?<!\w)(?:شما )?(?:گفتید|گفته[ \u200c]?اید|نوشته ?اید|می[ \u200c]?گویید){_CLAUSE}[؛;،,.]"
    rf"|\byou (?:said|say|wrote|claim(?:ed)?)\b{_CLAUSE}[,;.]"
    r"|(?<!\w)اگر[^.؛!؟?\n]{1,200}?(?:می[ \u200c]?شد|می[ \u200c]?بود|درست بود)\s?[.؛]"
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
