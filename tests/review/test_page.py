"""The review page in a real browser, as a clinician uses it: by keyboard, offline, in Persian."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from gaokerena_data.review.batch import part_of
from gaokerena_data.review.decisions import load_decisions, log_path
from gaokerena_data.review.incoming import import_replies
from gaokerena_data.workspace import Workspace
from tests.review.rows import TRICKY, export, make_workspace

pytestmark = pytest.mark.thorough

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        # Containers run as root, where Chromium's own sandbox cannot start.
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(color_scheme="light", viewport={"width": 1200, "height": 900})
    yield made
    made.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "workspace")


class Room:
    """An opened page, and everything it complained of or asked the network for."""

    def __init__(self, context: BrowserContext, file: Path) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def text(self, name: str) -> str:
        return self.page.locator(f"#{name}").inner_text()

    def pressed(self) -> list[str | None]:
        buttons = self.page.locator('[data-choice][aria-pressed="true"]').all()
        return [button.get_attribute("data-choice") for button in buttons]

    def save(self, folder: Path) -> Path:
        with self.page.expect_download() as download:
            self.press("d")
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


def test_every_text_is_only_text(context: BrowserContext, workspace: Workspace) -> None:
    exported = export(workspace, "html")
    file = exported.files["maryam"]
    room = Room(context, file)
    for row in part_of(exported.batch, "maryam").rows:
        for name, text in (("question", row.question), ("answer", row.answer)):
            assert room.page.locator(f"#{name}").evaluate("e => e.textContent") == text
        assert room.page.locator(".text script, .text img").count() == 0
        room.press("ArrowLeft")
    assert room.page.title() != "x"
    assert room.complaints == []
    assert room.requests == [file.as_uri()]


def test_a_whole_batch_by_keyboard_and_into_the_log(
    context: BrowserContext, workspace: Workspace, tmp_path: Path
) -> None:
    exported = export(workspace, "html")
    rows = part_of(exported.batch, "maryam").rows
    room = Room(context, exported.files["maryam"])
    room.press("a")
    room.press("r", "2")
    room.press("e")
    room.page.locator("#new-answer").fill("روزی ۵ قطره، نه بیشتر.")
    # No two doses run together: what goes and what comes stand apart.
    gone = room.page.locator("#live del bdi").all_inner_texts()
    assert gone
    assert all(number in rows[2].answer for number in gone)
    assert "نه بیشتر." in " ".join(room.page.locator("#live ins").all_inner_texts())
    room.press("Control+Enter")
    room.press("f", "u")
    room.press("m")
    room.page.keyboard.type("می‌پرسم a e r")
    room.press("Escape", "a")
    for _ in rows[6:]:
        room.press("a")
    assert room.text("count").count("۲۴") == 2
    imported = import_replies(workspace, "mf3qa", room.save(tmp_path))
    assert (imported.added, imported.refused, imported.open) == (len(rows), [], 0)
    log = load_decisions(log_path(workspace, "mf3qa"))
    assert [d.choice for d in log][:6] == [
        "accept",
        "reject",
        "edit",
        "out_of_field",
        "unclear",
        "accept",
    ]
    assert log[1].reason == "personal_data"
    assert (log[2].question, log[2].answer) == (None, "روزی ۵ قطره، نه بیشتر.")
    assert log[5].note == "می‌پرسم a e r"
    assert room.complaints == []


def test_a_persian_keyboard_works_by_the_place_of_its_keys(
    context: BrowserContext, workspace: Workspace
) -> None:
    room = Room(context, export(workspace, "html").files["maryam"])
    # On a Persian layout the key of A writes «ش».
    room.page.evaluate(
        "document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'ش', code: 'KeyA', bubbles: true}))"
    )
    room.press("ArrowRight")
    assert room.pressed() == ["accept"]


def test_undo_takes_back_one_decision_after_another(
    context: BrowserContext, workspace: Workspace
) -> None:
    room = Room(context, export(workspace, "html").files["maryam"])
    room.press("a", "u", "ArrowRight", "r", "1")
    room.press("ArrowRight")
    assert room.pressed() == ["reject"]
    room.press("z")
    assert room.pressed() == ["unclear"]
    room.press("z", "z")
    assert room.pressed() == []
    assert room.page.locator("#undo").is_disabled()
    assert room.text("count").startswith("۰")


def test_what_was_decided_is_there_after_the_page_was_closed(
    context: BrowserContext, workspace: Workspace, tmp_path: Path
) -> None:
    file = export(workspace, "html").files["maryam"]
    room = Room(context, file)
    room.press("a", "u")
    saved = room.save(tmp_path)
    room.page.close()
    again = Room(context, file)
    assert again.page.locator("#number").input_value() == "3"
    assert again.text("count").startswith("۲")
    # On another machine: nothing is kept there, the decisions file brings it back.
    again.page.evaluate("localStorage.clear()")
    again.page.reload()
    assert again.text("count").startswith("۰")
    again.page.locator("#restore").set_input_files(saved)
    again.page.wait_for_function("document.querySelector('#count').innerText.startsWith('۲')")
    foreign = tmp_path / "foreign.json"
    foreign.write_text(json.dumps({"format": "x"}), "utf-8")
    again.page.locator("#restore").set_input_files(foreign)
    again.page.locator("#warning").wait_for(state="visible")
    assert again.text("count").startswith("۲")


def test_right_to_left_with_doses_and_latin_names_set_apart(
    context: BrowserContext, workspace: Workspace
) -> None:
    exported = export(workspace, "html")
    room = Room(context, exported.files["maryam"])
    assert room.page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    rows = part_of(exported.batch, "maryam").rows
    number = next(row.number for row in rows if row.question == TRICKY[2][0])
    room.page.locator("#number").fill(str(number))
    room.press("Enter")
    spans = room.page.locator("#question bdi, #answer bdi").all_inner_texts()
    # A range is two numbers: isolated as one it would be read from the wrong side.
    assert spans == ["۲٫۵", "2.5 mg", "۵", "۱۰", "HbA1c", "7%", "۱۲۰/۸۰ mmHg"]


def test_possible_duplicates_are_compared_and_edits_shown_as_a_diff(
    context: BrowserContext, workspace: Workspace
) -> None:
    exported = export(workspace, "html")
    room = Room(context, exported.files["maryam"])
    rows = part_of(exported.batch, "maryam").rows
    number = next(row.number for row in rows if row.partner)
    room.page.locator("#number").fill(str(number))
    room.press("Enter")
    assert room.page.locator("#partner").is_visible()
    changed = room.page.locator("#partner-answer ins, #partner-answer del").all_inner_texts()
    assert any("حتما" in text for text in changed)
    room.page.locator("#number").blur()
    room.press("e")
    answer = room.page.locator("#new-answer")
    answer.fill(answer.input_value().replace("پزشک متخصص", "متخصص داخلی"))
    room.press("Control+Enter", "ArrowRight")
    assert "پزشک" in " ".join(room.page.locator("#diff del").all_inner_texts())
    assert "داخلی" in " ".join(room.page.locator("#diff ins").all_inner_texts())


def test_light_and_dark(context: BrowserContext, workspace: Workspace) -> None:
    room = Room(context, export(workspace, "html").files["maryam"])

    def background() -> str:
        colour: str = room.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return colour

    light = background()
    room.press("t")
    dark = background()
    assert light != dark
    room.page.reload()
    assert background() == dark


def test_rejecting_for_another_reason_asks_for_a_note(
    context: BrowserContext, workspace: Workspace
) -> None:
    room = Room(context, export(workspace, "html").files["maryam"])
    room.press("r", "0")
    assert room.page.locator("#warning").is_visible()
    room.page.keyboard.type("تصویر لازم دارد")
    room.page.locator("[data-reason=other]").click()
    room.press("ArrowRight")
    assert room.pressed() == ["reject"]
    assert room.page.locator("#note").input_value() == "تصویر لازم دارد"
