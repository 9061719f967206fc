"""Answers as servers really send them: heads that browsers read, bodies packed in every way."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from backports import zstd

from gaokerena_data.crawl.extract import extract_site
from gaokerena_data.crawl.fetching.archive import ArchiveWriter
from gaokerena_data.crawl.fetching.archive_reader import ArchiveReader
from gaokerena_data.crawl.fetching.content_coding import (
    CutOffError,
    ExpandsTooFarError,
    UndecodableError,
    decode,
)
from gaokerena_data.crawl.run import Options, crawl_sites
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import ledger, records
from tests.crawl.raw_forum import RawForum
from tests.crawl.small_forum import HOST, Answer

MANY_CASES = True  # see tests/conftest.py


CROWD = [b"X-Trace-%d: %d" % (number, number) for number in range(400)]
ODD_HEADS = {
    "a cookie in cp1256": [b"Set-Cookie: name=" + "سلام".encode("cp1256")],
    "a description in cp1256": [b"Content-Disposition: inline; filename=" + "سر".encode("cp1256")],
    "a content type that is no text": [b"Content-Type: text/html; charset=\xff\xfe\x80"],
    "a long header": [b"Content-Security-Policy: " + b"a" * 60_000],
    "many headers": CROWD,
    "a name with a space": [b"X Powered By: PHP", b"Bad Name : x"],
    "a name of Persian letters": ["سرور: نمونه".encode()],
    "a folded header": [b"X-Long: one", b" two", b"\tthree"],
    "a line without a colon": [b"what is this", b": no name"],
    "a zero byte": [b"X-Zero: a\0b"],
    "a lone carriage return": [b"X-Return: a\rb"],
    "no length": [],
}


@pytest.fixture
def forum(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawForum]:
    with RawForum() as forum:
        monkeypatch.setenv(CONNECT_ALL, forum.address)
        yield forum


def crawl(workspace: Workspace) -> object:
    (report,) = crawl_sites(workspace, ["drhast"], Options(delay=0.0))
    return report


def urls(workspace: Workspace) -> set[object]:
    return {row["url"] for row in records(workspace)}


@pytest.mark.parametrize("head", ODD_HEADS)
def test_a_head_that_browsers_read_loses_neither_page_nor_site(
    workspace: Workspace, forum: RawForum, head: str
) -> None:
    forum.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /q/q003\n")
    forum.sent("/robots.txt", *ODD_HEADS[head])
    forum.sent("/q/q002", *ODD_HEADS[head])
    crawl(workspace)
    assert forum.url("q002") in urls(workspace)
    assert "/q/q003" not in forum.paths()


@pytest.mark.parametrize(
    "lengths",
    [[b"%d", b"%d"], [b"%d, %d"], [b"%d", b"0%d"], [b"%d", b"-1"], [b"%d", b""], [b"many"]],
)
def test_a_length_given_twice_is_one_length(
    workspace: Workspace, forum: RawForum, lengths: list[bytes]
) -> None:
    size = len(forum.answer_of("/q/q002"))
    given = [length.replace(b"%d", b"%d" % size) for length in lengths]
    forum.sent("/q/q002", *(b"Content-Length: " + length for length in given))
    crawl(workspace)
    assert forum.url("q002") in urls(workspace)


@pytest.mark.parametrize("wish", [b"close", b"keep-alive", b"X"])
def test_a_body_that_is_longer_than_its_length_is_cut_there(
    workspace: Workspace, forum: RawForum, wish: bytes
) -> None:
    size = len(forum.answer_of("/q/q002"))
    rules = "User-agent: *\nDisallow: /q/q003\n"
    forum.pages["/robots.txt"] = Answer(rules + "Disallow: /q")
    forum.sent("/q/q002", b"Content-Length: %d" % (size - 9), b"Connection: " + wish)
    forum.sent("/robots.txt", b"Content-Length: %d" % len(rules), b"Connection: " + wish)
    crawl(workspace)
    assert urls(workspace) == {forum.url(name) for name in forum.names if name != "q003"}


@pytest.mark.parametrize(
    ("status", "end"),
    [
        (b"200 OK", b"\n"),
        (b"200", b"\r\n"),
        (b"200 " + "خوب".encode("cp1256"), b"\r\n"),
        (b" 200 OK", b"\n"),
    ],
)
def test_status_lines_and_line_ends_as_they_come(
    workspace: Workspace, forum: RawForum, status: bytes, end: bytes
) -> None:
    forum.sent("/q/q002", status=status, end=end)
    forum.sent("/robots.txt", status=status, end=end)
    crawl(workspace)
    assert forum.url("q002") in urls(workspace)


def test_what_comes_before_the_answer_is_no_answer(workspace: Workspace, forum: RawForum) -> None:
    forum.sent("/q/q002", b"Transfer-Encoding: chunked", b"Content-Length: 7")
    head, _, body = forum.raw["/q/q002"].partition(b"\r\n\r\n")  # type: ignore[union-attr]
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    forum.raw["/q/q002"] = early + early + head + b"\r\n\r\n" + chunked
    crawl(workspace)
    assert forum.url("q002") in urls(workspace)


@pytest.mark.parametrize("nonsense", [b"<html>no head</html>\r\n\r\n", b"SSH-2.0-x\r\n\r\n"])
def test_what_is_no_answer_fails_and_harms_no_other(
    workspace: Workspace, forum: RawForum, nonsense: bytes
) -> None:
    forum.raw["/q/q007"] = nonsense
    forum.raw["/q/q006"] = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000
    crawl(workspace)
    assert urls(workspace) >= {forum.url(name) for name in forum.names[:2]}
    assert forum.url("q007") not in urls(workspace)
    assert forum.url("q006") not in urls(workspace)


# ---- bodies ----------------------------------------------------------------------------------


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKED = {
    "br": (brotli.compress, ["br"]),
    "zstd": (zstd.compress, ["zstd"]),
    "x-gzip": (gzip.compress, ["x-gzip"]),
    "twice": (lambda body: gzip.compress(gzip.compress(body)), ["gzip, gzip"]),
    "twice, in two headers": (lambda body: brotli.compress(gzip.compress(body)), ["gzip", "br"]),
    "twice, said once": (lambda body: gzip.compress(gzip.compress(body)), ["gzip"]),
    "once, said twice": (gzip.compress, ["gzip, gzip"]),
    "unsaid gzip": (gzip.compress, []),
    "unsaid zstd": (zstd.compress, []),
    "unsaid zlib": (zlib.compress, []),
    "raw deflate": (raw_deflate, ["deflate"]),
    "zlib": (zlib.compress, ["deflate"]),
    "br said to be gzip": (brotli.compress, ["gzip"]),
    "gzip said to be br": (gzip.compress, ["br"]),
    "plain said to be gzip": (bytes, ["gzip"]),
    "plain said to be br": (bytes, ["br"]),
    "plain said to be deflate": (bytes, ["deflate"]),
    "plain said to be utf-8": (bytes, ["UTF-8"]),
    "in members": (lambda body: gzip.compress(body[:99]) + gzip.compress(body[99:]), ["gzip"]),
    "with a tail": (lambda body: gzip.compress(body) + b"\0" * 9, ["gzip"]),
}
PAGE = "<html><body>سلام دکتر، گلودرد دارم.</body></html>".encode() * 40


@pytest.mark.parametrize("packed", PACKED)
def test_a_body_is_read_however_it_is_packed(packed: str) -> None:
    pack, labels = PACKED[packed]
    assert decode(pack(PAGE), labels, 1 << 20) == PAGE


def test_what_is_read_when_it_comes_is_read_when_it_is_extracted(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawForum(questions=len(PACKED)) as forum:
        monkeypatch.setenv(CONNECT_ALL, forum.address)
        for name, (pack, labels) in zip(forum.names, PACKED.values(), strict=True):
            body = pack(forum.question(name).encode())
            page = Answer(body, 200, {"Content-Encoding": ", ".join(labels)} if labels else {})
            forum.pages[f"/q/{name}"] = page
        crawl(workspace)
        assert urls(workspace) == {forum.url(name) for name in forum.names}
    file = workspace.extracted("question_answer", "drhast") / "crawl.parquet"
    before = file.read_bytes()
    extract_site(workspace, "drhast")
    assert file.read_bytes() == before


def test_an_archive_of_an_older_run_is_read_by_its_labels(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path / "nabz", "test") as archive:
        places = [
            archive.response(
                f"https://nabz.site/{name}",
                "2026-01-02T03:04:05Z",
                200,
                [("Content-Encoding", label) for label in labels],
                pack(PAGE),
            )
            for name, (pack, labels) in PACKED.items()
        ]
    with ArchiveReader(tmp_path / "nabz") as reader:
        assert [reader.read(place).body for place in places] == [PAGE] * len(PACKED)


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress, zstd.compress, zlib.compress])
def test_of_a_body_without_its_end_the_beginning_is_read(pack: object) -> None:
    long = b"".join(b"<p>%d</p>" % number for number in range(60_000))
    packed = pack(long)  # type: ignore[operator]
    label = {gzip.compress: "gzip", brotli.compress: "br", zstd.compress: "zstd"}.get(
        pack,
        "deflate",
    )
    part = decode(packed[: len(packed) // 2], [label], 1 << 20)
    assert len(part) > 10_000
    assert long.startswith(part)


CUT = {
    "gzip": (gzip.compress, "gzip"),
    "br": (brotli.compress, "br"),
    "zstd": (zstd.compress, "zstd"),
    "zlib": (zlib.compress, "deflate"),
    "deflate": (raw_deflate, "deflate"),
    "unsaid": (gzip.compress, ""),
    "twice": (lambda body: gzip.compress(gzip.compress(body)[:-60]), "gzip, gzip"),
}


def test_a_packed_page_that_breaks_off_is_no_page(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawForum(questions=4 * len(CUT)) as forum:
        monkeypatch.setenv(CONNECT_ALL, forum.address)
        cut = forum.names[3::4]
        for name, (pack, label) in zip(cut, CUT.values(), strict=True):
            body = pack(forum.question(name).encode())
            headers = {"Content-Encoding": label} if label else {}
            forum.pages[f"/q/{name}"] = Answer(body[: -len(body) // 3], 200, headers)
        crawl(workspace)
        asked = [name for name in cut if f"/q/{name}" in forum.paths()]
        told = ledger(workspace)
    assert len(asked) >= 5
    assert {told[forum.url(name)][0] for name in asked} == {"failed"}
    assert len(urls(workspace)) > 2 * len(CUT)


@pytest.mark.parametrize("cut", CUT)
def test_half_a_robots_file_is_none(workspace: Workspace, forum: RawForum, cut: str) -> None:
    pack, label = CUT[cut]
    rules = b"User-agent: *\n" + b"".join(b"Disallow: /%d\n" % n for n in range(900))
    body = pack(rules + b"Disallow: /q/\n")
    headers = {"Content-Encoding": label} if label else {}
    forum.pages["/robots.txt"] = Answer(body[: -len(body) // 3], 200, headers)
    report = crawl(workspace)
    assert not [path for path in forum.paths() if path.startswith("/q")]
    assert "robots.txt cannot be reached" in str(report.trouble)  # type: ignore[attr-defined]


@pytest.mark.parametrize("end", [b"", bytes(3), bytes(8), b"\x01" * 8 + b"tail"])
def test_a_checksum_that_is_wrong_or_missing_costs_no_page(end: bytes) -> None:
    assert decode(gzip.compress(PAGE)[:-8] + end, ["gzip"], 1 << 20, whole=True) == PAGE
    assert decode(zlib.compress(PAGE)[:-4] + end, ["deflate"], 1 << 20, whole=True) == PAGE
    for part in (gzip.compress(PAGE)[:-20], zlib.compress(PAGE)[:-20]):
        with pytest.raises((CutOffError, UndecodableError)):
            decode(part, ["gzip"], 1 << 20, whole=True)


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress, zstd.compress, raw_deflate])
def test_a_bomb_is_refused_or_cut(pack: object) -> None:
    bomb = pack(bytes(5 << 20))  # type: ignore[operator]
    labels = ["br" if pack is brotli.compress else "deflate" if pack is raw_deflate else "gzip"]
    with pytest.raises(ExpandsTooFarError):
        decode(bomb, labels, 1 << 20)
    assert decode(bomb, labels, 1 << 20, cut=True) == bytes(1 << 20)


@pytest.mark.parametrize("label", ["gzip", "br", "zstd", "deflate"])
def test_noise_under_a_label_is_no_page(label: str) -> None:
    noise = bytes(number * 167 % 251 for number in range(5000))
    with pytest.raises(UndecodableError):
        decode(noise, [label], 1 << 20)
    assert decode(noise, [], 1 << 20) == noise


# ---- robots.txt ------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True])
def test_a_long_robots_file_is_read_as_far_as_it_must(
    workspace: Workspace, forum: RawForum, packed: bool
) -> None:
    rules = b"User-agent: *\nDisallow: /q/q003\n"
    beyond = b"# " + b"x" * (12 << 20) + b"\nDisallow: /q\n"
    body = gzip.compress(rules + beyond) if packed else rules + beyond
    forum.pages["/robots.txt"] = Answer(body, 200, {"Content-Encoding": "gzip"} if packed else {})
    crawl(workspace)
    assert urls(workspace) == {forum.url(name) for name in forum.names if name != "q003"}
    assert "/q/q003" not in forum.paths()


def test_a_rule_that_the_limit_cuts_in_two_is_none(workspace: Workspace, forum: RawForum) -> None:
    start = b"User-agent: *\n" + b"# x\n" * 127_990
    rule = b"Disallow: /"
    filling = b"#" * ((500 << 10) - len(start) - len(rule) - 1) + b"\n"
    forum.pages["/robots.txt"] = Answer(start + filling + rule + b"admin\n")
    assert (start + filling + rule)[: 500 << 10].endswith(b"\nDisallow: /")
    crawl(workspace)
    assert urls(workspace) == {forum.url(name) for name in forum.names}


@pytest.mark.parametrize(
    "location", ["https://other.ir/robots.txt", "//other.ir/r", f"https://{HOST}.other.ir/r"]
)
def test_robots_on_another_host_is_not_followed_and_the_site_is_told(
    workspace: Workspace, forum: RawForum, location: str
) -> None:
    forum.raw["/robots.txt"] = (
        f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    )
    report = crawl(workspace)
    assert {asked.host for asked in forum.asked} == {HOST}
    assert forum.paths() == []
    assert not report.complete  # type: ignore[attr-defined]
    assert "other.ir" in str(report.trouble)  # type: ignore[attr-defined]
