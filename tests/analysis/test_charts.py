"""Charts: lengths, order and words of each picture, by hand or from other programs."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from drawn import FIVE, SATISFIED, grouped, marks, question, texts, whiskers, widths
from scipy.stats import binomtest

from analysis.charts import (
    Chart,
    Dot,
    area_dots,
    dot_pages,
    option_bars,
    progress_over_time,
    scale_bars,
    scorecard_bars,
    stacked_by_group,
)
from analysis.charts.chart import Box, Disc, Line
from analysis.charts.palette import BAR, INK, MAROON, NAVY, WHITE
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.load import find_framework, read_framework
from analysis.evaluation.measure_files import find_inputs
from analysis.evaluation.report import ScorecardReport, evaluate
from surveys.definition import Kind, Meaning

WAYS = ("电视", "干部上门", "公开栏", "不清楚")
UNSURE = (None, None, None, Meaning.DONT_KNOW)
DAY = date(2018, 11, 1)


@pytest.fixture(scope="module")
def nanchong() -> ScorecardReport:
    framework = find_framework("nanchong-2018")
    found = evaluate(framework, find_inputs("nanchong-2018", framework))
    assert isinstance(found, ScorecardReport)
    return found


def ways(counts: tuple[int, ...] = (30, 80, 50, 90)) -> Chart:
    return option_bars(question(counts, WAYS, Kind.MULTIPLE, base=100, meanings=UNSURE), 120)


def test_options_stand_from_most_to_least_with_dont_know_last() -> None:
    assert [row[0] for row in ways().rows] == ["B.干部上门", "C.公开栏", "A.电视", "D.不清楚"]
    assert ways().rows[0][1:3] == ("80", "80.00%")


def test_bars_are_as_long_as_their_shares() -> None:
    lengths = widths(ways(), BAR.colour)
    assert [length / lengths[0] for length in lengths] == pytest.approx(
        [1, 50 / 80, 30 / 80, 90 / 80], abs=1e-3
    )


def test_intervals_are_those_of_wilson_and_stand_where_the_axis_has_them() -> None:
    bars = sorted((b for b in marks(ways(), Box)), key=lambda b: b.y)
    left, per_share = bars[0].x, bars[0].width / 0.8
    drawn = [(low - left, high - left) for low, high in whiskers(ways(), INK)]
    for (low, high), count in zip(drawn, (80, 50, 30, 90), strict=True):
        wanted = binomtest(count, 100).proportion_ci(method="wilson")
        assert (low / per_share, high / per_share) == pytest.approx(
            (wanted.low, wanted.high), abs=1e-3
        )


def test_interval_is_dark_over_white_so_that_it_shows_on_its_bar() -> None:
    lines = [line for line in marks(ways(), Line) if line.colour in (WHITE, INK)]
    first_white = next(line for line in lines if line.colour == WHITE)
    first_dark = next(line for line in lines if line.colour == INK)
    assert first_white.points == first_dark.points
    assert first_white.width_pt > first_dark.width_pt
    assert lines.index(first_white) < lines.index(first_dark)


def test_scale_keeps_its_own_order_as_bars() -> None:
    chart = option_bars(question((1, 5, 3, 4)))
    assert [row[0][0] for row in chart.rows] == ["A", "B", "C", "D"]


def test_words_of_the_options_tell_base_and_main_numbers() -> None:
    chart = ways()
    assert chart.alt == (
        "条形图：您对低保工作是否满意。应答基数100份，从高到低为干部上门80.00%、公开栏50.00%、"
        "电视30.00%、不清楚90.00%。"
    )
    assert "本组答卷120份" in chart.note and "可超过100%" in chart.note
    english = option_bars(question((3, 1), ("是", "否"), Kind.SINGLE), language="en")
    assert english.alt.startswith("Bar chart: 您对低保工作是否满意. Base 4")


def test_scale_diverges_from_one_line_with_favourable_answers_on_the_right() -> None:
    chart = scale_bars([question((50, 30, 15, 5))])
    found = {box.fill: box for box in marks(chart, Box) if box.height > 0.4}
    line = max(marks(chart, Line), key=lambda mark: mark.width_pt).points[0][0]
    by_share = sorted(found.values(), key=lambda box: box.x)
    assert [round(box.width / by_share[0].width, 2) for box in by_share] == [1, 3, 6, 10]
    assert by_share[1].x + by_share[1].width == pytest.approx(line, abs=2e-3)
    assert by_share[2].x == pytest.approx(line, abs=2e-3)
    assert by_share[3].fill == NAVY
    assert {"80.00%", "20.00%", "n=100"} <= set(texts(chart))


def test_middle_step_and_dont_know_stand_apart_from_the_scale() -> None:
    asked = question(
        (40, 20, 20, 10, 5, 5),
        (*FIVE, "不清楚"),
        meanings=(None, None, None, None, None, Meaning.DONT_KNOW),
    )
    chart = scale_bars([asked])
    assert {"60.00%", "15.00%", "20.00%", "5.00%"} <= set(texts(chart))
    boxes = sorted((b for b in marks(chart, Box) if b.height > 0.4), key=lambda b: b.x)
    assert len(boxes) == 6
    gap = boxes[4].x - (boxes[3].x + boxes[3].width)
    assert gap > 1
    assert boxes[4].width / boxes[3].width == pytest.approx(0.5, abs=1e-2)


def test_scales_with_other_options_have_a_legend_of_their_own() -> None:
    chart = scale_bars([question((5, 3, 2, 1)), question((5, 3, 2, 1, 1), FIVE)])
    assert texts(chart).count("非常满意") == 2 and texts(chart).count("一般") == 1


def test_all_scales_of_a_picture_have_one_line_and_one_length_for_a_share() -> None:
    """Of 100 each, so that the same count is as wide in every block."""
    long = question(
        (2, 5, 17, 38, 8, 30), (*FIVE, "不清楚"), meanings=[*[None] * 5, Meaning.DONT_KNOW]
    )
    chart = scale_bars([question((26, 54, 15, 5)), long])
    boxes = [box for box in marks(chart, Box) if box.height > 0.4]
    rows = [[b for b in boxes if b.y == y] for y in sorted({b.y for b in boxes})]
    counts = ((5, 15, 54, 26), (8, 38, 5, 2, 17, 30))
    one = sum(box.width for box in rows[0]) / 100
    for row, own in zip(rows, counts, strict=True):
        widths = [box.width for box in sorted(row, key=lambda box: box.x)]
        assert widths == pytest.approx([n * one for n in own], abs=2e-3)
    lines = [mark for mark in marks(chart, Line) if mark.width_pt == 1.4]
    assert len(lines) == 2 and lines[0].points[0][0] == lines[1].points[0][0]


AGREE = ("非常不同意", "不同意", "一般", "同意", "非常同意")


def test_options_from_worst_to_best_are_turned_round() -> None:
    turned = scale_bars([question((5, 10, 20, 40, 25), AGREE, worst_first=True)])
    straight = scale_bars([question((25, 40, 20, 10, 5), AGREE[::-1])])
    assert marks(turned, Box) == marks(straight, Box)
    assert "同意、非常同意" not in turned.alt and "非常同意、同意合计65.00%" in turned.alt
    assert "由差到好" in turned.note and "由差到好" not in straight.note
    assert turned.rows[0][2] == "A.非常不同意"  # the table keeps its order
    both = scale_bars(
        [question((5, 10, 20, 40, 25), AGREE, worst_first=flag) for flag in (False, True)]
    )
    assert len([m for m in marks(both, Line) if m.width_pt == 1.4]) == 2


def test_groups_colour_options_from_worst_to_best_the_other_way_round() -> None:
    fills = [
        {box.fill for box in marks(stacked_by_group(grouped(("东", one)), "q01"), Box)}
        for one in (
            question((1, 0, 0, 0, 0), AGREE, worst_first=True),
            question((0, 0, 0, 0, 1), AGREE),
        )
    ]
    assert fills[0] == fills[1]
    first, last = (
        next(
            box.fill
            for box in marks(stacked_by_group(grouped(("东", one)), "q01"), Box)
            if box.height > 0.4
        )
        for one in (
            question((1, 0, 0, 0, 0), AGREE, worst_first=True),
            question((1, 0, 0, 0, 0), AGREE),
        )
    )
    assert (first, last) == (MAROON, NAVY)


def test_the_totals_beside_a_weighted_scale_are_weighted() -> None:
    asked = question((1, 1, 1, 1))
    weights = (4.0, 2.0, 1.0, 1.0)
    rows = tuple(
        row._replace(cell=row.cell._replace(share=w / 8, weighted_count=w))
        for row, w in zip(asked.rows, weights, strict=True)
    )
    shown = texts(scale_bars([asked._replace(rows=rows, weighted_base=8.0)]))
    assert {"75.00%", "25.00%"} <= set(shown)


def test_a_scale_that_nobody_answered_is_drawn_of_all_who_were_asked() -> None:
    assert "0.00%" in texts(scale_bars([question((0, 0, 0, 0), base=5)]))


def test_questions_that_nobody_answered_are_left_out_of_the_scales() -> None:
    chart = scale_bars([question((5, 3, 2, 1)), question((0, 0, 0, 0), text="没人答")])
    assert len(chart.rows) == 4 and "没人答" not in texts(chart)


def test_words_of_the_scales_tell_the_favourable_share() -> None:
    alt = scale_bars([question((87, 10, 3, 0))]).alt
    assert "非常满意、比较满意合计97.00%（应答基数100）" in alt


def test_groups_are_bars_of_the_same_length_with_their_n() -> None:
    table = grouped(("东镇", question((5, 3, 2, 0))), ("西镇", question((10, 10, 10, 10))))
    chart = stacked_by_group(table, "q01")
    rows: dict[float, float] = {}
    for box in marks(chart, Box):
        if box.height > 0.4:
            rows[box.y] = rows.get(box.y, 0) + box.width
    lengths = list(rows.values())
    assert len(lengths) == 2 and lengths[0] == pytest.approx(lengths[1], abs=0.01)
    assert {"n=10", "n=40", "东镇", "西镇"} <= set(texts(chart))
    assert chart.rows[0] == ("东镇", "10", "50.00%", "30.00%", "20.00%", "0.00%")


def test_who_did_not_answer_fills_the_bar_where_everybody_is_the_base() -> None:
    chart = stacked_by_group(grouped(("东镇", question((5, 3, 0, 0), base=10))), "q01")
    assert "未填或未问" in texts(chart) and "20.0%" in texts(chart)


def test_group_without_answers_is_kept_without_a_bar() -> None:
    table = grouped(("东镇", question((5, 3, 2, 0))), ("空镇", question((0, 0, 0, 0))))
    chart = stacked_by_group(table, "q01")
    assert chart.rows[1] == ("空镇", "0", "—", "—", "—", "—")
    assert "n=0" in texts(chart)


def test_dots_stand_on_their_values_in_the_order_given() -> None:
    dots = [Dot("甲", 0.8, 0.7, 0.9, 50), Dot("乙", 0.6, 0.5, 0.7, 12)]
    chart = area_dots(dots, title="各镇满意率", unit="%", overall=Dot("全部", 0.7, 0.6, 0.8, 62))
    discs = marks(chart, Disc)
    ends = whiskers(chart, INK)
    assert [disc.colour for disc in discs] == [NAVY.colour, WHITE]
    for disc, (low, high) in zip(discs, ends, strict=True):
        assert disc.x == pytest.approx((low + high) / 2, abs=1e-2)
    per_share = (discs[0].x - discs[1].x) / 0.2
    assert (ends[0][1] - ends[0][0]) / per_share == pytest.approx(0.2, abs=1e-2)
    (overall,) = (line for line in marks(chart, Line) if line.dashed)
    assert overall.points[0][0] == pytest.approx((discs[0].x + discs[1].x) / 2, abs=1e-2)
    assert chart.rows[0] == ("甲", "50", "80.00%", "70.00%–90.00%")
    assert "最高甲 80.00%，最低乙 60.00%" in chart.alt and "虚线为全部：70.00%" in chart.note


@pytest.mark.parametrize("nothing", [None, float("nan"), float("inf")])
def test_area_without_a_value_has_a_dash_and_no_dot(nothing: float | None) -> None:
    dots = [Dot("甲", 2.0, 1.5, 2.5, 50), Dot("乙", nothing, nothing, nothing, 0)]
    chart = area_dots(dots, title="得分", unit="分")
    assert len(marks(chart, Disc)) == 1 and chart.rows[1] == ("乙", "0", "—", "—")
    assert not {"nan", "inf", "None"} & set("".join(texts(chart)).split())


def test_two_hundred_areas_are_one_high_picture_or_several_pages() -> None:
    dots = [Dot(f"第{n}村", 2 + n / 400, 2.0, 2.6, 40) for n in range(200)]
    chart = area_dots(dots, title="各村得分", unit="分")
    assert len(marks(chart, Disc)) == len(chart.rows) == 200
    assert chart.draw().height_cm > 5 * area_dots(dots[:20], title="").draw().height_cm
    pages = dot_pages(dots, title="各村得分", unit="分")
    assert [len(page.rows) for page in pages] == [40] * 5
    assert pages[1].title == "各村得分（2/5）"
    assert all(page.draw().height_cm < 24 for page in pages)


def test_more_areas_than_a_picture_takes_are_said_and_kept_in_the_table() -> None:
    chart = area_dots([Dot(f"{n}", 1.0, 0.5, 1.5, 40) for n in range(300)], title="得分")
    assert len(marks(chart, Disc)) == 250 and len(chart.rows) == 300
    assert "只画前250个，共300个" in chart.note


@pytest.mark.parametrize("value", [0.0, 1.0, 0.5])
def test_single_value_has_an_axis_too(value: float) -> None:
    chart = area_dots([Dot("甲", value, value, value, 50)], title="满意率", unit="%")
    (disc,) = marks(chart, Disc)
    assert 0 < disc.x < 16
    assert all("-" not in text for text in texts(chart) if text.endswith("%"))


def test_progress_adds_up_days_and_keeps_those_without_arrivals() -> None:
    days = [(DAY + timedelta(days=4), 6), (DAY, 10), (DAY + timedelta(days=1), 4)]
    chart = progress_over_time(days, 40, title="进度")
    assert chart.rows == (
        ("2018-11-01", "10", "10"),
        ("2018-11-02", "4", "14"),
        ("2018-11-05", "6", "20"),
    )
    heights = [box.height for box in sorted(marks(chart, Box), key=lambda box: box.x)]
    assert [h / heights[0] for h in heights] == pytest.approx([1, 1.4, 1.4, 1.4, 2], abs=1e-2)
    (planned,) = (line for line in marks(chart, Line) if line.dashed)
    bottom = marks(chart, Box)[0].y + heights[0]
    assert (bottom - planned.points[0][1]) / heights[-1] == pytest.approx(2, abs=1e-2)
    assert "共收到20份，计划40份，完成50.00%" in chart.alt


def test_progress_without_a_plan_has_no_line_for_it() -> None:
    chart = progress_over_time([(DAY, 3)], None, title="进度")
    assert not [line for line in marks(chart, Line) if line.dashed]
    assert chart.alt == "折线图：进度。2018-11-01至2018-11-01共收到3份。"


def test_scorecard_of_2018_has_every_level_with_its_rate(nanchong: ScorecardReport) -> None:
    chart = scorecard_bars(nanchong)
    assert [row[0] for row in chart.rows if not row[0].startswith("　")] == [
        "政策决策",
        "项目管理",
        "项目绩效",
        "总分",
    ]
    assert ("项目绩效", "50", "41.375", "82.75%") in chart.rows
    assert "总得分88.38分，满分100分，得分率88.38%" in chart.alt
    frame = max(box.width for box in marks(chart, Box))
    assert widths(chart, NAVY.colour)[2] / frame == pytest.approx(0.8275, abs=1e-3)


def test_indicators_with_long_names_that_begin_alike_are_told_apart() -> None:
    same = "四川省南充市顺庆区城乡居民最低生活保障资金绩效目标完成情况" * 2
    rule = {"kind": "proportional"}
    leaves = [
        {"id": id, "name": f"{same}之{end}", "points": 50, "rule": rule}
        for id, end in (("A", "按时足额发放率"), ("B", "动态管理准确率"))
    ]
    given = {"slug": "long", "title": "长名", "points": 100, "scheme": "minfa-2016-242"}
    given |= {"parts": [{"name": "产出", "points": 100, "parts": leaves}]}
    found = evaluate(read_framework(given, "long.yaml"), Inputs())
    assert isinstance(found, ScorecardReport)
    drawn = "".join(texts(scorecard_bars(found)))
    assert "放率" in drawn and "确率" in drawn


def test_indicator_without_a_score_says_so_and_is_hatched() -> None:
    framework = find_framework("caiyu-2020-10")
    found = evaluate(framework, Inputs())
    assert isinstance(found, ScorecardReport)
    chart = scorecard_bars(found)
    assert all(row[2:] == ("未计分", "—") for row in chart.rows)
    assert all(box.fill.hatch for box in marks(chart, Box))


@pytest.mark.parametrize(
    ("chart", "reason"),
    [
        (option_bars(question((0, 0, 0, 0))), "没有人回答此题"),
        (option_bars(question((), ())), "此题没有选项"),
        (scale_bars([]), "没有已答的量表题"),
        (area_dots([], title="得分"), "没有可以比较的数值"),
        (progress_over_time([(DAY, 0)], 5, title="进度"), "还没有收到答卷"),
        (stacked_by_group(grouped(), "q01"), "分组表中没有这道题"),
        (
            stacked_by_group(grouped(("东镇", question((1,), ("是",), Kind.MULTIPLE))), "q01"),
            "不能画成100%堆积条形",
        ),
        (stacked_by_group(grouped(("东镇", question((0, 0, 0, 0)))), "q01"), "没有人回答此题"),
    ],
)
def test_where_nothing_can_be_drawn_a_sentence_says_why(chart: Chart, reason: str) -> None:
    assert chart.is_empty and reason in chart.alt
    assert reason in "".join(texts(chart))


def test_single_option_takes_the_whole_bar() -> None:
    chart = stacked_by_group(grouped(("东镇", question((7,), ("是",), Kind.SINGLE))), "q01")
    assert "100.0%" in texts(chart)
    assert scale_bars([question((7,), ("是",))]).rows[0][4] == "100.00%"


@pytest.mark.parametrize("steps", range(1, 13))
def test_scales_of_any_length_are_drawn_without_overlap(steps: int) -> None:
    names = [f"第{n}级" for n in range(steps)]
    chart = scale_bars([question([n + 1 for n in range(steps)], names)])
    boxes = sorted((b for b in marks(chart, Box) if b.height > 0.4), key=lambda b: b.x)
    assert len(boxes) == steps
    for one, after in pairwise(boxes):
        assert one.x + one.width <= after.x + 2e-3


def test_published_satisfaction_is_drawn_as_printed() -> None:
    chart = scale_bars([question((87, 10, 3, 0), SATISFIED)])
    assert [row[4] for row in chart.rows] == ["87.00%", "10.00%", "3.00%", "0.00%"]
