"""Raw pages as WARC."""

import gzip
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from gaokerena_data.crawl.fetching.archive import ArchiveWriter, Place
from gaokerena_data.crawl.fetching.archive_reader import ArchiveReader
from gaokerena_data.errors import GaokerenaError

TIME = "2026-01-02T03:04:05Z"
HEADERS = [("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]


def write(folder: Path, *bodies: bytes, **options: int) -> list[Place]:
    with ArchiveWriter(folder, "test", **options) as archive:
        return [
            archive.response(f"https://nabz.site/{number}", TIME, 200, HEADERS, body)
            for number, body in enumerate(bodies)
        ]


def test_a_response_comes_back_by_its_place(tmp_path: Path) -> None:
    bodies = ["سلام".encode(), b"", bytes(range(256)) * 100]
    places = write(tmp_path / "nabz", *bodies)
    with ArchiveReader(tmp_path / "nabz") as archive:
        for number in (2, 0, 1):
            archived = archive.read(places[number])
            assert archived.body == bodies[number]
            assert archived.url == f"https://nabz.site/{number}"
            assert archived.status == 200
            assert archived.headers[:3] == HEADERS


def test_a_compressed_body_is_kept_raw_and_read_decoded(tmp_path: Path) -> None:
    raw = gzip.compress("متن".encode())
    with ArchiveWriter(tmp_path / "nabz", "test") as archive:
        place = archive.response(
            "https://nabz.site/", TIME, 200, [("Content-Encoding", "gzip")], raw
        )
    with ArchiveReader(tmp_path / "nabz") as archive:
        assert archive.read(place).body == "متن".encode()
    with (tmp_path / "nabz" / place.file).open("rb") as file:
        kept = [record.raw_stream.read() for record in ArchiveIterator(file)]
    assert kept[-1] == raw


def test_each_record_is_a_gzip_member_of_its_own(tmp_path: Path) -> None:
    places = write(tmp_path / "nabz", b"one", b"two")
    data = (tmp_path / "nabz" / places[0].file).read_bytes()
    member = gzip.decompress(data[places[0].offset : places[1].offset])
    assert member.startswith(b"WARC/1.1\r\n")
    assert member.count(b"WARC/1.1") == 1


def test_any_reader_of_warc_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "nabz"
    with ArchiveWriter(folder, "gaokerena-data/1") as archive:
        archive.response("https://nabz.site/1", TIME, 200, HEADERS, b"one")
        archive.revisit("https://nabz.site/1", TIME, 304, [("ETag", "x")])
    with (folder / "nabz-00001.warc.gz").open("rb") as file:
        kinds = [(record.rec_type, record.rec_headers.get_header("WARC-Date")) for record in
                 ArchiveIterator(file, check_digests="raise")]  # fmt: skip
    assert [kind for kind, _ in kinds] == ["warcinfo", "response", "revisit"]
    assert kinds[1][1] == TIME


def test_files_are_rotated_and_never_reopened(tmp_path: Path) -> None:
    folder = tmp_path / "nabz"
    first = write(folder, b"x" * 50, b"y" * 50, rotate_bytes=1)
    second = write(folder, b"z")
    names = [place.file for place in [*first, *second]]
    assert names == ["nabz-00001.warc.gz", "nabz-00002.warc.gz", "nabz-00003.warc.gz"]


def test_nothing_is_created_before_there_is_something_to_keep(tmp_path: Path) -> None:
    write(tmp_path / "nabz")
    assert not (tmp_path / "nabz").exists()


def test_a_torn_end_harms_nothing_before_it(tmp_path: Path) -> None:
    folder = tmp_path / "nabz"
    places = write(folder, b"whole", b"torn" * 1000)
    path = folder / places[0].file
    data = path.read_bytes()
    path.write_bytes(data[: (places[1].offset + len(data)) // 2])
    with ArchiveReader(folder) as archive:
        assert archive.read(places[0]).body == b"whole"
        with pytest.raises(GaokerenaError, match=rf"{path} .*byte {places[1].offset}"):
            archive.read(places[1])


@pytest.mark.parametrize("offset", [3, 10**9])
def test_a_place_that_holds_no_response_is_told(tmp_path: Path, offset: int) -> None:
    (place,) = write(tmp_path / "nabz", b"one")
    with ArchiveReader(tmp_path / "nabz") as archive:
        for wrong in (Place(place.file, offset), Place(place.file, 0), Place("none.warc.gz", 0)):
            with pytest.raises(GaokerenaError, match="holds no whole response"):
                archive.read(wrong)


def test_a_body_that_expands_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gaokerena_data.crawl.fetching.archive_reader.MAX_BODY_BYTES", 1000)
    with ArchiveWriter(tmp_path / "nabz", "test") as archive:
        bomb = gzip.compress(b"0" * 100_000)
        place = archive.response(
            "https://nabz.site/", TIME, 200, [("Content-Encoding", "gzip")], bomb
        )
    with (
        ArchiveReader(tmp_path / "nabz") as archive,
        pytest.raises(GaokerenaError, match="expands"),
    ):
        archive.read(place)
