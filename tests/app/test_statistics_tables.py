"""Pages of cross-tabulation, reliability and sample sizes: who sees them, what they show."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient
from scipy import stats

import config
from app import create_app
from app.routes.statistics import SECTIONS
from app.services import demo
from tests.app.filled import answers, database, page, store
from tests.conftest import NOW, World, csrf_token

BASE = "/projects/alpha/statistics"
NANCHONG = "/projects/nanchong-2018/statistics"
PRACTICE = "/projects/practice/statistics"
PAGES = ("crosstab", "scales", "planning")
FILES = ("xlsx", "docx", "csv", "json")
AT = "?rows=q05&columns=audience"


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The evaluator of the demonstration projects."""
    settings = config.load({"MANYI_DATA_DIR": str(tmp_path_factory.mktemp("demo"))})
    made = create_app(settings, clock=lambda: NOW)
    made.extensions["manyi.database"].migrate()
    with database(made).writing() as session:
        accounts = demo.load(session, NOW)
    password = next(a.password for a in accounts if a.username == "evaluator")
    client = made.test_client()
    form = {"username": "evaluator", "password": password, "csrf_token": csrf_token(client)}
    assert client.post("/login", data=form).status_code == 302
    yield client
    database(made).close()


@pytest.mark.parametrize("path", [*PAGES, *(f"{name}.json" for name in PAGES)])
def test_who_may_see_it(world: World, path: str) -> None:
    for username in ("alpha-evaluator", "alpha-supervisor", "admin"):
        assert world.client(username).get(f"{BASE}/{path}").status_code in (200, 400), username
    assert world.client("alpha-enumerator").get(f"{BASE}/{path}").status_code == 403
    assert world.client("beta-evaluator").get(f"{BASE}/{path}").status_code == 404
    assert world.client().get(f"{BASE}/{path}").status_code in (302, 401)


@pytest.mark.parametrize("path", ["crosstab", "scales"])
def test_nothing_is_changed_by_sending(world: World, path: str) -> None:
    client = world.client("alpha-evaluator")
    token = csrf_token(client, "/account")
    assert client.post(f"{BASE}/{path}", data={"csrf_token": token}).status_code == 405


@pytest.mark.parametrize("name", PAGES)
def test_another_extension_is_not_found(world: World, name: str) -> None:
    assert world.client("alpha-evaluator").get(f"{BASE}/{name}.exe").status_code == 404


def test_a_project_without_responses_says_so(world: World) -> None:
    client = world.client("alpha-evaluator")
    assert "没有可用的答卷" in page(client, f"{BASE}/crosstab")
    assert "没有可用的答卷" in page(client, f"{BASE}/crosstab{AT}")
    assert "不适用" in page(client, f"{BASE}/scales")
    assert "需要 385 份有效答卷" in page(client, f"{BASE}/planning")
    answer = client.get(f"{BASE}/crosstab.xlsx{AT}")
    assert answer.status_code == 400 and "没有可用的答卷" in answer.get_data(as_text=True)


@pytest.mark.parametrize("count", [1, 2])
def test_very_few_responses_give_a_table_or_a_reason(world: World, count: int) -> None:
    for seed in range(count):
        store(world, answers(seed))
    client = world.client("alpha-evaluator")
    for path in ("crosstab", f"crosstab{AT}", "crosstab?rows=q04&columns=q05", "scales?items=q16"):
        text = page(client, f"{BASE}/{path}")
        assert not re.search(r"\b(nan|inf|None)\b", text), path


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("rows=q99&columns=area", "没有“q99”这一项"),
        ("rows=q05&columns=%3Cscript%3E", "没有“&lt;script&gt;”这一项"),
        ("rows=q05&columns=area&layer=x", "没有“x”这一项"),
        ("rows=q05&columns=area&adjust=sidak", "“adjust”不能是“sidak”"),
        ("rows=q05&columns=area&of=people", "“of”不能是“people”"),
        ("rows=q05&columns=area&shares=all", "“shares”不能是“all”"),
        ("rows=q05&rows=q06&columns=area", "只能给一个"),
        ("what=1", "没有“what”这个筛选条件"),
        ("audience=nobody", "不在此问卷中"),
    ],
)
def test_arguments_that_cannot_be_followed_are_refused(
    evaluator: FlaskClient, query: str, told: str
) -> None:
    answer = evaluator.get(f"{PRACTICE}/crosstab?{query}")
    assert answer.status_code == 400
    assert told in answer.get_data(as_text=True)


