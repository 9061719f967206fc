"""The corpora that benchmarks share: which ones a command asks for, written once to the cache."""

import argparse
import hashlib
import os
from pathlib import Path

from benchmarks.near_duplicates import corpus
from benchmarks.near_duplicates.peers.exchange import read_texts

ROOT = Path(__file__).parents[1]
SENTENCES = {
    "real": "those of the authors' published files",
    "invented": "of an invented language with Persian letters",
}


def add_options(parser: argparse.ArgumentParser, sizes: list[int]) -> None:
    """The options by which every such benchmark is told its corpora."""
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes, help="documents")
    parser.add_argument("--characters", type=int, default=4400, help="mean length of an article")
    parser.add_argument(
        "--cache", type=Path, default=Path.home() / ".cache" / "gaokerena-benchmarks"
    )
    real_data = Path(os.environ.get("GAOKERENA_REAL_DATA", ROOT.parent / "shared" / "data"))
    parser.add_argument("--real-data", type=Path, default=real_data)
    parser.add_argument("--texts", choices=sorted(SENTENCES))


def read_options(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """What was asked for: real sentences where they are at hand, the cache's folder made."""
    options = parser.parse_args()
    if options.texts is None:
        options.texts = "real" if (options.real_data / "legacy").is_dir() else "invented"
    options.cache = options.cache.resolve()
    options.cache.mkdir(parents=True, exist_ok=True)
    return options


def cached_corpus(options: argparse.Namespace, size: int) -> Path:
    """The folder of a corpus (see `near_duplicates.corpus.write_corpus`), written if it is not."""
    # A corpus that an older generator made is another corpus.
    generator = hashlib.sha256(Path(corpus.__file__).read_bytes()).hexdigest()[:8]
    folder: Path = options.cache / f"{options.texts}-{size}-{options.characters}-{generator}"
    if not (folder / "truth.parquet").exists():
        print(f"writing {folder}", flush=True)
        legacy = options.real_data / "legacy" if options.texts == "real" else None
        corpus.write_corpus(folder, size, options.characters, seed=5, legacy=legacy)
    return folder


def describe(folder: Path) -> str:
    """How large a corpus is."""
    documents = characters = size = 0
    for text in read_texts(folder):
        documents += 1
        characters += len(text)
        size += len(text.encode())
    return (
        f"{documents:,} documents, {characters / 1e6:.0f} million characters, {size / 1e6:.0f} MB"
    )
