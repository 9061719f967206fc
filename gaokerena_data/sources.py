"""The table of sources: every site that is crawled and every file that is imported.

Which dataset takes a source's records, and into which split, is said by the dataset's declaration.
Other packages add sources by entry points of the group "gaokerena_data.sources", a workspace by
`sites/sources.toml` or beside a dataset of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gaokerena_data.registry import Registry

TERMS_UNSTATED = "no licence stated; text and data mining opt-outs are honoured"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of records.

    Args:
        name: short name, also the spider's file, its class's `name` and the published `source`.
        title: the name as people write it, in Persian where the source is Persian.
        hosts: every host that may be asked, without `www.`; empty where nothing is crawled.
        kinds: names of the kinds of records that its pages or files hold.
        terms: licence or terms, as far as the source states them.
        aliases: other spellings accepted on the command line.
        values: field -> what it is in every record of the source whose file does not say it.
    """

    name: str
    title: str
    hosts: tuple[str, ...]
    kinds: tuple[str, ...]
    terms: str = TERMS_UNSTATED
    aliases: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def spellings(self) -> frozenset[str]:
        """All that it answers to, written as `find_source` compares names."""
        return frozenset(_folded(name) for name in (self.name, *self.aliases, *self.hosts))


SOURCES: Registry[Source] = Registry(
    "a source",
    Source,
    (
        Source("hidoctor", "های دکتر", ("hidoctor.ir",), ("article",)),
        Source(
            "niniban",
            "نی‌نی‌بان",
            ("niniban.com",),
            ("article", "question_answer"),
        ),
        Source("darmankade", "درمانکده", ("darmankade.com",), ("article",)),
        Source("paziresh24", "پذیرش۲۴", ("paziresh24.com",), ("article",)),
        Source("doctoreto", "دکترتو", ("doctoreto.com",), ("article",)),
        Source("extern", "اکسترن", ("extern.ir",), ("article",)),
        Source("hamrahteb", "همراه طب", ("hamrah-teb.com",), ("article",), aliases=("hamrah-teb",)),
        Source("seebmagazine", "مجله سیب", ("seebmagazine.com",), ("article",)),
        Source("majalepezeshki", "مجله پزشکی", ("majalepezeshki.ir",), ("article",)),
        Source("nabz", "نبض", ("nabz.site",), ("article",)),
        Source("salammag", "سلام مگ", ("salammag.com",), ("article",)),
        Source("drhast", "دکتر هست", ("drhast.com",), ("question_answer",)),
        Source(
            "doctoryab",
            "دکتریاب",
            ("doctor-yab.ir",),
            ("question_answer",),
            aliases=("doctor-yab", "dryab"),
        ),
        Source("isovisit", "ایزوویزیت", ("isovisit.com",), ("question_answer",)),
        Source(
            "kqa",
            "K-QA, translated into Persian",
            (),
            ("question_answer",),
            terms="K-QA is MIT; its Persian translation is CC BY-NC-SA 4.0",
            aliases=("k-qa",),
        ),
        Source(
            "gaokerena_r",
            "Gaokerena-R",
            (),
            ("preference_pair",),
            terms="CC BY-NC-SA 4.0; made of MedMCQA's questions, which have terms of their own",
            aliases=("gaokerena-r",),
            # As its paper says (arXiv 2510.20059); by which method a row was made, no file says.
            values={"teacher": "deepseek-r", "student": "CohereLabs/aya-expanse-8b"},
        ),
        Source(
            "reason",
            "pairs and chains that models wrote",
            (),
            ("preference_pair", "chain_of_thought"),
            terms="made by models, whose terms bind what they wrote",
            aliases=("reason-build",),
        ),
    ),
    "gaokerena_data.sources",
)


def find_source(name: str) -> Source:
    """The source of that name, alias or host, in any case.

    Raises:
        GaokerenaError: when there is none; the message lists the names.
    """
    wanted = _folded(name)
    for source in SOURCES.values():
        if wanted in source.spellings:
            return source
    return SOURCES.find(name)


def is_source(name: str) -> bool:
    """Whether a source has that name, alias or host, in any case."""
    return any(_folded(name) in source.spellings for source in SOURCES.values())


def crawled_sources() -> list[Source]:
    """The sources that have a site."""
    return [source for source in SOURCES.values() if source.hosts]


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]", "", name.strip().lower().removeprefix("www."))
