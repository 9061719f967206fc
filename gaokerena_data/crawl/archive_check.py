"""Holds a frontier against the archive it refers to."""

from pathlib import Path

from gaokerena_data.crawl.fetching.archive import Place
from gaokerena_data.crawl.fetching.archive_reader import ArchiveReader, DamagedArchiveError
from gaokerena_data.crawl.queue.frontier import Frontier


def forget_lost(frontier: Frontier, folder: Path) -> None:
    """Queue again what a power cut took from the ends of archive files."""
    find_again(frontier, folder)
    with ArchiveReader(folder) as archive:
        for name in frontier.archived_files():
            path = folder / name
            size = path.stat().st_size if path.is_file() else 0
            frontier.forget_answers(name, size)
            last = frontier.last_place(name)
            if last is not None and not _is_whole(archive, Place(name, last)):
                frontier.forget_answers(name, last)


def find_again(frontier: Frontier, folder: Path) -> None:
    """Take up the answers again that were lost, and are there: their file was restored."""
    with ArchiveReader(folder) as archive:
        for file, offset in frontier.lost_answers():
            if _is_whole(archive, Place(file, offset)):
                frontier.find_answer(file, offset)


def _is_whole(archive: ArchiveReader, place: Place) -> bool:
    try:
        archive.check(place)
    except DamagedArchiveError:
        return False
    return True
