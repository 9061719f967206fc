"""Which released versions still hold something: on this disk, or on the Hub."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.datasets.registry import released_names, use_workspace
from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.release.versions import released_versions
from gaokerena_data.sources import find_source
from gaokerena_data.takedowns.requests import Takedown, Takedowns
from gaokerena_data.workspace import Workspace

_COLUMNS = ("id", "url", "Source", "source")


@dataclass(frozen=True, slots=True)
class Holder:
    """A file of a published version that holds rows of a takedown.

    Args:
        place: dataset and version, or repository and tag.
        file: path in it.
        rows: how many of its rows.
        ids: the first of their ids, or none where the file has no ids.
    """

    place: str
    file: str
    rows: int
    ids: list[str]


def find_local(workspace: Workspace, request: Takedown) -> list[Holder]:
    """The releases of a workspace that hold what was asked to be taken down."""
    use_workspace(workspace)
    found: list[Holder] = []
    for dataset in released_names():
        for version in released_versions(workspace, dataset):
            folder = workspace.release(dataset, str(version))
            for file in sorted(folder.glob("*/*.parquet")):
                name = file.relative_to(folder).as_posix()
                found += _search(file, f"{dataset} {version}", name, request)
    return found


def find_on_hub(repository: str, request: Takedown) -> list[Holder]:
    """The tags of a dataset repository on the Hub that hold it. Only needed columns are read.

    Raises:
        GaokerenaError: no such repository, no right to read it, or no connection.
    """
    from huggingface_hub import HfApi, HfFileSystem
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

    try:
        api = HfApi()
        tags = sorted(tag.name for tag in api.list_repo_refs(repository, repo_type="dataset").tags)
        files = HfFileSystem(endpoint=api.endpoint, use_listings_cache=False)
        found: list[Holder] = []
        for tag in tags:
            listed = api.list_repo_files(repository, repo_type="dataset", revision=tag)
            for name in sorted(listed):
                if name.endswith(".parquet"):
                    with files.open(f"datasets/{repository}@{tag}/{name}", "rb") as file:
                        found += _search(file, f"{repository}@{tag}", name, request)
        return found
    except RepositoryNotFoundError:
        raise GaokerenaError(
            f"{repository}: no such dataset on the Hub, or no right to read it: set HF_TOKEN"
        ) from None
    except (HfHubHTTPError, OSError) as error:
        reason = reason_of(error)
        raise GaokerenaError(f"{repository}: the Hub cannot be read ({reason})") from None


def _search(file: Path | IO[bytes], place: str, name: str, request: Takedown) -> Iterator[Holder]:
    try:
        present = [column for column in _COLUMNS if column in pq.read_schema(file).names]
        table = pq.read_table(file, columns=present, partitioning=None)
        table.validate(full=True)
        rows = table.to_pylist() if present else []
    except (pa.ArrowException, UnicodeError) as error:
        reason = reason_of(error)
        raise GaokerenaError(f"{place}: {name} cannot be read ({reason})") from None
    wanted = Takedowns([request])
    held = [row for row in rows if _is_held(wanted, row)]
    if held:
        yield Holder(place, name, len(held), [row["id"] for row in held[:3] if row.get("id")])


def _is_held(wanted: Takedowns, row: dict[str, Any]) -> bool:
    if wanted.matches(row.get("id") or "", row.get("url")) is not None:
        return True
    source = row.get("Source") or row.get("source")
    if not source or row.get("url"):
        return False
    # Versions without ids name the site in words.
    try:
        hosts = find_source(source).hosts
    except GaokerenaError:
        return False
    return any(wanted.matches("", None, host) is not None for host in hosts)