def test_the_same_side_twice_is_explained_on_the_page(evaluator: FlaskClient) -> None:
    assert "行和列是同一项" in page(evaluator, f"{PRACTICE}/crosstab?rows=q05&columns=q05")
    text = page(evaluator, f"{PRACTICE}/crosstab?rows=q18&columns=q05&layer=q18")
    assert "分层的项（q18）已经是行或列" in text and "行和列是同一项" not in text


def cross(evaluator: FlaskClient, query: str, base: str = PRACTICE) -> Any:
    return json.loads(evaluator.get(f"{base}/crosstab.json?{query}").data)


def test_counts_are_those_of_the_summary_by_the_same_group(evaluator: FlaskClient) -> None:
    data = cross(evaluator, "rows=q05&columns=audience")
    summary = json.loads(evaluator.get("/projects/practice/summary.json?by=audience").data)
    for place, group in enumerate(summary["groups"]):
        asked = next(q for q in group["questions"] if q["code"] == "q05")
        counts = [line[place]["count"] for line in data["cells"]]
        shares = [line[place]["column"]["share"] for line in data["cells"]]
        assert counts == [option["count"] for option in asked["options"]]
        assert shares == pytest.approx([option["share"] for option in asked["options"]])
    counts = [[cell["count"] for cell in line] for line in data["cells"]]
    test = next(t for t in data["association"]["tests"] if t["name"] == "pearson")
    wanted = stats.chi2_contingency([line for line in counts if any(line)], correction=False)
    assert (test["statistic"], test["p"]) == pytest.approx((wanted.statistic, wanted.pvalue))


def test_page_shows_table_result_letters_margins_and_small_columns(evaluator: FlaskClient) -> None:
    text = page(evaluator, f"{PRACTICE}/crosstab?rows=q05&columns=area&shares=every")
    for told in ("误差范围 ±", "不足 30", "Pearson χ²", "注：", "列%", "行%", "总%"):
        assert told in text, told
    assert re.search(r"有关联（p [=<]|没有发现", text)
    assert "style=" not in text and "nan" not in text.lower().replace("nanshan", "")


def test_the_overview_links_to_each_table(evaluator: FlaskClient) -> None:
    text = page(evaluator, f"{PRACTICE}/crosstab?columns=audience")
    links = re.findall(r'href="([^"]*rows=q\d\d[^"]*)"', text)
    assert len(links) == 19
    assert evaluator.get(links[3].replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "rows=q04&columns=audience&of=mentions",
        "rows=audience&columns=q04",
        "rows=q04&columns=q06",
        "rows=q18&columns=audience&layer=area&substantive=1",
        "rows=q12&columns=audience",
        "rows=q05&columns=area&audience=recipient&adjust=bh",
        "columns=q05",
    ],
)
def test_every_kind_of_table_has_a_page_and_files(evaluator: FlaskClient, query: str) -> None:
    page(evaluator, f"{PRACTICE}/crosstab?{query}")
    for extension in FILES:
        answer = evaluator.get(f"{PRACTICE}/crosstab.{extension}?{query}")
        assert answer.status_code == 200, extension
        assert "attachment" in answer.headers["Content-Disposition"]


