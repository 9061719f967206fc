"""The one exception that a user's mistake may end in."""


class GaokerenaError(Exception):
    """A mistake that a person can mend.

    The message is one line: what is wrong, where, and what to do about it. The command line
    prints it to stderr and exits with 1; no traceback is shown.
    """


def reason_of(error: BaseException) -> str:
    """The first line of what a library says, or the error's kind where it says nothing."""
    lines = (line.strip() for line in str(error).splitlines())
    return next(filter(None, lines), type(error).__name__)
