"""Where things lie on disk, and how they are written: whole, or not at all.

What a workspace holds is its owner's alone to read: patients' words are in most of it.
"""

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from gaokerena_data.errors import GaokerenaError

# What lies at the top of a workspace; any of it makes a folder one.
_CONTENT = (
    "gaokerena.toml",
    "datasets",
    "sites",
    "rules",
    "frontier",
    "archive",
    "extracted",
    "signals",
    "benchmarks",
    "takedowns.jsonl",
    "reviews",
    "annotations",
    "curated",
    "contamination.json",
    "cards",
    "releases",
    "runs",
)
FILE_MODE, FOLDER_MODE = 0o600, 0o700
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")  # MAJOR.MINOR.PATCH
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Workspace:
    """The folder of one maintainer's work. Nothing is created before it is written to.

    ```
    gaokerena.toml                     thresholds that differ from the packaged ones
    datasets/NAME.toml                 datasets of this workspace's own
    sites/sources.toml, sites/NAME.py  sites of its own, and their spiders
    rules/NAME.py                      rules of its own
    frontier/SITE.sqlite               what is to be crawled, and what became of it
    archive/SITE/*.warc.gz             raw pages; SITE.cdxj beside the folder is their index
    extracted/KIND/SOURCE/*.parquet    records, with *.ledger.parquet beside them
    extracted/KIND/SOURCE/whole/       imported rows that were split, as they stood
    benchmarks/NAME/CONFIG.parquet     questions of an imported benchmark
    takedowns.jsonl                    what no version may hold again, and why
    takedowns.key                      the key of its fingerprints
    pseudonyms.json                    whose pseudonym is which doctor's; never published
    reviews/DATASET.jsonl              reviewers' decisions; DATASET.settled.json is made of them
    annotations/DATASET/               labels by a rubric, and every reply of a teacher
    curated/DATASET/                   splits, ledger.parquet, run.json, funnel.png
    contamination.json                 n-grams that tests share with training splits
    cards/notes/DATASET.md             a maintainer's own section of the card
    releases/DATASET/VERSION/          what `load_dataset` opens, VERSION.ledger.parquet beside it
    runs/NAME/                         what a training run wrote: checkpoints, metrics, adapter
    ```
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def config_file(self) -> Path:
        """The thresholds of this workspace."""
        return self.root / "gaokerena.toml"

    @property
    def declarations(self) -> Path:
        """The folder of this workspace's own datasets, one file each."""
        return self.root / "datasets"

    @property
    def sites(self) -> Path:
        """The folder of its own sites: `sources.toml`, and a spider's file for each."""
        return self.root / "sites"

    @property
    def rules(self) -> Path:
        """The folder of its own rules, one file each."""
        return self.root / "rules"

    def frontier(self, site: str) -> Path:
        """The crawl's queue of one site."""
        return self.root / "frontier" / f"{site}.sqlite"

    def archive(self, site: str) -> Path:
        """The folder of one site's raw pages."""
        return self.root / "archive" / site

    def extracted(self, kind: str, source: str) -> Path:
        """The folder of one source's records of one kind."""
        return self.root / "extracted" / kind / source

    def benchmark(self, name: str) -> Path:
        """The folder of an imported benchmark, one file a config."""
        return self.root / "benchmarks" / name

    @property
    def takedowns_file(self) -> Path:
        """What was asked to be taken down: kept under version control by its maintainer."""
        return self.root / "takedowns.jsonl"

    @property
    def takedowns_key(self) -> Path:
        """The key of their fingerprints: kept out of version control, and in a backup."""
        return self.root / "takedowns.key"

    @property
    def pseudonyms_file(self) -> Path:
        """Which doctor has which pseudonym in what is published: private."""
        return self.root / "pseudonyms.json"

    def annotations(self, dataset: str) -> Path:
        """The folder of a dataset's labels."""
        return self.root / "annotations" / dataset

    def curated(self, dataset: str) -> Path:
        """The folder of a dataset's splits and ledger."""
        return self.root / "curated" / dataset

    def review_log(self, dataset: str) -> Path:
        """Every decision of its reviewers: kept under version control by its maintainer."""
        return self.root / "reviews" / f"{dataset}.jsonl"

    def settled_file(self, dataset: str) -> Path:
        """What its reviewers' decisions come to."""
        return self.root / "reviews" / f"{dataset}.settled.json"

    @property
    def contamination_file(self) -> Path:
        """Which test items share n-grams with training splits, as last counted."""
        return self.root / "contamination.json"

    def release(self, dataset: str, version: str) -> Path:
        """The folder of one released version."""
        return self.root / "releases" / dataset / version

    def releases(self, dataset: str) -> list[Path]:
        """The folders of its versions, the oldest first; what is called otherwise is none."""
        manifests = (self.root / "releases" / dataset).glob("*/manifest.json")
        folders = [each.parent for each in manifests if VERSION.fullmatch(each.parent.name)]
        return sorted(folders, key=lambda folder: tuple(map(int, folder.name.split("."))))

    def release_ledger(self, dataset: str, version: str) -> Path:
        """The curation's ledger as it was at a release. It is never published."""
        return self.root / "releases" / dataset / f"{version}.ledger.parquet"

    def run(self, name: str) -> Path:
        """The folder of one training run."""
        return self.root / "runs" / name

    def card_notes(self, dataset: str) -> Path:
        """The section of a card that a maintainer writes; no release changes it."""
        return self.root / "cards" / "notes" / f"{dataset}.md"


