"""A conversation with a model in the terminal.

Persian is written from right to left. A terminal that lays text out both ways by itself (GNOME
Terminal and all others on VTE, Konsole, mlterm, macOS Terminal) needs no help with the letters, and
reordering them here would show them backwards there. What it cannot know is a line's direction:
it is asked to look at the first letter (private mode 2501 of the terminals' common proposal on
bidirectional text), and an invisible mark of direction stands in front of every line, so that one
that starts with the name of a drug is still a Persian line. Terminals without bidirectional text
ignore both.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from training.models.answerer import Answerer

DISCLAIMER = (
    "این مدل پزشک نیست. پاسخ‌هایش ممکن است نادرست باشد و جای معاینه و نظر پزشک را نمی‌گیرد.",
    "دارویی را بر پایهٔ آن شروع یا قطع نکنید. در شرایط اورژانسی با ۱۱۵ تماس بگیرید.",
)
HELP = "/پاک یا /reset گفتگو را از نو آغاز می‌کند، /خروج یا /exit آن را می‌بندد."
CLEARED = "گفتگو پاک شد."
STOPPED = "[پاسخ نیمه‌کاره ماند]"
YOU, MODEL = "شما: ", "مدل: "
_CLEAR, _EXIT, _HELP = ("/پاک", "/reset"), ("/خروج", "/exit", "/quit"), ("/راهنما", "/help")

_RIGHT_TO_LEFT = "\u200f"
_DETECT_DIRECTION, _AS_BEFORE = "\x1b[?2501h", "\x1b[?2501l"
# Escape sequences would let a model drive the terminal; overrides would let it hide its words.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Conversation:
    """What was said, and where it is shown.

    Args:
        answerer: who answers.
        out: where to write.
        terminal: whether `out` is one; a file gets no marks of direction.
    """

    answerer: Answerer
    out: TextIO
    terminal: bool
    messages: list[dict[str, str]] = field(default_factory=list)

    def run(self, read: Callable[[], str]) -> None:
        """Talk until `read` raises EOFError, or somebody leaves.

        Args:
            read: the next line of the person. Interrupted (Ctrl-C), it ends the conversation;
                an answer that is interrupted only ends itself.
        """
        if self.terminal:
            self.out.write(_DETECT_DIRECTION)
        try:
            for line in (*DISCLAIMER, HELP):
                self._say(line)
            while self._turn(read):
                pass
        except (EOFError, KeyboardInterrupt):
            self._say("")
        finally:
            if self.terminal:
                self.out.write(_AS_BEFORE)
            self.out.flush()

    def _turn(self, read: Callable[[], str]) -> bool:
        """One turn of both; False when the person leaves."""
        text = read().strip()
        command = text.casefold().lstrip(_RIGHT_TO_LEFT)
        if command in _EXIT:
            return False
        if command in _CLEAR:
            self.messages.clear()
            self._say(CLEARED)
        elif command in _HELP or command.startswith("/"):
            self._say(HELP)
        elif text:
            self._answer(text)
        return True

    def _answer(self, text: str) -> None:
        self.messages.append({"role": "user", "content": text})
        said: list[str] = []
        self._write(f"{self._mark}{MODEL}")
        pieces = self.answerer.answer(self.messages)
        try:
            for piece in pieces:
                said.append(piece)
                self._write(self._shown(piece))
        except KeyboardInterrupt:
            pieces.close()  # type: ignore[attr-defined] # a generator, whose model is stopped
            self._write(f" {STOPPED}")
        self._write("\n")
        answer = "".join(said).strip()
        if answer:
            self.messages.append({"role": "assistant", "content": answer})
        else:  # templates want the turns to alternate
            self.messages.pop()

    def _say(self, line: str) -> None:
        self._write(f"{self._mark}{line}\n" if line else "\n")

    def _shown(self, piece: str) -> str:
        return _UNSAFE.sub("", piece).replace("\n", f"\n{self._mark}")

    @property
    def _mark(self) -> str:
        return _RIGHT_TO_LEFT if self.terminal else ""

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
