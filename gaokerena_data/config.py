"""gaokerena.toml: what each dataset is made of, and the thresholds of its curation."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.nested import overlaid
from gaokerena_data.records import Kind
from gaokerena_data.sources import SOURCES
from gaokerena_data.text.document_signals import DOCUMENT_SIGNALS
from gaokerena_data.text.personal.span import Kind as PersonalData

type Share = Annotated[float, Field(ge=0, le=1)]
type Count = Annotated[int, Field(ge=0)]
type Positive = Annotated[int, Field(ge=1)]
type Dataset = Literal["mf3qa", "medical_corpus"]


class _Table(BaseModel):
    # An unknown key is a spelling mistake whose threshold would silently not apply.
    model_config = ConfigDict(extra="forbid", frozen=True)


class NearDuplicates(_Table):
    """How near-duplicates are found: MinHash over word shingles, verified by true Jaccard."""

    threshold: Share
    shingle_words: Positive
    bands: Positive
    rows: Positive
    seed: Count


class Decontamination(_Table):
    """How training texts are kept clear of benchmarks and of test splits."""

    ngram_words: Positive
    min_words: Positive


class Quality(_Table):
    """What a body may have at most and must have at least of a signal of `document_signals`."""

    most: dict[str, float]
    least: dict[str, float]

    @model_validator(mode="after")
    def _signals_are_known(self) -> Self:
        for name in (*self.most, *self.least):
            if name not in DOCUMENT_SIGNALS:
                raise ValueError(
                    f"no signal is called {name!r}; give one of: {', '.join(DOCUMENT_SIGNALS)}"
                )
        return self


class Pages(_Table):
    """By which signs a page of a magazine is no medical article."""

    menu_line_end_share: Share
    menu_words_per_line: Count
    max_shop_share: Share
    max_news_share: Share
    news_words: Count
    min_medical_share: Share


class Containment(_Table):
    """When a text counts as standing in other records, whole or nearly, in one or in several."""

    threshold: Annotated[float, Field(gt=0, le=1)]
    ngram_words: Positive
    min_words: Positive
    boilerplate_records: Positive

    @property
    def min_ngrams(self) -> int:
        """Different n-grams that a text must have to be looked for: as many as `min_words` make."""
        return max(self.min_words - self.ngram_words + 1, 1)


class Split(_Table):
    """How dev is drawn from the sources that feed both train and dev."""

    dev_share: Share
    max_dev_cluster: Count
    seed: Count


class Review(_Table):
    """How reviewers' conflicts are settled."""

    rule: Literal["majority", "senior", "ask_again"]
    senior: list[str]


class DatasetConfig(_Table):
    """What both datasets state."""

    repository: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
    sources: list[str]
    languages: list[str]
    min_persian_share: Share
    drop_personal_data: list[PersonalData]
    quality: Quality
    near_duplicates: NearDuplicates
    decontamination: Decontamination

    @model_validator(mode="after")
    def _sources_are_known(self) -> Self:
        for name in self.sources:
            if name not in SOURCES:
                raise ValueError(f"no source is called {name!r}")
        return self


class Mf3qa(DatasetConfig):
    """Doctor-patient questions and answers."""

    min_answer_words: Count
    min_answer_words_of: dict[str, Count]
    max_boilerplate_share: Share
    containment: Containment
    split: Split
    review: Review


class MedicalCorpus(DatasetConfig):
    """Articles of medical magazines."""

    min_content_words: Count
    pages: Pages


class Config(_Table):
    """Everything that gaokerena.toml may say."""

    mf3qa: Mf3qa
    medical_corpus: MedicalCorpus


DATASET_KINDS: dict[Dataset, Kind] = {"mf3qa": "question_answer", "medical_corpus": "article"}


def find_dataset(name: str) -> Dataset:
    """The dataset of that name.

    Raises:
        GaokerenaError: when there is none; the message lists the names.
    """
    for dataset in DATASET_KINDS:
        if name == dataset:
            return dataset
    raise GaokerenaError(f"no dataset is called {name!r}; give one of: {', '.join(DATASET_KINDS)}")


def load_config(path: Path) -> Config:
    """The packaged thresholds, with those of the workspace's file laid over them.

    Args:
        path: the workspace's gaokerena.toml, which need not exist.

    Raises:
        GaokerenaError: unreadable TOML, an unknown key or a value out of range, by its name.
    """
    merged = tomllib.loads(files("gaokerena_data").joinpath("gaokerena.toml").read_text("utf-8"))
    if path.is_file():
        try:
            own = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise GaokerenaError(f"{path}: not TOML that can be read ({error})") from None
        merged = overlaid(merged, own)
    try:
        return Config.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise GaokerenaError(f"{path}: {key}: {first['msg']}") from None
