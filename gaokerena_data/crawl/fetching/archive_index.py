"""The index of an archive in CDXJ, with which pywb and other archive tools find and replay pages.

One line an answer, sorted by its url turned round (SURT) and its time:
`site,nabz)/a 20260102030405 {"url": ..., "filename": "nabz-00001.warc.gz", "offset": "512", ...}`
"""

import heapq
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from gaokerena_data.crawl.fetching.archive_members import head_fields, read_members
from gaokerena_data.workspace import atomic_file

_FILE = re.compile(r'"filename": "([^"]*)"')
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TYPES = ("response", "revisit")


def index_path(folder: Path) -> Path:
    """Where the index of an archive folder lies: beside it, `archive/SITE.cdxj`."""
    return folder.with_name(f"{folder.name}.cdxj")


def index_archive(folder: Path) -> None:
    """Bring an archive's index up to date: only files that are new since are read.

    Args:
        folder: the site's archive folder.
    """
    path = index_path(folder)
    since = path.stat().st_mtime_ns if path.exists() else -1
    files = sorted(file for file in folder.glob("*.warc.gz") if file.is_file())
    new = [file for file in files if file.stat().st_mtime_ns >= since]
    there = {file.name for file in files}
    if not new and _files_in(path) <= there:
        return
    kept = there - {file.name for file in new}
    with atomic_file(path) as part, part.open("w", encoding="utf-8") as out:
        # Of one file at a time, a gigabyte of pages, the lines are in memory.
        out.writelines(heapq.merge(_kept_lines(path, kept), *(_lines(file) for file in new)))


def surt(url: str) -> str:
    """A url as archives sort it: `https://www.nabz.site/A?b=1` is `site,nabz)/a?b=1`."""
    parts = urlsplit(url)
    host = re.sub(r"^www\d*\.", "", (parts.hostname or "").lower())
    turned = ",".join(reversed(host.split(".")))
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    path = (parts.path.lower().rstrip("/") if parts.path != "/" else "") or "/"
    query = "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return f"{turned}{port}){path}" + (f"?{query}" if query else "")


def _files_in(path: Path) -> set[str]:
    return {name for _, name in _named_lines(path)}


def _kept_lines(path: Path, names: set[str]) -> Iterator[str]:
    return (line for line, name in _named_lines(path) if name in names)


def _named_lines(path: Path) -> Iterator[tuple[str, str]]:
    """The lines of an index, each with the archive file it names."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if named := _FILE.search(line):
                yield line, named[1]


def _lines(file: Path) -> list[str]:
    """The sorted lines of an archive file; what is damaged in it has none."""
    lines = []
    with file.open("rb") as archive:
        for offset, length, record in read_members(archive):
            line = _line(file.name, offset, length, record)
            if line is not None:
                lines.append(line)
    return sorted(lines)


def _line(name: str, offset: int, length: int, record: bytes) -> str | None:
    head, _, block = record.partition(b"\r\n\r\n")
    about = head_fields(head)
    kind, url, date = (about.get(key) for key in ("warc-type", "warc-target-uri", "warc-date"))
    if kind not in _TYPES or url is None or date is None:
        return None
    answer = block.partition(b"\r\n\r\n")[0]
    status = re.match(rb"HTTP/\S+ (\d{3})", answer)
    mime = head_fields(answer).get("content-type", "").partition(";")[0].strip().lower()
    entry = {
        "url": url,
        "mime": "warc/revisit" if kind == "revisit" else mime or "unk",
        "status": status[1].decode() if status else "-",
        "digest": about.get("warc-payload-digest", "-").removeprefix("sha1:"),
        "length": f"{length}",
        "offset": f"{offset}",
        "filename": name,
    }
    time = re.sub(r"\D", "", date)[:14]
    try:
        return f"{surt(url)} {time} {json.dumps(entry)}\n"
    except ValueError:
        return None  # a url that no tool could look for
