"""Painted charts: the Chinese font, nothing outside the sheet, the same bytes every time."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from drawn import FIVE, grouped, question
from matplotlib.ft2font import FT2Font
from matplotlib.image import imread

from analysis.charts import (
    Chart,
    Dot,
    area_dots,
    fingerprint,
    fonts,
    option_bars,
    progress_over_time,
    render,
    rendering,
    scale_bars,
    scorecard_bars,
    stacked_by_group,
)
from analysis.charts.chart import SMALL_PT, WIDTH_CM, Box, Disc, Form, Line, Words
from analysis.charts.words import WORDS
from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import find_inputs
from analysis.evaluation.report import ScorecardReport, evaluate
from surveys.definition import Kind

ROOT = Path(__file__).resolve().parents[2]
LONG = "通过网络（微信公众号、政府网站、短视频平台、电子邮件等）了解到城乡居民最低生活保障政策" * 3
ODD = "😀👨‍👩‍👧‍👦 𠮷野家 \u202eabc\u0000\ufe0f‱ ꧁ <b>&amp; $x^2$ {{ 7 }}"
SVG = "{http://www.w3.org/2000/svg}"


def charts(language: str = "zh") -> Iterator[Chart]:
    """One of each kind, with words that are long or odd."""
    odd = ("是", ODD, LONG, "superlongwordwithoutanyspace" * 5)
    single = question((5, 3, 2, 1), odd, Kind.SINGLE, text=LONG)
    scale = question((5, 30, 2, 1, 9), FIVE, text=LONG + ODD)
    dots = [
        Dot(LONG, 0.5, 0.4, 0.6, 9),
        Dot(ODD, 0.99, 0.2, 1.0, 400),
        Dot("空", None, None, None, 0),
    ]
    days = [(date(2018, 1, 1) + timedelta(days=3 * n), 10**n) for n in range(6)]
    framework = find_framework("nanchong-2018")
    scored = evaluate(framework, find_inputs("nanchong-2018", framework))
    assert isinstance(scored, ScorecardReport)
    yield option_bars(single, 20, language, simulated=True)
    yield scale_bars([scale, single], language)
    yield stacked_by_group(grouped(("东镇", scale), (LONG, scale), (ODD, scale)), "q01", language)
    yield stacked_by_group(grouped((ODD, single)), "q01", language)
    yield area_dots(dots, title=ODD, unit="%", language=language)
    yield progress_over_time(days, 10**6, title=LONG, language=language)
    yield scorecard_bars(scored, language)
    yield option_bars(question((0, 0, 0, 0)), language=language)


EVERY = [*charts("zh"), *charts("en")]


def words(chart: Chart) -> list[Words]:
    return [mark for mark in chart.draw().marks if isinstance(mark, Words)]


@pytest.mark.parametrize("chart", EVERY)
def test_every_character_that_is_drawn_is_in_the_font(chart: Chart) -> None:
    known = set(FT2Font(str(fonts.font_file())).get_charmap())
    assert {c for mark in words(chart) for c in mark.text if ord(c) not in known} == set()


def test_every_word_of_the_charts_is_in_the_font() -> None:
    for both in WORDS.values():
        assert "〓" not in fonts.drawable("".join(both))


def test_what_the_font_lacks_is_a_visible_sign_and_what_has_no_shape_is_nothing() -> None:
    assert fonts.drawable("低保😀户") == "低保〓户"
    assert fonts.drawable("a\u202eb\u200d\ufe0f\x00c\ud800") == "abc"
    assert fonts.drawable(" 两 \n 行\t") == "两 行"
    assert fonts.has_glyph("〓")


@pytest.mark.parametrize("chart", EVERY)
def test_nothing_leaves_the_sheet(chart: Chart) -> None:
    height = chart.draw().height_cm
    for mark in chart.draw().marks:
        if isinstance(mark, Words):
            width = fonts.width_cm(mark.text, mark.size_pt)
            left = mark.x - {"left": 0, "center": width / 2, "right": width}[mark.align]
            corners = [(left, mark.y), (left + width, mark.y)]
        elif isinstance(mark, Box):
            corners = [(mark.x, mark.y), (mark.x + mark.width, mark.y + mark.height)]
        elif isinstance(mark, Line):
            corners = list(mark.points)
        else:
            assert isinstance(mark, Disc)
            corners = [(mark.x, mark.y)]
        for x, y in corners:
            assert -0.01 <= x <= WIDTH_CM + 0.01 and -0.01 <= y <= height + 0.01, mark


@pytest.mark.parametrize("chart", EVERY)
def test_text_is_never_smaller_than_can_be_read_at_sixteen_centimetres(chart: Chart) -> None:
    assert SMALL_PT >= 8
    assert min(mark.size_pt for mark in words(chart)) >= SMALL_PT


@pytest.mark.parametrize("chart", EVERY)
def test_svg_is_outlines_without_anything_from_elsewhere(chart: Chart) -> None:
    root = ElementTree.fromstring(render(chart, "svg"))
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "defs", "style", "g", "path", "use", "metadata"} | {
        name for name in names if name.startswith("{http://www.w3.org/1999/02/22-rdf")
    }
    links = {v for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")}
    assert links and all(link.startswith("#") for link in links)


@pytest.mark.parametrize("titled", [False, True])
def test_no_ink_of_a_png_touches_its_edge(titled: bool) -> None:
    for chart in charts():
        pixels = imread(io.BytesIO(render(chart, "png", width_cm=8, titled=titled)))[..., :3]
        border = round(0.01 * pixels.shape[1])
        edges = (pixels[:border], pixels[-border:], pixels[:, :border], pixels[:, -border:])
        assert all((edge == 1).all() for edge in edges), chart.title


@pytest.mark.parametrize("form", ["svg", "png"])
def test_same_chart_gives_the_same_bytes(form: Form) -> None:
    first = [render(chart, form) for chart in charts()]
    rendering._painted.cache_clear()
    assert [render(chart, form) for chart in charts()] == first


def test_another_process_paints_the_same_svg_and_imports_no_pyplot() -> None:
    program = (
        "import sys; from analysis.charts import progress_over_time, render; "
        "from datetime import date; "
        "chart = progress_over_time([(date(2018, 11, 1), 3)], 4, title='进度'); "
        "sys.stdout.buffer.write(render(chart, 'svg')); "
        "assert not {'matplotlib.pyplot', 'zhplot'} & set(sys.modules)"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environ)
    assert done.returncode == 0, done.stderr.decode()
    chart = progress_over_time([(date(2018, 11, 1), 3)], 4, title="进度")
    assert done.stdout == render(chart, "svg")


def test_settings_of_matplotlib_stay_as_they_are() -> None:
    before = dict(mpl.rcParams)
    for chart in charts():
        render(chart, "svg"), render(chart, "png", width_cm=4)
    assert dict(mpl.rcParams) == before


def test_threads_paint_the_same_as_one_after_the_other() -> None:
    wanted = [(render(chart, "svg"), render(chart, "png", width_cm=6)) for chart in charts()]
    rendering._painted.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        svgs = pool.map(lambda chart: render(chart, "svg"), charts())
        pngs = pool.map(lambda chart: render(chart, "png", width_cm=6), charts())
        assert list(zip(svgs, pngs, strict=True)) == wanted


def test_threads_measure_the_same_as_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Widths are not remembered here, so that the threads really meet in the font."""
    text = "".join(chr(code) for code in range(0x4E00, 0x5600) if fonts.has_glyph(chr(code)))
    monkeypatch.setattr(fonts, "_advance", fonts._advance.__wrapped__)
    wanted = fonts.width_cm(text, 9)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda _: fonts.width_cm(text, 9), range(8))) == {wanted}
    finally:
        sys.setswitchinterval(before)


