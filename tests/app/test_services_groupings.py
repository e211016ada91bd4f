"""Groupings of a project's responses: levels of areas, urban or rural, enumerators."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from places import Place
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from analysis.responses import Labels
from app.models import Project
from app.problems import Problem
from app.services import areas, reports, samples
from app.services.columns import ColumnStore
from app.services.responses import Submission
from app.services.setting_up import plan_workbook
from surveys.cells import read_cells

Make = Callable[..., Submission]
PLAN = """区域代码,区域名称,上级代码,城乡
51,甲县,,城镇
5101,东镇,51,
510101,新村,5101,农村
5102,西镇,51,乡村
510201,新村,5102,
510202,新村,5102,
52,乙县,,
"""


def import_plan(place: Place, content: str = PLAN) -> None:
    place.write(areas.import_plan, content.encode(), "计划.csv")


def send(place: Place, make: Make, *codes: str | None) -> None:
    for code in codes:
        with place.database.reading() as session:
            area = areas.find(session, place.project, code) if code else None
        place.send(make(area=area))


def groups(place: Place) -> dict[str, Labels]:
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        found, _ = reports.responses(session, ColumnStore(), project, place.residents)
    return dict(found.groups)


def told(labels: Labels) -> list[str]:
    return [labels.names[code] for code in labels.codes]


def test_levels_have_full_names_and_only_areas_with_responses(
    place: Place, submission: Make
) -> None:
    import_plan(place)
    send(place, submission, "510101", "5102", "510202", "52", None)
    found = groups(place)
    assert told(found["area"]) == ["甲县", "甲县", "甲县", "乙县", "未注明"]
    assert told(found["area1"]) == told(found["area"])
    assert found["area1"].names == ("甲县", "乙县", "未注明")
    assert told(found["area2"]) == ["甲县/东镇", "甲县/西镇", "甲县/西镇", "未注明", "未注明"]
    same = "甲县/西镇/新村（510202）"
    assert told(found["area3"]) == ["甲县/东镇/新村", "未注明", same, "未注明", "未注明"]


def test_a_tree_of_one_level_has_no_levels(place: Place, submission: Make) -> None:
    send(place, submission, "01")
    assert sorted(groups(place)) == ["area", "audience", "enumerator"]


def test_setting_is_that_of_the_nearest_area_above(place: Place, submission: Make) -> None:
    import_plan(place)
    send(place, submission, "51", "5101", "510101", "510201", "52", None)
    wanted = ["城镇", "城镇", "农村", "农村", "未注明", "未注明"]
    assert told(groups(place)["setting"]) == wanted


def test_imported_again_without_the_column_settings_stay_and_empty_clears(place: Place) -> None:
    import_plan(place)
    import_plan(place, "区域代码,区域名称\n51,甲县\n")
    with place.database.reading() as session:
        assert areas.settings(areas.all_areas(session, place.project))
    import_plan(place, PLAN.replace("城镇", "").replace("农村", "").replace("乡村", ""))
    with place.database.reading() as session:
        assert areas.settings(areas.all_areas(session, place.project)) == {}


def test_wrong_setting_is_a_fault_with_its_row(place: Place) -> None:
    with pytest.raises(Problem) as refused:
        import_plan(place, "区域代码,区域名称,城乡\n51,甲县,郊区\n")
    assert refused.value.lines == ("第 2 行，城乡，值“郊区”：应填“城镇”或“农村”，空着则与上级相同",)


def test_plan_that_is_downloaded_gives_the_same_settings_when_imported(place: Place) -> None:
    import_plan(place)
    with place.database.reading() as session:
        content = plan_workbook(session, place.project)
        before = areas.settings(areas.all_areas(session, place.project))
    rows = read_cells(content, "计划.xlsx")
    assert [row[6:] for row in rows[:3]] == [["城乡"], [], ["城镇"]]
    place.write(areas.import_plan, content, "计划.xlsx")
    with place.database.reading() as session:
        assert areas.settings(areas.all_areas(session, place.project)) == before


def test_the_database_keeps_other_settings_out(place: Place) -> None:
    with pytest.raises(IntegrityError), place.database.writing() as session:
        session.execute(text("UPDATE areas SET setting = 'suburban'"))


def test_enumerators_are_named_with_their_account(place: Place, submission: Make) -> None:
    send(place, submission, "01", "01")
    assert groups(place)["enumerator"].names == ("alpha-enumerator（alpha-enumerator）",)


@pytest.mark.parametrize("by", ["area2", "setting", "enumerator"])
def test_summary_by_a_grouping_adds_up(place: Place, submission: Make, by: str) -> None:
    import_plan(place)
    send(place, submission, "510101", "510201", "52")
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        table = reports.summary_table(session, ColumnStore(), project, place.residents, by=by)
    assert sum(group.n for group in table.groups) == 3


def test_within_an_area_that_has_none_below_everybody_bears_its_name(
    place: Place, submission: Make
) -> None:
    import_plan(place)
    send(place, submission, "510101", "510101", "5102", "52")
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        leaf = areas.find(session, project, "510101")
        assert leaf is not None
        chosen = (project, place.residents, reports.Filters(area_id=leaf.id))
        counted, _ = reports.responses(session, ColumnStore(), *chosen)
        drawn = samples.sample(session, ColumnStore(), *chosen)
    assert told(counted.groups["area"]) == ["新村", "新村"]
    assert drawn.inside is not None
    codes = drawn.responses.groups["area"].codes
    names = drawn.responses.groups["area"].names
    assert [names[code] for code in codes[drawn.inside]] == ["新村", "新村"]
    assert set(codes[~drawn.inside]) == {-1}