def test_files_of_a_table_have_the_same_numbers_and_live_shares(evaluator: FlaskClient) -> None:
    query = "rows=q05&columns=audience"
    data = cross(evaluator, query)
    counts = [cell["count"] for line in data["cells"] for cell in line]
    read = list(
        csv.DictReader(
            io.StringIO(evaluator.get(f"{PRACTICE}/crosstab.csv?{query}").data.decode("utf-8-sig"))
        )
    )
    assert [int(row["份数"]) for row in read] == counts
    assert {row["说明"] for row in read} == {"模拟数据"}
    content = evaluator.get(f"{PRACTICE}/crosstab.xlsx?{query}").data
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = {c.coordinate: c.value for row in sheet.iter_rows() for c in row if c.value is not None}
    formulas = [v for v in cells.values() if isinstance(v, str) and re.match(r"=\w+/\w+$", v)]
    values = [cells[f[1:].split("/")[0]] / cells[f.split("/")[1]] for f in formulas]
    own = [cell["column"]["share"] for line in data["cells"] for cell in line]
    assert [v for i, v in enumerate(values[: len(own) * 3 // 2]) if i % 3 < 2] == pytest.approx(own)
    document = docx.Document(io.BytesIO(evaluator.get(f"{PRACTICE}/crosstab.docx?{query}").data))
    texts = [cell.text for row in document.tables[0].rows[1:5] for cell in row.cells[1:3]]
    assert [int(text) for text in texts] == counts
    assert "模拟数据" in document.paragraphs[0].text


def test_english_pages_have_english_words(evaluator: FlaskClient) -> None:
    token = csrf_token(evaluator, "/account")
    form = {"csrf_token": token, "language": "en", "next": "/"}
    evaluator.post("/language", data=form)
    try:
        assert "Rao–Scott" in page(evaluator, f"{PRACTICE}/crosstab?rows=q04&columns=audience")
        assert "Not applicable" in page(evaluator, f"{PRACTICE}/scales?items=q16")
        assert "responses are needed" in page(evaluator, f"{PRACTICE}/planning")
    finally:
        evaluator.post("/language", data=form | {"language": "zh"})


def test_one_scale_item_has_no_reliability_and_the_page_says_why(evaluator: FlaskClient) -> None:
    text = page(evaluator, f"{PRACTICE}/scales?items=q18")
    assert "不适用：只有 1 个量表题，至少需要 2 个" in text


def test_reliability_of_chosen_items(evaluator: FlaskClient) -> None:
    query = "items=q16&items=q18&reverse=q18"
    text = page(evaluator, f"{PRACTICE}/scales?{query}&items=q05")
    assert "Cronbach α = " in text and "Nunnally（1978）" in text and "Kaiser（1974）" in text
    for extension in FILES:
        assert evaluator.get(f"{PRACTICE}/scales.{extension}?{query}").status_code == 200
    data = json.loads(evaluator.get(f"{PRACTICE}/scales.json?items=q16,q18").data)
    assert [item["code"] for item in data["items"]] == ["q16", "q18"]
    assert data["alpha"] is not None and data["omega"] is None
    assert "不适用" in data["refusals"]["omega"]


@pytest.mark.parametrize(
    ("query", "told"),
    [("items=q04", "没有“q04”这一项"), ("reverse=x", "没有“x”这一项"), ("by=area", "没有“by”")],
)
def test_items_that_are_none_are_refused(evaluator: FlaskClient, query: str, told: str) -> None:
    for path in (f"scales?{query}", f"scales.csv?{query}"):
        answer = evaluator.get(f"{PRACTICE}/{path}")
        assert answer.status_code == 400 and told in answer.get_data(as_text=True)


def test_planning_gives_the_numbers_of_the_reference(evaluator: FlaskClient) -> None:
    """Krejcie & Morgan's population of 10,000 needs 370; Fleiss' 80% against 70% needs 294."""
    text = page(evaluator, f"{PRACTICE}/planning?population=10000&first=80&second=70")
    assert "需要 370 份有效答卷" in text and "每组需要 294 份" in text
    text = page(evaluator, f"{PRACTICE}/planning?n=100&groups=甲县+3000%0A乙县，20")
    # 1.96 × 0.5 / √100 is 9.80 points; of 3,020 people √(2920/3019) times that.
    assert "±9.64" in text and "不足 30 份" in text and "甲县" in text
    assert "±9.80" in page(evaluator, f"{PRACTICE}/planning?n=100")
    for extension in FILES:
        answer = evaluator.get(f"{PRACTICE}/planning.{extension}?groups=甲县+3000")
        assert answer.status_code == 200


def test_planning_of_hundreds_of_areas_is_posted_for_no_address_holds_them(
    evaluator: FlaskClient,
) -> None:
    areas = "\n".join(f"南充市顺庆区第{number}镇 {1000 + number}" for number in range(300))
    data = {"groups": areas, "margin": "5", "csrf_token": csrf_token(evaluator, "/account")}
    text = evaluator.post(f"{PRACTICE}/planning", data=data).get_data(as_text=True)
    assert "南充市顺庆区第299镇" in text and '<form class="planning-form" method="post"' in text
    written = json.loads(evaluator.post(f"{PRACTICE}/planning.json", data=data).data)
    assert len(written["groups"]) == 300
    without = {key: value for key, value in data.items() if key != "csrf_token"}
    assert evaluator.post(f"{PRACTICE}/planning", data=without).status_code == 400


def test_planning_shows_the_margins_that_the_project_reaches(evaluator: FlaskClient) -> None:
    data = json.loads(evaluator.get(f"{PRACTICE}/planning.json").data)
    first = data["reached"][0]
    assert first["name"] == "全部" and first["collected"] == 120
    assert first["margin"] == pytest.approx(1.959963984540054 * 0.5 / 120**0.5)


def test_groups_without_area_or_audience_can_be_told_apart(evaluator: FlaskClient) -> None:
    """The 2018 evaluation has 100 responses without an audience and 120 without an area."""
    data = json.loads(evaluator.get(f"{NANCHONG}/planning.json").data)
    collected = {row["name"]: row["collected"] for row in data["reached"]}
    assert len(collected) == len(data["reached"])
    assert (collected["未注明调查对象"], collected["未注明区域"]) == (100, 120)
    assert "未注明区域　未注明调查对象" in collected and "未注明" not in collected


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("margin=abc", "误差范围应为数字"),
        ("margin=0", "误差范围应在 0.01 与 99.99 之间"),
        ("margin=nan", "误差范围应在"),
        ("population=2.5", "总体应为整数"),
        ("population=-1", "总体应在"),
        ("rate=101", "回收率应在"),
        ("deff=1e9", "设计效应应在"),
        ("first=80", "两组的比例要一起填"),
        ("groups=甲县", "分组第 1 行"),
        ("groups=" + "a+1%0A" * 301, "分组最多 300 行"),
        ("groups=%3Cb%3E+x", "&lt;b&gt;"),
        ("nothing=1", "没有“nothing”这一项"),
    ],
)
def test_planning_names_every_fault_and_keeps_what_was_typed(
    evaluator: FlaskClient, query: str, told: str
) -> None:
    answer = evaluator.get(f"{PRACTICE}/planning?{query}")
    assert answer.status_code == 400 and told in answer.get_data(as_text=True)
    assert evaluator.get(f"{PRACTICE}/planning.xlsx?{query}").status_code == 400


def test_equal_shares_are_explained(evaluator: FlaskClient) -> None:
    text = page(evaluator, f"{PRACTICE}/planning?first=50&second=50")
    assert "两个比例相同" in text


def test_the_published_survey_of_2018_can_be_crossed(evaluator: FlaskClient) -> None:
    page(evaluator, f"{NANCHONG}/crosstab")
    page(evaluator, f"{NANCHONG}/crosstab?questionnaire=dibao-cadres@1&rows=q01&columns=q02")


JOINT = "题与题之间的组合（联合答案）不是真实数据"


@pytest.mark.parametrize("section", [end.split(".")[1] for end, _ in SECTIONS])
def test_every_page_says_what_the_project_says_of_its_data(
    evaluator: FlaskClient, section: str
) -> None:
    path = section.replace("_", "-")
    text = page(evaluator, f"{NANCHONG}/{path}")
    assert text.count(JOINT) == 1
    assert "<h1>【模拟数据】" not in text
    assert "<h1>【模拟数据】" in page(evaluator, f"{PRACTICE}/{path}")


@pytest.mark.parametrize("name", [f"crosstab{AT}", "crosstab", "scales?items=q16", "planning"])
def test_every_file_says_what_the_project_says_of_its_data(
    evaluator: FlaskClient, name: str
) -> None:
    path, _, query = name.partition("?")
    read = dict(zip(FILES, (_of_xlsx, _of_docx, bytes.decode, bytes.decode), strict=True))
    for extension in FILES:
        answer = evaluator.get(f"{NANCHONG}/{path}.{extension}?{query}")
        text = read[extension](answer.data)
        assert JOINT in text, extension
        assert "模拟数据" not in text, extension
        practice = evaluator.get(f"{PRACTICE}/{path}.{extension}?{query}").data
        mark = '"simulated": true' if extension == "json" else "模拟数据"
        assert mark in read[extension](practice), extension


def _of_xlsx(content: bytes) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def _of_docx(content: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)


def test_an_interval_that_the_form_still_has_from_shares_of_people_is_told_to_be_unused(
    evaluator: FlaskClient,
) -> None:
    query = "rows=q04&columns=audience&of=mentions"
    text = page(evaluator, f"{PRACTICE}/crosstab?{query}&interval=jeffreys")
    assert "这里用的是 Wilson 区间" in text and "95% 区间：Wilson" in text
    assert cross(evaluator, f"{query}&interval=jeffreys") == cross(evaluator, query)
    assert "这里用的是 Wilson 区间" not in page(evaluator, f"{PRACTICE}/crosstab?{query}")


def test_the_interval_of_a_table_can_be_chosen(evaluator: FlaskClient) -> None:
    query = "rows=q05&columns=audience&interval=jeffreys"
    data = cross(evaluator, query)
    cell, base = data["cells"][0][0], data["columns"]["categories"][0]["base"]
    wanted = stats.beta.ppf([0.025, 0.975], cell["count"] + 0.5, base - cell["count"] + 0.5)
    assert (cell["column"]["low"], cell["column"]["high"]) == pytest.approx(tuple(wanted))
    text = page(evaluator, f"{PRACTICE}/crosstab?{query}")
    assert "95% 区间：Jeffreys，按份数计算" in text
    assert '<option value="jeffreys" selected>' in text
    refused = page(evaluator, f"{PRACTICE}/crosstab?rows=q05&columns=audience&interval=logit")
    assert "或它不适用于这样的数据；可用：Wilson、Wilson（连续性校正）" in refused
    answer = evaluator.get(f"{PRACTICE}/crosstab?interval=nothing")
    assert answer.status_code == 400