def dots_per_metre(content: bytes) -> int:
    place = content.index(b"pHYs")
    return int(struct.unpack(">I", content[place + 4 : place + 8])[0])


@pytest.mark.parametrize("width_cm", [16.0, 8.0])
def test_png_has_three_hundred_dots_per_inch(width_cm: float) -> None:
    chart = option_bars(question((5, 3, 2, 1)))
    content = render(chart, "png", width_cm=width_cm)
    pixels = imread(io.BytesIO(content))
    assert abs(pixels.shape[1] - width_cm / 2.54 * 300) <= 1
    wanted = (chart.draw().height_cm * 0.96 + 0.04 * 16) * width_cm / 16 / 2.54 * 300
    assert abs(pixels.shape[0] - wanted) <= 1
    assert dots_per_metre(content) == pytest.approx(300 / 0.0254, abs=1)


def test_boxes_are_painted_where_they_are_laid() -> None:
    """Of a bar of the scale: its colour between its edges and white beside it. The picture is 16
    cm wide with a border of 2% on each side."""
    chart = scale_bars([question((100, 0, 0, 0))])
    box = max((m for m in chart.draw().marks if isinstance(m, Box)), key=lambda m: m.width)
    pixels = imread(io.BytesIO(render(chart, "png")))[..., :3]

    def dots(cm: float) -> int:
        return round((0.02 * 16 + 0.96 * cm) * 300 / 2.54)

    row = dots(box.y + 0.08)
    wanted = [int(box.fill.colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    for x, colour in ((box.x + 0.1, wanted), (box.x + box.width - 0.1, wanted)):
        assert pixels[row, dots(x)] == pytest.approx(colour, abs=0.01)
    assert pixels[row, dots(box.x + box.width + 0.05)] == pytest.approx([1, 1, 1])


def test_nothing_is_painted_over_the_text_of_a_hatched_part() -> None:
    """The plain box under the text is nearer than the hatching, and the text nearer than both."""
    chart = scale_bars([question((0, 0, 0, 100))])
    order = list(chart.draw().marks)
    text = next(m for m in order if isinstance(m, Words) and m.text == "100.0%")
    hatched = next(m for m in order if isinstance(m, Box) and m.fill.hatch and m.width > 5)
    plain = order[order.index(text) - 1]
    assert isinstance(plain, Box) and not plain.fill.hatch
    assert order.index(hatched) < order.index(plain)
    svg = render(chart, "svg").decode()
    assert svg.rindex(hatched.fill.colour) < svg.rindex("<!-- 100.0% -->")


def test_simulated_data_are_marked_in_the_picture_itself() -> None:
    marked, plain = (
        option_bars(question((5, 3, 2, 1)), simulated=simulated) for simulated in (True, False)
    )
    assert b"\xe3\x80\x90" in render(marked, "svg")  # 【
    assert "模拟数据" in render(marked, "svg").decode()
    assert "模拟数据" not in render(plain, "svg").decode()


def test_picture_that_leaves_its_page_bears_its_title() -> None:
    chart = option_bars(question((5, 3, 2, 1), text="满意吗"))
    assert "<!-- 满意吗 -->" in render(chart, "svg", titled=True).decode()
    assert "<!-- 满意吗 -->" not in render(chart, "svg").decode()
    assert fingerprint(chart, "svg") != fingerprint(chart, "svg", titled=True)


def test_fingerprint_follows_what_is_drawn() -> None:
    one, same, other = (option_bars(question((n, 3, 2, 1))) for n in (5, 5, 6))
    assert fingerprint(one, "svg") == fingerprint(same, "svg") != fingerprint(other, "svg")
    assert fingerprint(one, "svg") != fingerprint(one, "png")


def test_picture_is_black_on_white_even_in_grey() -> None:
    for chart in charts():
        pixels = imread(io.BytesIO(render(chart, "png", width_cm=8)))[..., :3]
        grey = pixels @ np.array([0.2126, 0.7152, 0.0722])
        assert grey.max() == pytest.approx(1) and grey.min() < 0.25


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("满意", ("满意",)),
        ("非常满意，比较满意", ("非常满", "意，比", "较满意")),
        ("a（b）", ("a（b）",)),
        ("abc defgh", ("abc", "defgh")),
        ("", ("",)),
        ("一二三四五六七八九十", ("一二三", "四五六", "七八…")),
    ],
)
def test_text_is_wrapped_as_chinese_is_set(text: str, lines: tuple[str, ...]) -> None:
    """Three characters a line at 10 pt: 3.2 ems of 10 pt are 1.129 cm."""
    assert fonts.wrapped(text, 1.3 if text.isascii() else 1.129, 10) == lines


