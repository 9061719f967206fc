"""A workspace that holds one person's words in every place where a workspace can hold words."""

import gzip
import io
import json
import shutil
import sqlite3
import tarfile
import zipfile
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
from backports import zstd
from openpyxl import Workbook

from gaokerena_data.crawl.fetching.archive import ArchiveWriter, Place
from gaokerena_data.crawl.fetching.archive_index import index_archive
from gaokerena_data.crawl.queue import states
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.reading.links import LISTING, RECORD, Fetched, Link
from gaokerena_data.curate.run import curate
from gaokerena_data.datasets.kind import QUESTION_ANSWER
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.datasets.record_files import write_records
from gaokerena_data.records import Provenance, QuestionAnswer, answer_id, thread_id
from gaokerena_data.release.build import release
from gaokerena_data.review.decisions import Decision, append_decisions
from gaokerena_data.review.export import Format, Selection, export_batch
from gaokerena_data.review.settle_log import settle_log
from gaokerena_data.settled import content_hash
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, clean_records, question
from tests.release.scores import write_scores

QUESTION = (
    "سلام آقای دکتر، من معلم بازنشسته‌ی روستای گل‌چشمه هستم و بعد از افتادن از نردبان انباری "
    "کتف چپم هنگام شانه کردن موهایم تیر می‌کشد، آیا باید عکس بگیرم؟"
)
ANSWER = (
    "سلام خانم معلم گرامی؛ آنچه از افتادن نردبان و تیر کشیدن کتف هنگام شانه زدن نوشتید بیشتر به "
    "کشیدگی تاندون سوپراسپیناتوس می‌خورد. دو هفته دستتان را با پارچه‌ی نخی آویزان کنید، روزی سه "
    "نوبت کمپرس یخ بگذارید، و اگر شب‌ها از درد بیدار می‌شوید ام‌آر‌آی بدون تزریق انجام دهید و با "
    "جوابش به درمانگاه شانه مراجعه کنید تا تصمیم بگیریم که فیزیوتراپی کافی است یا نه."
)
TEASER = "من معلم بازنشسته‌ی روستای گل‌چشمه هستم و بعد از افتادن از نردبان انباری"
# In each of them, in any spelling of the text that a stage may write.
NEEDLES = ("نردبان", "سوپراسپیناتوس", "گل‌چشمه", "گل چشمه")
URL = f"https://drhast.com/question/7001/{quote('افتادن-از-نردبان-انباری-و-تیر-کشیدن-کتف')}"
OTHER_URL = "https://drhast.com/question/7002"
LISTING_URL = "https://drhast.com/questions?page=1"
LINKS_URL = "https://drhast.com/links"
SITEMAP_URL = "https://drhast.com/sitemap.xml"
RECORD_ID = answer_id("drhast", URL, "دکتر نمونه")
OTHER_ID = answer_id("drhast", OTHER_URL, "دکتر نمونه")
TWIN_ID = "niniban-00000000000000aa"  # the same pair in an older file
NOT_PURGED = {"takedowns.jsonl", "takedowns.key"}


def plant(root: Path) -> Workspace:
    """A workspace with 1.0.0 of mf3qa, whose words of one person lie elsewhere too."""
    workspace = Workspace(root)
    places = _crawl(workspace)
    _extract(workspace, places)
    curate(workspace, "mf3qa", lambda *_: None, workers=1)
    write_scores(workspace)
    release(workspace, "mf3qa", "1.0.0")
    _review(workspace)
    _leave_lying(root)
    return workspace


def _page(text: str, said: str) -> bytes:
    return (
        f'<html><head><meta charset="utf-8"><meta name="description" content="{text}"></head>'
        f"<body><h1>{text}</h1><div class=a><p>{said[:90]}<b>{said[90:120]}</b>{said[120:]}</p>"
        "</div></body></html>"
    ).encode()


