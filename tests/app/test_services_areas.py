"""Areas and the sample plan: importing from both kinds of file, every fault, progress."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from places import NOW, Place
from sqlalchemy import select

from analysis.planning import Assumptions
from app.models import Area, PlannedSample, Project
from app.problems import Problem
from app.services import areas, planning
from app.services.responses import Submission
from surveys.definition import Audience

HEADING = "区域代码,区域名称,上级代码,低保户,非低保户,干部"
PLAN = f"""{HEADING}
51,南充市,,,,
5101,顺庆区,51,20,10,5
5102,高坪区,51,30,15,
"""


def import_text(place: Place, text: str) -> int:
    rows: int = place.write(areas.import_plan, text.encode(), "计划.csv")
    return rows


def workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append([int(c) if c.isdigit() else c or None for c in line.split(",")])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def plan(place: Place) -> dict[tuple[str, str], int]:
    with place.database.reading() as session:
        query = select(Area.code, PlannedSample.audience, PlannedSample.planned).join(Area)
        return {(code, audience): planned for code, audience, planned in session.execute(query)}


def tree(place: Place) -> list[tuple[int, str]]:
    with place.database.reading() as session:
        found = areas.all_areas(session, place.project)
    return [(depth, area.code) for depth, area in areas.tree(found)]


WANTED = {
    ("5101", "recipient"): 20,
    ("5101", "non_recipient"): 10,
    ("5101", "cadre"): 5,
    ("5102", "recipient"): 30,
    ("5102", "non_recipient"): 15,
}


def test_csv_is_imported(place: Place) -> None:
    assert import_text(place, PLAN) == 3
    assert plan(place) == WANTED
    assert tree(place) == [(0, "01"), (0, "51"), (1, "5101"), (1, "5102")]


def test_csv_from_excel_with_bom_is_imported(place: Place) -> None:
    assert place.write(areas.import_plan, ("\ufeff" + PLAN).encode(), "计划.csv") == 3


def test_workbook_gives_the_same_as_csv(place: Place) -> None:
    assert place.write(areas.import_plan, workbook(PLAN), "计划.xlsx") == 3
    assert plan(place) == WANTED


def test_imported_again_changes_nothing(place: Place) -> None:
    import_text(place, PLAN)
    before = tree(place)
    import_text(place, PLAN)
    assert (plan(place), tree(place)) == (WANTED, before)


def test_second_import_updates_names_numbers_and_parents(place: Place) -> None:
    import_text(place, PLAN)
    import_text(place, f"{HEADING}\n5102,高坪新区,5101,31,,0\n5103,嘉陵区,51,,,\n")
    assert plan(place) == {**WANTED, ("5102", "recipient"): 31, ("5102", "cadre"): 0}
    assert tree(place) == [(0, "01"), (0, "51"), (1, "5101"), (2, "5102"), (1, "5103")]
    with place.database.reading() as session:
        found = areas.find(session, place.project, "5102")
    assert found is not None
    assert found.name == "高坪新区"


def test_columns_may_be_left_out(place: Place) -> None:
    import_text(place, PLAN)
    import_text(place, "区域名称,区域代码\n顺庆,5101\n")
    assert plan(place) == WANTED
    assert (1, "5101") in tree(place)


def test_child_may_stand_before_its_parent(place: Place) -> None:
    import_text(place, f"{HEADING}\nv,村,t,1,,\nt,乡,c,,,\nc,县,,,,\n")
    assert tree(place)[1:] == [(0, "c"), (1, "t"), (2, "v")]


FAULTY = [
    ("", "文件是空的"),
    ("\ufeff", "文件是空的"),
    (HEADING, "没有数据"),
    (f"{HEADING}\n,,,,,\n", "没有数据"),
    ("区域代码,低保户\n01,3", "缺少“区域名称”列"),
    ("区域名称\n东城", "缺少“区域代码”列"),
    (f"{HEADING},人口\n02,西,,,,,9", "第 1 行，人口，值“人口”：不认识的列"),
    (f"{HEADING},干部\n02,西,,,,,9", "第 1 行，干部，值“干部”：该列出现了两次"),
    (f"{HEADING}\n,西,,,,", "第 2 行，区域代码，值“”：此格不能为空"),
    (f"{HEADING}\n02,,,,,", "第 2 行，区域名称，值“”：此格不能为空"),
    (f"{HEADING}\n{'9' * 33},西,,,,", "最长 32 个字"),
    (f"{HEADING}\n02,{'西' * 65},,,,", "最长 64 个字"),
    (
        f"{HEADING}\n02,西,,,,\n03,南,,,,\n02,北,,,,",
        "第 4 行，区域代码，值“02”：区域代码与第 2 行重复",
    ),
    (f"{HEADING}\n02,西,99,,,", "第 2 行，上级代码，值“99”：上级代码“99”既不在表中也不在项目中"),
    (f"{HEADING}\n02,西,02,,,", "第 2 行，上级代码，值“02”：上下级形成循环"),
    (f"{HEADING}\n02,西,,-1,,", "第 2 行，低保户，值“-1”：计划数应为 0 到 1000000 的整数"),
    (f"{HEADING}\n02,西,,,1.5,", "第 2 行，非低保户，值“1.5”"),
    (f"{HEADING}\n02,西,,,,二十", "第 2 行，干部，值“二十”"),
    (f"{HEADING}\n02,西,,1000001,,", "第 2 行，低保户，值“1000001”"),
    (f"{HEADING}\n02,西,,{'9' * 5000},,", "第 2 行，低保户，值“999"),
    (f"{HEADING}\n02,西,,２０,,", "第 2 行，低保户，值“２０”"),
    (f"{HEADING}\n02,西,,,,,5", "第 2 行，整行，值“5”：该单元格上方没有标题"),
    (f"{HEADING}\n02,西\x00区,,,,", "控制字符"),
    (f'{HEADING}\n02,"西,,,,', "不是完整的 CSV"),
]


def test_each_fault_is_named_and_nothing_is_stored(place: Place) -> None:
    for text, reason in FAULTY:
        with pytest.raises(Problem) as refused:
            import_text(place, text)
        assert refused.value.code == "422.1"
        assert any(reason in line for line in refused.value.lines), refused.value.lines
    assert (plan(place), tree(place)) == ({}, [(0, "01")])


def test_other_encodings_and_wrong_types_are_refused(place: Place) -> None:
    for content, name, reason in [
        (PLAN.encode("gbk"), "计划.csv", "另存为“CSV UTF-8”"),
        (PLAN.encode(), "计划.xlsx", "文件内容与扩展名不符"),
        (workbook(PLAN), "计划.csv", "文件内容与扩展名不符"),
        (b"PK\x03\x04 no zip", "计划.xlsx", "无法作为 Excel 文件打开"),
        (workbook("x").replace(b"xl/", b"yl/"), "计划.xlsx", "无法作为 Excel 文件打开"),
    ]:
        with pytest.raises(Problem) as refused:
            place.write(areas.import_plan, content, name)
        assert reason in "".join(refused.value.lines)


def test_cycle_through_areas_of_the_project_is_found(place: Place) -> None:
    import_text(place, PLAN)
    with pytest.raises(Problem) as refused:
        import_text(place, f"{HEADING}\n51,南充市,5101,,,\n")
    assert "上下级形成循环" in "".join(refused.value.lines)


def test_all_faults_are_counted_and_the_first_fifty_shown(place: Place) -> None:
    rows = "\n".join(f"{number},区,,x,y,z" for number in range(100))
    with pytest.raises(Problem) as refused:
        import_text(place, f"{HEADING}\n{rows}\n")
    assert (refused.value.details["count"], len(refused.value.lines)) == (300, 50)


def test_wide_plan_of_many_villages_is_imported(place: Place) -> None:
    rows = ["c,县,,,,", *(f"t{t},乡{t},c,,," for t in range(40))]
    rows += [f"v{t}-{v},村,t{t},3,2,1" for t in range(40) for v in range(25)]
    assert import_text(place, "\n".join([HEADING, *rows])) == 1041
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        lines = areas.progress(session, project)
    planned = {line.audience: line.planned for line in lines if line.area}
    wanted = {Audience.RECIPIENT: 3000, Audience.NON_RECIPIENT: 2000, Audience.CADRE: 1000}
    assert planned == wanted


def test_deep_chain_is_walked(place: Place) -> None:
    rows = "\n".join(f"{number},区,{number - 1 if number else ''},,," for number in range(1500))
    import_text(place, f"{HEADING}\n{rows}\n")
    assert max(tree(place)) == (1499, "1499")


def test_enumerator_may_not_import(place: Place) -> None:
    with place.database.writing() as session, pytest.raises(Problem) as refused:
        project = session.get_one(Project, place.project.id)
        areas.import_plan(session, NOW, place.enumerator, project, b"", "x")
    assert refused.value.code == "403.1"


def test_progress_rolls_up_and_shows_what_no_plan_names(
    place: Place, submission: Callable[..., Submission]
) -> None:
    import_text(place, PLAN)
    with place.database.reading() as session:
        village = areas.find(session, place.project, "5101")
    place.send(submission(area=village))
    place.send(submission(area=village))
    place.send(submission(area=None))
    place.send(submission(audience=None))
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        lines = areas.progress(session, project)
    found = [(x.area.code if x.area else None, x.audience, x.planned, x.collected) for x in lines]
    assert found == [
        ("01", None, 0, 1),
        ("51", Audience.RECIPIENT, 50, 2),
        ("51", Audience.NON_RECIPIENT, 25, 0),
        ("51", Audience.CADRE, 5, 0),
        (None, Audience.RECIPIENT, 0, 1),
    ]


def test_parts_of_the_tree_are_found(place: Place) -> None:
    import_text(place, PLAN)
    with place.database.reading() as session:
        found = areas.all_areas(session, place.project)
    ids = {area.code: area.id for area in found}
    assert areas.within(found, ids["51"]) == {ids["51"], ids["5101"], ids["5102"]}
    groups = areas.rolled_up(found, under=ids["51"])
    assert {k: area.code for k, area in groups.items()} == {ids[c]: c for c in ("5101", "5102")}
    leaf = areas.rolled_up(found, under=ids["5101"])
    assert {k: area.code for k, area in leaf.items()} == {ids["5101"]: "5101"}


def test_areas_of_one_name_are_told_apart_by_their_codes_where_margins_are_listed(
    place: Place,
) -> None:
    import_text(place, f"{HEADING}\n1,城关镇,,20,,\n2,城关镇,,30,,\n3,东镇,,10,,\n")
    with place.database.reading() as session:
        found = planning.margins(session, place.project, Assumptions())
    names = [row.name for row in found]
    assert len(set(names)) == len(names)
    planned = {row.name: row.planned for row in found}
    assert (planned["城关镇（1）"], planned["城关镇（2）"], planned["东镇"]) == (20, 30, 10)
