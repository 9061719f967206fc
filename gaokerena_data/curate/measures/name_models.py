"""Models that find names where rules do not, loaded once in each process."""

from functools import cache
from typing import TYPE_CHECKING

from gaokerena_data.errors import GaokerenaError

if TYPE_CHECKING:
    from gaokerena_data.text.personal.name_model import NameModel


@cache
def load_name_model(model: str, asked_by: str = "name_model") -> "NameModel":
    """A model that classifies tokens, by its name on the Hub or its folder.

    Args:
        model: its name or folder.
        asked_by: the option or the setting that names it, for errors.

    Raises:
        GaokerenaError: the extra `ner` is not installed, or there is no such model.
    """
    try:
        from gaokerena_data.text.personal.name_model import NameModel

        return NameModel(model)
    except ModuleNotFoundError as error:
        raise GaokerenaError(
            f"{asked_by} needs {error.name or 'transformers'}: pip install 'gaokerena-data[ner]'"
        ) from None
    except (OSError, ValueError) as error:
        raise GaokerenaError(
            f"{asked_by} {model}: no model that classifies tokens "
            f"({str(error).splitlines()[0]}): name a folder with its config.json, or a model of "
            "the Hub"
        ) from None
