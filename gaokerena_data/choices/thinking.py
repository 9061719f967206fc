"""What a model says after it has thought: the thinking itself is not its answer."""

import re

# How models set thinking apart; each kind with what opens it and what closes it.
_MARKS = (
    (
        r"<(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis)>",
        r"</(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis)>",
    ),
    (r"\[THINK\]", r"\[/THINK\]"),
    (r"◁think▷", r"◁/think▷"),
    (r"<\|begin_of_thought\|>", r"<\|end_of_thought\|>"),
    (r"<\|START_THINKING\|>", r"<\|END_THINKING\|>"),
    (r"<seed:think>", r"</seed:think>"),
    (r"<\|channel\|>\s*(?:analysis|commentary)", r"<\|channel\|>\s*final(?:\s*<\|message\|>)?"),
)
_OPENS = tuple(re.compile(opens, re.IGNORECASE) for opens, _ in _MARKS)
_CLOSES = tuple(re.compile(closes, re.IGNORECASE) for _, closes in _MARKS)
_ANSWER = re.compile(r"<answer>(.*)", re.IGNORECASE | re.DOTALL)
_ANSWER_ENDS = re.compile(r"</answer>", re.IGNORECASE)


def without_thinking(answer: str) -> str:
    """The answer after its thinking; empty where the thinking was cut off before an answer.

    Where a closing mark stands alone, the prompt held the opening one: what stands before it was
    thought. Of several stretches of thinking, what follows the last one counts. What stands in
    `<answer>` is the whole answer.
    """
    for opens, closes in zip(_OPENS, _CLOSES, strict=True):
        closed = [match.end() for match in closes.finditer(answer)]
        start = closed[-1] if closed else 0
        answer = answer[start:]
        opened = opens.search(answer)
        if opened is not None:
            answer = answer[: opened.start()]
    found = _ANSWER.search(answer)
    return _ANSWER_ENDS.split(found.group(1), maxsplit=1)[0] if found else answer