def is_workspace(root: Path) -> bool:
    """Whether a folder holds anything that a workspace has."""
    return any((root / name).exists() for name in _CONTENT)


def make_folder(path: Path, mode: int = FOLDER_MODE) -> None:
    """Make a folder, and those above it that are missing: for nobody but their owner."""
    if not path.is_dir():
        make_folder(path.parent, mode)
        path.mkdir(FOLDER_MODE, exist_ok=True)
        path.chmod(mode)


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; it takes the place of `path` when all went well.

    After an exception, or a kill, the old file (or none) is there, never half a one.
    """
    make_folder(path.parent)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.chmod(FILE_MODE)
        flush(part)
        part.replace(path)
        flush(path.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path, *, published: bool = False) -> Iterator[Path]:
    """Yield an empty folder beside `path` to fill; it takes the place of `path` at the end.

    A folder cannot be replaced in one step on every file system: the old one is moved aside
    first, so that a kill in between leaves it under a `.old` name rather than losing it.

    Args:
        path: the folder.
        published: whether it is for everybody to read, and not a part of a workspace.
    """
    for_others = 0o055 if published else 0
    make_folder(path.parent, FOLDER_MODE | for_others)
    part = Path(mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
    old = path.with_name(f".{path.name}.old")
    try:
        yield part
        part.chmod(FOLDER_MODE | for_others)
        for file in sorted(part.rglob("*")):
            mode = FOLDER_MODE if file.is_dir() else FILE_MODE
            file.chmod(mode | (for_others if file.is_dir() else for_others & 0o044))
            flush(file)
        if path.exists():
            shutil.rmtree(old, ignore_errors=True)
            path.rename(old)
        part.rename(path)
        flush(path.parent)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def is_full(error: OSError) -> bool:
    """Whether there was no room left to write."""
    if isinstance(error, shutil.Error):  # of a folder: a list of what went wrong with each file
        return any(f"[Errno {number}]" in str(error) for number in _FULL)
    return error.errno in _FULL


@contextmanager
def room_needed(root: Path, stays: str) -> Iterator[None]:
    """Turn the errors of a full disk into one for people.

    Args:
        root: where is written.
        stays: what is there after it as it was before ("the last release is as it was").

    Raises:
        GaokerenaError: the disk is full.
    """
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        raise GaokerenaError(
            f"{root}: no room left to write ({os.strerror(error.errno or errno.ENOSPC)}); {stays}: "
            "make room and run it again"
        ) from None


def whole_file(path: Path) -> Path:
    """Where the rows of an imported file lie as they stood, if any of them was split."""
    return path.parent / "whole" / path.name


def sha256_file(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
