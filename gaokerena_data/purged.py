"""What purges have erased, by the ids that their receipts keep: a crawl does not bring it back."""

import json

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace


def purged_ids(workspace: Workspace) -> frozenset[str]:
    """Ids of all records and pages that were ever erased from a workspace.

    Raises:
        GaokerenaError: a receipt is damaged: what it names would be fetched again.
    """
    found: set[str] = set()
    for file in sorted((workspace.root / "purges").glob("*T*Z.json")):
        try:
            found.update(json.loads(file.read_text("utf-8"))["ids"])
        except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
            raise GaokerenaError(
                f"{file}: damaged ({error}); restore it from a copy, it keeps crawls from fetching "
                "again what was erased"
            ) from None
    return frozenset(found)