def test_line_neither_begins_nor_ends_with_the_wrong_punctuation() -> None:
    for width in np.arange(1.0, 6.0, 0.05):
        for line in fonts.wrapped(LONG, float(width), 9, most=99):
            assert line[0] not in "，。、）" and line[-1] not in "（"
            assert fonts.width_cm(line, 9) <= width + 1e-9


LIKE = "四川省南充市顺庆区民政事务服务管理中心第三工作站所属网格化社区"


@pytest.mark.parametrize(
    "names",
    [
        ["A" * 40 + "1", "A" * 40 + "2"],
        [LIKE + "一组", LIKE + "二组", "短"],
        [LIKE + "东" + LIKE, LIKE + "西" + LIKE, LIKE + "南" + LIKE],
    ],
)
@pytest.mark.parametrize("most", [1, 2, 3])
def test_names_that_differ_look_different_in_one_picture(names: list[str], most: int) -> None:
    shown = fonts.told_apart(names, 3.6, 9, most)
    assert len(set(shown)) == len(names)
    for name, lines in zip(names, shown, strict=True):
        assert len(lines) <= most and lines[0][0] == name[0]
        assert all(fonts.width_cm(line, 9) <= 3.6 for line in lines)


def test_the_same_name_twice_and_names_that_fit_stay_as_they_are() -> None:
    assert fonts.told_apart([LIKE, LIKE, "东镇"], 3.6, 9, 2) == [
        fonts.wrapped(LIKE, 3.6, 9, 2),
        fonts.wrapped(LIKE, 3.6, 9, 2),
        ("东镇",),
    ]
