"""A run held to the site's own earlier runs: a layout that changes empties pages silently.

It may change in small steps, or show itself in a few new pages a week. So a run is compared with
the best of what came before, and small runs are taken together until they tell something.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import comb
from typing import TYPE_CHECKING

from gaokerena_data.crawl.queue.states import DONE, FAILED, GONE, OFF_SITE, REDIRECTED
from gaokerena_data.crawl.report import Report, last_steady

if TYPE_CHECKING:
    from gaokerena_data.crawl.extract import Extraction

EVIDENCE = 5  # pages or records below which a share of a first run, or of a field, tells nothing
COUNT_FALL = 0.1  # the share of its records that a site may lose without a word
_CHANCE = 1e-3  # what is less likely by chance is told
_SLIGHT = 0.8  # pages with a record: a share that is more than this part of what it was
_HALF = 0.5  # fields, and a first run's pages with a record
_STEADY = 20  # pages or records from which on one run alone says what is usual
_WINDOW = 6  # runs that are taken together at the most
_COUNTED = 5  # earlier runs whose counts are looked at
_SHORT, _SHORT_OF_FEW, _LONG = 0.4, 0.25, 5.0  # lengths against what they were
_TEASER = 50  # characters of a text; a magazine whose articles are shorter shows only their heads
_OF_ANSWERS = {"answered_by", "specialty", "verified", "answered_at"}


def judge(
    report: Report, extraction: "Extraction", earlier: Sequence[Report], fall: float = COUNT_FALL
) -> None:
    """Hold what an extraction found to the runs before: what is wrong becomes the run's failures.

    Args:
        report: the run's, which takes over what the extraction found.
        extraction: of the whole archive.
        earlier: the reports of the runs before, oldest first.
        fall: the share of its records that a site may lose without a word.
    """
    report.read(extraction, last_steady(earlier))
    report.failures += layout_findings(report, earlier)
    report.failures += alike_findings(report)
    report.failures += count_findings(report, earlier, fall)
    if report.complete and not report.fresh_pages and not any(report.records.values()):
        report.failures.append(report.without_a_record())


def layout_findings(report: Report, earlier: Sequence[Report]) -> list[str]:
    """What collapsed since the runs before.

    Args:
        report: the run's.
        earlier: those of the runs before it, oldest first.

    Returns:
        One sentence a finding; none where all is well, or the pages are too few to tell.
    """
    known = [run for run in earlier if run.fresh_pages]
    healthy = [run for run in known if not run.failures]
    if not report.fresh_pages:
        return []
    if not healthy:
        return _first_run(report)
    for window, before in _windows(report, known):
        if fewer := _pages(window, before):
            return [fewer]
    for window, before in _windows(report, known):
        if found := [*_fields(window, before), *_lengths(window, before)]:
            return found
    return []


def end_findings(ends: Mapping[str, int]) -> list[str]:
    """Whether most of the record pages that a run asked for are not there, or lead elsewhere.

    Args:
        ends: record pages by the state that the run brought them to.
    """
    lost = {state: ends[state] for state in (GONE, REDIRECTED, OFF_SITE, FAILED) if ends.get(state)}
    asked = ends.get(DONE, 0) + sum(lost.values())
    if asked < EVIDENCE or sum(lost.values()) <= _HALF * asked:
        return []
    told = ", ".join(f"{count:,} {state}" for state, count in lost.items())
    return [f"of {asked:,} record pages that were asked for, {told}"]


def alike_findings(report: Report) -> list[str]:
    """Which kinds of records mostly hold one text: a wall to log in is no record.

    Args:
        report: the run's.
    """
    found = []
    for kind, count in report.alike.items():
        fresh = report.fresh_records.get(kind, 0)
        if count >= EVIDENCE and count > _HALF * fresh:
            found.append(f"{count:,} of {fresh:,} {kind} records hold the same text")
    return found


def count_findings(report: Report, earlier: Sequence[Report], fall: float) -> list[str]:
    """Which kinds of records became fewer than they were in one of the last runs.

    Args:
        report: the run's.
        earlier: those of the runs before it, oldest first.
        fall: the share that may be lost.
    """
    found = []
    for kind, count in report.records.items():
        most = max((run.records.get(kind, 0) for run in earlier[-_COUNTED:]), default=0)
        if count < most * (1 - fall):
            found.append(f"{count:,} {kind} records, {most:,} in an earlier run")
    return found


def _first_run(report: Report) -> list[str]:
    held, pages = report.fresh_with_record, report.fresh_pages
    if held == 0 or (pages >= EVIDENCE and held < _HALF * pages):
        return [f"only {held} of {pages} fetched record pages hold a record"]
    length = report.lengths.get("article", {}).get("content")
    if length is not None and length < _TEASER and report.fresh_records["article"] >= EVIDENCE:
        return [f"half of the articles are no longer than {length:,.0f} characters"]
    return []


def _windows(
    report: Report, earlier: Sequence[Report]
) -> Iterator[tuple[list[Report], list[Report]]]:
    """The run alone, then with those just before it, each against the healthy ones before."""
    for more in range(min(_WINDOW, len(earlier))):
        split = len(earlier) - more
        before = [run for run in earlier[:split] if not run.failures]
        if not before:
            return
        window = [*earlier[split:], report]
        yield window, before
        if sum(run.fresh_pages for run in window) >= _STEADY:
            return


def _pages(window: list[Report], before: list[Report]) -> str | None:
    pages = sum(run.fresh_pages for run in window)
    held = sum(run.fresh_with_record for run in window)
    usual = _best([(run.fresh_with_record, run.fresh_pages) for run in before])
    now = window[-1]  # where it is well, what came before has been mended
    if now.fresh_with_record >= _SLIGHT * usual * now.fresh_pages:
        return None
    if held >= _SLIGHT * usual * pages or _likely(held, pages, before_share=usual, before=before):
        return None
    return (
        f"only {held} of {pages} fetched record pages hold a record, "
        f"{usual:.0%} did in {_those(before)}"
    )


def _fields(window: list[Report], before: list[Report]) -> Iterator[str]:
    for kind in window[-1].coverage:
        records = sum(run.fresh_records.get(kind, 0) for run in window)
        for name in window[-1].coverage[kind]:
            now, was = _share(window, kind, name), _share(before, kind, name)
            count = records
            if name in _OF_ANSWERS:  # who has not answered yet has no name
                answered, were = _share(window, kind, "answer"), _share(before, kind, "answer")
                if not answered or not were:
                    continue
                now, was, count = now / answered, was / were, round(count * answered)
            # New questions wait for their answers: a few of them say nothing.
            least = _STEADY if name == "answer" else EVIDENCE
            if was < _HALF or count < least or now >= _HALF * was:
                continue
            if window[-1].coverage[kind][name] >= _HALF * was:  # mended since
                continue
            if _chance(round(now * count), count, was) < _CHANCE:
                yield (
                    f"{name} is filled in {now:.0%} of the {kind} records, "
                    f"{was:.0%} in {_those(before)}"
                )


def _lengths(window: list[Report], before: list[Report]) -> Iterator[str]:
    for kind, lengths in window[-1].lengths.items():
        records = sum(run.fresh_records.get(kind, 0) for run in window)
        if records < EVIDENCE:
            continue
        for name in lengths:
            now, was = _length(window, kind, name), _length(before, kind, name)
            short = _SHORT if records >= _STEADY else _SHORT_OF_FEW
            if was and not all(short * was <= each <= _LONG * was for each in (now, lengths[name])):
                yield (
                    f"{name} is {now:,.0f} characters long in the middle of the {kind} records, "
                    f"{was:,.0f} in {_those(before)}"
                )


def _best(runs: list[tuple[int, int]]) -> float:
    """The highest share of any steady run, and of all together: steps do not lower it."""
    together = (sum(held for held, _ in runs), sum(pages for _, pages in runs))
    steady = [run for run in runs if run[1] >= _STEADY]
    return max(held / pages for held, pages in [together, *steady] if pages)


def _likely(held: int, pages: int, *, before_share: float, before: list[Report]) -> bool:
    known = sum(run.fresh_pages for run in before)
    # A share of a few pages is not certain.
    return _chance(held, pages, before_share * known / (known + 2)) >= _CHANCE


def _chance(held: int, of: int, share: float) -> float:
    """How likely at most `held` of `of` are where each is with the probability `share`."""
    if of > 500:
        held, of = round(held / of * 500), 500
    share = min(share, 0.98)  # something is always wrong with a page or two
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(held + 1))


def _share(runs: list[Report], kind: str, name: str) -> float:
    weights = [(run.fresh_records.get(kind, 0), run.coverage.get(kind, {})) for run in runs]
    total = sum(count for count, _ in weights)
    return sum(count * shares.get(name, 0.0) for count, shares in weights) / total if total else 0.0


def _length(runs: list[Report], kind: str, name: str) -> float:
    weights = [
        (run.fresh_records.get(kind, 0), run.lengths[kind][name])
        for run in runs
        if name in run.lengths.get(kind, {})
    ]
    total = sum(count for count, _ in weights)
    return sum(count * length for count, length in weights) / total if total else 0.0


def _those(runs: list[Report]) -> str:
    return "the run before" if len(runs) == 1 else "the runs before"
