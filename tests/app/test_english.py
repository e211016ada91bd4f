"""English by a switch: every kind of page, its language attribute, and what stays Chinese."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser

import openpyxl
import pytest
from docx import Document
from flask.testing import FlaskClient

from app.problems import Reason
from app.problems.reasons import REASONS
from surveys.answers import Complaint
from tests.app.filled import RESIDENTS, add_areas, answers, store
from tests.app.interviewing import begin
from tests.conftest import World, csrf_token

P = "/projects/alpha"
CHINESE = re.compile("[\u3001-\u303f\u4e00-\u9fff\uff01-\uff1f]")
TERMS = re.compile(r"\([^()]*\)|“[^”]*”|\[[^\]]*\]")
"""Where a Chinese term may stand beside its translation."""
VOID = {"meta", "link", "input", "br", "hr", "img", "rect"}
OF_A_PROJECT = (
    "overview",
    "summary",
    "summary?by=audience",
    "scores",
    "scores?by=area",
    f"plans/{RESIDENTS}/q18",
    "responses",
    "responses?status=excluded",
    "queue",
    "settings",
    "log",
    "ledger",
    "assignments",
    f"questionnaires/{RESIDENTS}",
    "library/dibao-residents@1",
    "collect",
    "collect/recipient",
    "mine",
)
ELSEWHERE = ("/", "/account", "/accounts", "/projects/new")
PLACES = ("试点县", "东镇", "西镇", "管理员")


class Words(HTMLParser):
    """The texts of a page outside of elements that say they are Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        inside = bool(self.open and self.open[-1])
        of_own = str(given.get("lang", "")).startswith("zh") or "brand-mark" in given.values()
        if not (inside or of_own):
            labels = ("aria-label", "placeholder", "data-texts", "data-text", "data-confirm")
            self.found += [str(given[name]) for name in labels if name in given]
        if tag not in VOID:
            self.open.append(inside or of_own or tag == "title")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1]) and data.strip():
            self.found.append(data.strip())


def in_english(world: World, username: str | None = "admin") -> FlaskClient:
    client = world.client(username)
    token = csrf_token(client, "/account" if username else "/login")
    client.post("/language", data={"language": "en", "csrf_token": token})
    return client


def chinese_left(page: str) -> list[str]:
    words = Words()
    words.feed(page)
    plain = [TERMS.sub("", text) for text in words.found]
    for name in PLACES:
        plain = [text.replace(name, "") for text in plain]
    return [text for text in plain if CHINESE.search(text)]


def english_page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status, page[:2000]
    assert '<html lang="en">' in page
    return page


@pytest.fixture
def filled(world: World) -> World:
    add_areas(world)
    store(world, answers(1, q18="A"), area="5101")
    store(world, {"q01": "A"}, area="5102")
    return world


@pytest.mark.parametrize("path", OF_A_PROJECT)
def test_a_page_of_a_project_is_english(filled: World, path: str) -> None:
    assert chinese_left(english_page(in_english(filled), f"{P}/{path}")) == []


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_page_outside_of_projects_is_english(filled: World, address: str) -> None:
    assert chinese_left(english_page(in_english(filled), address)) == []


def test_the_login_page_is_english_before_anybody_logs_in(world: World) -> None:
    page = english_page(in_english(world, None), "/login")
    assert chinese_left(page) == [] and "Password" in page


def test_a_response_and_its_correction_are_english(world: World) -> None:
    response_id = store(world, answers(1, q03="E", q03_E_note="捡废品"))
    store(world, answers(2), response_id=response_id)
    client = in_english(world)
    detail = english_page(client, f"{P}/responses/{response_id}")
    assert chinese_left(detail) == [] and "Present content" in detail
    assert chinese_left(english_page(client, f"{P}/responses/{response_id}/correction")) == []


def test_an_interview_and_its_faults_are_english(world: World) -> None:
    client = in_english(world, "alpha-enumerator")
    begun = begin(client)
    address = begun.partition("?")[0]
    page = english_page(client, begun)
    assert chinese_left(page) == []
    assert '<span class="question-text" lang="zh-CN">' in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    again = client.post(address, data=hidden)
    assert again.status_code == 422
    assert chinese_left(again.get_data(as_text=True)) == []
    sent = client.post(address, data=hidden | {"as_it_is": "yes"}, follow_redirects=True)
    receipt = sent.get_data(as_text=True)
    assert chinese_left(receipt) == [] and "This question needs an answer" in receipt


def test_problem_pages_and_their_lines_are_english(world: World) -> None:
    client = in_english(world)
    for address, status in ((f"{P}/summary?by=zz", 400), (f"{P}/nothing", 404)):
        assert chinese_left(english_page(client, address, status)) == []
    form = {"csrf_token": csrf_token(client, "/account"), "slug": "A B", "name": "", "year": "18"}
    refused = client.post("/projects/new", data=form)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "The project needs a name" in page and chinese_left(page) == []


def test_plan_faults_are_english(world: World) -> None:
    client = in_english(world)
    form = {"csrf_token": csrf_token(client, "/account"), "points": "-1", "preview": "1"}
    page = client.post(f"{P}/plans/{RESIDENTS}/q18", data=form).get_data(as_text=True)
    assert "Points must be above 0" in page and chinese_left(page) == []


def test_chinese_pages_mark_nothing_as_chinese(filled: World) -> None:
    page = filled.client("admin").get(f"{P}/summary").get_data(as_text=True)
    assert page.count("lang=") == 2  # of the page, and of the switch to English
    assert '<html lang="zh-CN">' in page


def test_files_are_in_the_language_of_the_page(filled: World) -> None:
    client = in_english(filled)
    word = client.get(f"{P}/summary.docx")
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(word.data)).paragraphs)
    assert "Summary of the questionnaires" in text and "Notes:" in text
    excel = client.get(f"{P}/scores.xlsx?by=audience")
    cells = openpyxl.load_workbook(io.BytesIO(excel.data)).worksheets[0].iter_rows(values_only=True)
    assert {"Recipients", "Group"} <= {cell for row in cells for cell in row}
    assert "Summary%20of%20the%20questionnaires" in word.headers["Content-Disposition"]


def test_programs_get_a_problem_in_both_languages(world: World) -> None:
    answer = world.client("admin").get(f"/api/v1{P}/summary.json?area=99")
    problem = json.loads(answer.data)
    assert answer.mimetype == "application/problem+json"
    assert "本项目没有代码为“99”的区域" in problem["title"]
    assert "The project has no area with the code “99”" in problem["title_en"]
    assert not CHINESE.search(problem["title_en"])
    assert problem["lines"] == problem["lines_en"] == []


def test_a_stored_complaint_keeps_both_texts() -> None:
    stored = Complaint("q01", "required", {}).as_data()
    assert stored["text"] == "此题必答，请作答"
    assert stored["text_en"] == "This question needs an answer"


@pytest.mark.parametrize("key", sorted(REASONS))
def test_every_reason_of_the_services_has_both_texts(key: str) -> None:
    chinese, english = REASONS[key]
    fields = [re.findall(r"\{(\w+)\}", text) for text in (chinese, english)]
    assert sorted(fields[0]) == sorted(fields[1])
    details = dict.fromkeys(fields[0], "1")
    assert Reason(key, **details).text("zh") != Reason(key, **details).text("en")
    assert not CHINESE.search(TERMS.sub("", english))
