"""The words that undo a verdict: taken back, turned round, another's opinion, one respect alone.

What stands after such words may be a verdict; what stands before them is none. A verdict that is
lost for it is asked for again, one that is read wrongly is not: so the lists are wide.
"""

import re

# A sentence that holds one of these speaks of the sentence before it.
_TURNED_ROUND = (
    r"برعکس|بالعکس|وارونه|جا ?به ?جا|عوض (?:شده|کرده|نوشت|گفت)\w*|"
    r"\b(?:other way (?:a)?round|the (?:opposite|reverse)|revers(?:e|ed) (?:it|that|order|verdict)|"
    r"vice versa|swapped|should (?:be|have been|read|say) (?:the )?(?:first|second|a|b|1|2|tie))\b"
)
TURNED_ROUND = re.compile(rf"{_TURNED_ROUND}|منظورم|\bi meant\b|\bscratch that\b", re.IGNORECASE)
TAKEN_BACK = re.compile(
    rf"{_TURNED_ROUND}|"
    # I do not believe it; I was wrong; I correct it
    r"(?:قبول|باور) ندارم|موافق نیستم|مخالف(?:م|یم)?\b|رد (?:می ?کنم|شد)|"
    r"اشتباه (?:کردم|گفتم|شد|نوشتم|بود|است)|"
    r"تصحیح|اصلاح (?:می ?کنم|شود|کنم)|اصلاحیه|ویرایش:|تجدید ?نظر|نظرم (?:عوض|برگشت|تغییر|را)|"
    r"پس می ?گیرم|پشیمان|(?:تغییر|عوض) می ?د?هم|ببخشید|معذرت|پوزش|منظورم|شوخی|نادیده بگیر\w*|"
    r"(?:این|ان) (?:جمله|حکم|رای|نظر|ادعا|گفته|حرف)\b|البته که نه|که نه$|"
    r"(?:^|[,،] ?)(?:نه|خیر|not|no)$|"
    # I cannot say
    r"(?:مطمین|مطمن) نیستم|(?:شک|تردید) دارم|نمی ?(?:دانم|دونم)|نمی ?توان(?:م|یم) (?:قضاوت|تشخیص|"
    r"داوری|بگویم|تصمیم)|"
    r"\b(?:wait|reconsider\w*|correction|edit:|erratum|oops|sorry|apologies|"
    r"(?:strike|scratch) that|"
    r"i (?:was|am) (?:wrong|mistaken)|i meant|my mistake|i misread|mixed up|just kidding|joking|"
    r"on (?:second thought|reflection)|i take (?:it|that) back|i (?:now )?change my|"
    r"chang(?:e|ed|ing) my (?:mind|verdict|answer|choice|vote)|i (?:dis|do not |dont )agree|"
    r"(?:ignore|disregard|forget) (?:that|this|it|the above|my|what)|"
    r"(?:this|that) (?:sentence|statement|verdict|claim) |"
    r"that(?:s| is| was| would be| would have been)? (?:my verdict|what i)|"
    r"so (?:it|he|she|they) (?:claims?|says?)|i (?:am|was) told|they say|not sure|not really|"
    r"(?:cannot|cant|unable to) (?:\w+ )?(?:judge|decide|say|tell|determine))\b",
    re.IGNORECASE,
)
# "..., a previous judge wrote", «این را داور قبلی گفته بود»: told, wherever it stands.
_PEOPLE = (
    r"(?:(?:the|a|an|some|many|most|other|another|previous|first|earlier|prior) )*"
    r"(?:judges?|reviewers?|raters?|graders?|annotators?|users?|people|patients?|readers?|others|"
    r"some|many|most|lay(?:man|person|people)|students?|critics?)"
)
_PEOPLE_FA = (
    r"(?:برخی|بعضی ?ها|بعضی|عده ?ای|دیگران|همه|خیلی ?ها|کاربر|بیمار|داور|ارزیاب|همکار|خواننده|"
    r"دانشجو|منتقد|مردم)\w*"
)
_SAY = (
    r"(?:say|says|said|claim(?:s|ed)?|think(?:s)?|thought|wrote|writes?|believe[sd]?|argue[sd]?|"
    r"find(?:s)?|found|insist(?:s|ed)?|prefer(?:s|red)?|told|states?|stated|would)"
)
_SAY_FA = r"(?:گفت\w*|می ?گو\w*|می ?گ(?:ن|ه)\b|معتقد\w*|نوشت\w*|ادعا|باور|مدعی|نظر داد\w*|عقیده)"
_OTHERS = re.compile(
    rf"\b{_PEOPLE}\b(?: \w+){{0,2}} {_SAY}\b|{_PEOPLE_FA}(?: \w+){{0,5}} {_SAY_FA}|"
    rf"\b(?:said|wrote|claimed) (?:by )?{_PEOPLE}\b|"
    rf"به (?:گفته|نظر|قول|عقیده|ادعای) ?ی? {_PEOPLE_FA}",
    re.IGNORECASE,
)
# "only in style", «البته از نظر نگارش»: in one respect, not on the whole.
IN_ONE_RESPECT = re.compile(
    r"(?<!نه )(?<!not )\b(?:فقط|تنها|البته|صرفا|دست ?کم|حداقل|only|just|merely|"
    r"purely|at least|albeit)"
    r"\b,? (?:هم )?(?:از (?:نظر|لحاظ|جهت|حیث|منظر|جنبه|بعد)|به لحاظ|در(?: زمینه)?|برای|"
    r"in|on|for|at|regarding|in terms|with respect|as (?:to|regards)|\w+ally\b|\w+[- ]?wise\b)",
    re.IGNORECASE,
)
# A quality ("more complete") is no verdict beside these.
SPEAKS_AGAINST = re.compile(
    r"\b(?:also|still|nonetheless|nevertheless)\b[^.]{0,20}\b(?:wrong|incorrect|dangerous|unsafe|"
    r"harmful|misleading)\b|\bit (?:is|was) (?:wrong|incorrect|dangerous|unsafe|"
    r"harmful|misleading)\b|"
    r"(?:غلط|نادرست|خطرناک|اشتباه|گمراه ?کننده) (?:هم )?(?:است|هست|بود)",
    re.IGNORECASE,
)


def is_others_opinion(sentence: str) -> bool:
    """Whether a folded sentence tells what somebody else says or thinks."""
    return _OTHERS.search(sentence) is not None
