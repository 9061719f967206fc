"""What is told of a package that is not installed."""

from collections.abc import Iterator
from contextlib import contextmanager

from gaokerena_data.errors import GaokerenaError


@contextmanager
def needs_extra(extra: str, otherwise: str = "") -> Iterator[None]:
    """Import inside of it what only an extra of this package brings.

    Args:
        extra: its name.
        otherwise: what can be done instead of installing it.

    Raises:
        GaokerenaError: something is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise GaokerenaError(
            f"{error.name} is not installed: pip install 'gaokerena-data[{extra}]'{otherwise}"
        ) from error