def _crawl(workspace: Workspace) -> dict[str, Place]:
    """Pages in the archive: as they are, packed, in an old encoding, quoted in a list, torn."""
    html = [("Content-Type", "text/html; charset=utf-8")]
    packed = [*html, ("Content-Encoding", "gzip")]
    old = [("Content-Type", "text/html; charset=windows-1256")]
    person = _page(QUESTION, ANSWER)
    listing = f"<html><body><li>{TEASER} …</li><li>{question(3)}</li></body></html>".encode()
    path = URL.removeprefix("https://drhast.com")
    links = f'<html><a href="{path}">7001</a><a href="/question/7002">7002</a></html>'.encode()
    sitemap = f"<urlset><url><loc>{URL}</loc></url><url><loc>{OTHER_URL}</loc></url></urlset>"
    ancient = f"<html><body><p>{QUESTION}</p></body></html>".replace("\u06cc", "\u064a")
    folder = workspace.archive("drhast")
    places = {}
    with ArchiveWriter(folder, "tests") as archive:
        now = "2026-11-01T08:00:00Z"

        def put(name: str, url: str, headers: list[tuple[str, str]], body: bytes) -> None:
            request = f"GET {url} HTTP/1.1\r\nHost: drhast.com\r\n\r\n".encode()
            places[name] = archive.response(url, now, 200, headers, body, request=request)

        put("before", OTHER_URL, html, _page(question(1), answer(1)))
        put("first", URL, html, person)
        put("packed", URL, packed, gzip.compress(person))
        put("old", "https://drhast.com/amp/7001", old, ancient.encode("windows-1256", "replace"))
        put("listing", LISTING_URL, html, listing)
        put("links", LINKS_URL, html, links)
        put("sitemap", SITEMAP_URL, html, sitemap.encode())
        put("moved", "https://drhast.com/q/7001", [("Location", URL), *html], b"")
        put("after", "https://drhast.com/question/7003", html, _page(question(2), answer(2)))
    file = folder / places["first"].file
    whole = file.read_bytes()
    torn = whole[places["first"].offset : places["packed"].offset]
    file.write_bytes(whole + torn[: len(torn) * 3 // 4])  # what a kill left of a second writing
    index_archive(folder)
    with Frontier(workspace.frontier("drhast"), ["drhast.com"]) as frontier:
        records = [Link(url, RECORD, 1) for url in (URL, OTHER_URL)]
        frontier.begin_run([Link(LISTING_URL, LISTING, 0), *records], now)
        for page in frontier.lease(9, 1e12):
            name = {URL: "first", OTHER_URL: "before"}.get(page.linked_as, "listing")
            if "7001" in page.url:
                name = "first"
            place = places[name]
            fetched = Fetched(
                page.url, 200, now, "0" * 64, place.file, place.offset, "allowed", "none", 1, '"e"'
            )
            frontier.finish(page, states.DONE, fetched=fetched)
        frontier.end_run("2026-11-01T09:00:00Z", json.dumps({"site": "drhast", "note": QUESTION}))
    return places


def _extract(workspace: Workspace, places: dict[str, Place]) -> None:
    records = clean_records()
    for url, asked, said, name in (
        (URL, QUESTION, ANSWER, "first"),
        (OTHER_URL, question(1001), answer(1001), "before"),
    ):
        place = places[name]
        records.append(
            QuestionAnswer(
                answer_id("drhast", url, "دکتر نمونه"),
                thread_id("drhast", url, asked),
                "drhast",
                asked,
                said,
                url,
                answered_by="دکتر نمونه",
                provenance=Provenance(url, 200, "0" * 64, place.file, place.offset),
            )
        )
    for source in {record.source for record in records}:
        folder = workspace.extracted("question_answer", source)
        folder.mkdir(parents=True, exist_ok=True)
        mine = [record for record in records if record.source == source]
        write_records(QUESTION_ANSWER.table(mine), folder / "crawl.parquet")
    # The same pair in an older crawl's file, which kept no page.
    older = Provenance(import_file="old-crawl.xlsx", import_row=12)
    twin = QuestionAnswer(
        TWIN_ID, "niniban-00000000000000ab", "niniban", QUESTION + "!", ANSWER,
        provenance=older,
    )  # fmt: skip
    folder = workspace.extracted("question_answer", "niniban")
    write_records(QUESTION_ANSWER.table([twin]), folder / "import-old.parquet")
    (folder / "whole").mkdir()
    write_records(QUESTION_ANSWER.table([twin]), folder / "whole" / "import-old.parquet")


def _review(workspace: Workspace) -> None:
    formats: tuple[Format, ...] = ("html", "xlsx", "label-studio", "argilla")
    for file_format in formats:
        selection = Selection(sample=500)
        export_batch(workspace, "mf3qa", file_format, ["sara"], selection)
    edited = ANSWER.replace("دو هفته", "سه هفته")
    decisions = [
        Decision(
            batch="mf3qa-00000000", dataset_version="1.0.0", guideline="1", record_id=record_id,
            content=content_hash(asked, said), reviewer="sara", round=1, choice="edit",
            reason=None, question=None, answer=words, note=None,
            decided_at="2026-11-02T08:30:00Z",
        )
        for record_id, asked, said, words in (
            (RECORD_ID, QUESTION, ANSWER, edited),
            (OTHER_ID, question(1001), answer(1001), answer(1001) + " موفق باشید."),
        )
    ]  # fmt: skip
    append_decisions(workspace.review_log("mf3qa"), decisions)
    settle_log(workspace, MF3QA)


def _leave_lying(root: Path) -> None:
    """Predictions, caches, logs, notes, packed copies, and what kills left."""
    row = {"prompt": f"پرسش: {QUESTION}", "output": ANSWER}
    line = json.dumps(row, ensure_ascii=False)
    other = json.dumps({"prompt": question(5), "output": answer(5)}, ensure_ascii=False)
    escaped = json.dumps(row)
    both = f"{other}\n{line}\n{escaped}\n".encode()
    table = pa.table({"text": [QUESTION, answer(7)], "n": [1, 2]})
    parquet = io.BytesIO()
    pq.write_table(table, parquet)
    arrow = io.BytesIO()
    with pa.ipc.new_stream(arrow, table.schema) as stream:
        stream.write_table(table)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        entry = tarfile.TarInfo("predictions.jsonl")
        entry.size = len(both)
        tar.addfile(entry, io.BytesIO(both))
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("inner/rows.jsonl.gz", gzip.compress(both))
        file.writestr("rows.parquet", parquet.getvalue())
    book = Workbook()
    for cells in (["متن", "شماره"], [QUESTION, 1], [answer(8), 2]):
        book.active.append(cells)
    sheet = io.BytesIO()
    book.save(sheet)
    hub = "runs/a/cache/hub/datasets--org--mf3qa"
    files = {
        "runs/a/predictions.jsonl": both,
        "runs/a/answers.jsonl.gz": gzip.compress(both),
        "runs/a/answers.jsonl.zst": zstd.compress(both),
        "runs/a/state.bin": b"\x80\x04\x00\x00\x01\x02\x03\x04" * 8 + QUESTION.encode() + bytes(64),
        "runs/a/run.json": b'{"dataset": {"name": "org/mf3qa", "revision": "v1.0.0"}}',
        "runs/a/train.log": f"step 1\n  bad row: {QUESTION}\nstep 2\n".encode(),
        f"{hub}/blobs/0123456789abcdef": parquet.getvalue(),
        "runs/a/cache/datasets/x/cache-1.arrow": arrow.getvalue(),
        "notes/mail.txt": f"از: الف\n{QUESTION}\nبا احترام\n".encode(),
        "notes/mail-utf16.txt": f"از: الف\n{QUESTION}\nبا احترام\n".encode("utf-16"),
        "notes/rows.csv": f'id,text\r\n1,"{QUESTION}\nو بس"\r\n2,{answer(3)}\r\n'.encode(),
        "notes/rows.xlsx": sheet.getvalue(),
        "notes/all.zip": zipped.getvalue(),
        "notes/all.tar.gz": archive.getvalue(),
        "notes/deep.json": json.dumps(
            {"groups": [{"rows": [{"id": RECORD_ID, "n": 1}, {"id": "x", "text": answer(4)}]}],
             "note": QUESTION}, ensure_ascii=False, indent=1,
        ).encode(),
        "cards/notes/mf3qa.md": f"یادداشت\n\n> {QUESTION}\n\nپایان\n".encode(),
        "contamination.json": json.dumps({"items": [{"text": ANSWER}, {"n": 9}]}).encode(),
        "extracted/question_answer/drhast/.crawl.parquet.999999.part": both,
        "releases/mf3qa/.1.0.0.x1.part/data/train.jsonl": both,
        "curated/.mf3qa.old/default/rows.jsonl": both,
        ".release-abc/rows.jsonl": both,
    }  # fmt: skip
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    link = root / f"{hub}/snapshots/abc/train.parquet"
    link.parent.mkdir(parents=True)
    link.symlink_to("../../blobs/0123456789abcdef")
    database = sqlite3.connect(root / "runs/a/study.sqlite")
    database.execute("CREATE TABLE trials (id INTEGER, said TEXT)")
    database.executemany("INSERT INTO trials VALUES (?, ?)", [(1, ANSWER), (2, answer(2))])
    database.commit()
    database.close()
    shutil.copytree(root / "releases/mf3qa/1.0.0", root / "published")  # publish --to ./published
