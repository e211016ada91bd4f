"""Templates that evaluators edited in Word: what is refused, where it stands, what is missing."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from analysis.reports import evaluation_report
from analysis.reports.evaluation_report import TemplateError, render_report
from analysis.reports.report_template import default_template
from analysis.reports.report_values import EvaluationReport
from analysis.reports.template_check import missing_tags, missing_text, template_faults
from analysis.reports.template_parts import filled_paragraphs, words_of
from analysis.reports.template_tags import STANDARD, TABLES

EMPTY = EvaluationReport("城乡低保补助资金", 2026, date(2026, 11, 21))
W = nsdecls("w")


def template(*lines: str, fill: Callable[[Any], None] = lambda document: None) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    fill(document)
    return saved(document)


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def words(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    return "\n".join(words_of(found) for _, found in filled_paragraphs(document))


def in_cell(document: Any) -> None:
    document.add_table(1, 2).cell(0, 1).text = "{{ level_table }}"


def in_header(document: Any) -> None:
    document.sections[0].header.paragraphs[0].text = "{{ level_table }}"


def in_control(document: Any) -> None:
    inside = document.add_paragraph("{{ level_table }}")._p
    control = parse_xml(f"<w:sdt {W}><w:sdtContent/></w:sdt>")
    inside.addprevious(control)
    control[0].append(inside)


def in_revision(document: Any) -> None:
    paragraph = document.add_paragraph("{{ level_table }}")
    change = parse_xml(f'<w:ins {W} w:id="1" w:author="a"/>')
    run = paragraph.runs[0]._r
    run.addprevious(change)
    change.append(run)


def beside_a_picture(document: Any) -> None:
    document.add_paragraph("{{ level_table }}").add_run()._r.append(parse_xml(f"<w:drawing {W}/>"))


def after_words(document: Any) -> None:
    document.add_paragraph("见下表：{{ level_table }}")


PLACED = [
    (after_words, "正文"),
    (in_cell, "表格"),
    (in_header, "页眉"),
    (in_control, "内容控件"),
    (in_revision, "正文"),
    (beside_a_picture, "正文"),
]


@pytest.mark.parametrize(("fill", "place"), PLACED)
def test_tag_of_a_table_that_would_be_lost_is_refused_with_what_to_do(
    fill: Callable[[Any], None], place: str
) -> None:
    with pytest.raises(TemplateError) as refused:
        render_report(EMPTY, template("{{ title }}", fill=fill))
    (fault,) = refused.value.faults
    assert fault.code == "table_not_alone"
    told = fault.text("zh")
    assert "{{ level_table }}" in told and f"现在：{place}中的" in told and "另起一段" in told
    assert "Give it" in fault.text("en")


@pytest.mark.parametrize("tag", TABLES)
def test_every_table_needs_its_own_paragraph(tag: str) -> None:
    (fault,) = template_faults(template(f"见 {{{{ {tag} }}}}"))
    assert (fault.code, fault.value, fault.seen) == ("table_not_alone", tag, f"见 {{{{ {tag} }}}}")


def test_table_that_is_asked_for_twice_is_refused() -> None:
    (fault,) = template_faults(template("{{ charts }}", "{{ title }}", "{{charts}}"))
    assert (fault.code, fault.value) == ("table_twice", "charts")


@pytest.mark.parametrize("fill", [fill for fill, _ in PLACED if fill is not beside_a_picture])
def test_report_that_would_lose_a_table_is_not_made_even_if_the_check_is_passed(
    fill: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation_report, "template_faults", lambda content: ())
    with pytest.raises(TemplateError) as refused:
        render_report(EMPTY, template("{{ title }}", fill=fill))
    (fault,) = refused.value.faults
    assert (fault.code, fault.value) == ("table_not_alone", "level_table")
    assert "⟦" not in fault.text()


def test_mark_that_is_left_keeps_the_report_from_being_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evaluation_report, "show_marks", lambda document, known: [])
    with pytest.raises(TemplateError) as refused:
        render_report(EMPTY, template("备注：{{ remarks }}"))
    assert [fault.code for fault in refused.value.faults] == ["mark_left"]
    assert "备注：" in refused.value.faults[0].text()


@pytest.mark.parametrize("place", ["table", "box", "control", "header", "even page", "revision"])
def test_no_mark_is_left_where_a_text_is_empty(place: str) -> None:
    def fill(document: Any) -> None:
        section = document.sections[0]
        if place == "table":
            document.add_table(1, 1).cell(0, 0).text = "{{ remarks }}{{ title }}"
        elif place == "header":
            section.header.add_table(1, 1, 1000).cell(0, 0).text = "{{ remarks }}{{ title }}"
        elif place == "even page":
            section.even_page_footer.paragraphs[0].text = "{{ remarks }}{{ title }}"
        elif place == "revision":
            in_revision(document)
            text = next(document.paragraphs[-1]._p.iter(qn("w:t")))
            text.text = "{{ remarks }}{{ title }}"
        elif place == "control":
            in_control(document)
            text = list(document.element.body.iter(qn("w:t")))[-1]
            text.text = "{{ remarks }}{{ title }}"
        else:
            run = document.add_paragraph().add_run()._r
            text = "<w:p><w:r><w:t>{{ remarks }}{{ title }}</w:t></w:r></w:p>"
            box = f"<w:pict {W}><w:txbxContent>{text}</w:txbxContent></w:pict>"
            run.append(parse_xml(box))

    made = words(render_report(EMPTY, template(fill=fill)))
    assert "城乡低保补助资金绩效评价报告" in made
    assert "⟦" not in made and "⟧" not in made


@pytest.mark.parametrize(
    "line",
    [
        *("题为 title }}", "题为 {{ title", "题为 ｛｛ title ｝｝", "题为 {｛ title }}"),
        *("题为 {{ title }", "题为 { title }}", "题为 {% if title", "题为 {{ {{ title }}"),
    ],
)
def test_stray_braces_are_a_broken_tag_with_its_place(line: str) -> None:
    def fill(document: Any) -> None:
        document.add_table(1, 1).cell(0, 0).text = line

    (fault,) = template_faults(template("{{ title }}", fill=fill))
    assert (fault.code, fault.place) == ("broken_tag", "table")
    assert "title" in fault.value and "为" in fault.value
    assert "（表格）" in fault.text("zh") and "(in a table)" in fault.text("en")


@pytest.mark.parametrize("line", ["集合 {a}", "增长 50%}", "｛注｝", "{ {a} }"])
def test_single_braces_are_ordinary_text(line: str) -> None:
    assert template_faults(template("{{ title }}", line)) == ()


@pytest.mark.parametrize("line", ["{{p title }}", "{{r title }}", "{{- title }}", "{%p title %}"])
def test_what_docxtpl_does_with_whole_paragraphs_is_refused(line: str) -> None:
    """It would put the text where Word expects a paragraph."""
    faults = template_faults(template("{{ title }}", line))
    assert [(fault.code, fault.value) for fault in faults] == [("not_a_tag", line)]


def test_tag_that_a_tracked_change_deletes_is_refused() -> None:
    def fill(document: Any) -> None:
        text = "<w:r><w:delText>{{ level_table }}</w:delText></w:r>"
        change = f'<w:del {W} w:id="1" w:author="a">{text}</w:del>'
        document.add_paragraph()._p.append(parse_xml(change))

    (fault,) = template_faults(template("{{ title }}", fill=fill))
    assert fault.code == "tag_deleted" and "接受或拒绝全部修订" in fault.text()


def test_brackets_that_mark_things_are_refused_in_a_template() -> None:
    (fault,) = template_faults(template("{{ title }}", "⟦重要⟧"))
    assert fault.code == "reserved" and "⟦重要⟧" in fault.text()


@pytest.mark.parametrize("content", [template("没有标签"), render_report(EMPTY)])
def test_file_without_a_tag_is_refused_with_what_to_do(content: bytes) -> None:
    """A finished report, for instance."""
    (fault,) = template_faults(content)
    assert fault.code == "no_tag"
    assert "请下载标准模板" in fault.text("zh") and "Download the standard" in fault.text("en")


def test_missing_tags_are_those_of_the_standard_template_only() -> None:
    assert missing_tags(default_template()) == ()
    used = [f"{{{{ {tag} }}}}" for tag in STANDARD if tag not in ("dataset_text", "charts")]
    assert missing_tags(template(*used)) == ("dataset_text", "charts")


def test_missing_tags_are_told_in_both_languages() -> None:
    for language in ("zh", "en"):
        told = missing_text(("dataset_text", "charts"), language)
        assert "{{ dataset_text }}、{{ charts }}" in told
    assert "对照标准模板" in missing_text(("charts",))


@pytest.mark.parametrize(("language", "told"), [("zh", "不印依据编号"), ("en", "carry no marks")])
def test_lack_of_the_annex_is_told_with_what_else_it_takes_away(language: str, told: str) -> None:
    assert told in missing_text(("charts", "evidence_table"), language)
    assert told not in missing_text(("charts",), language)


@pytest.mark.parametrize("name", ["a⟦b", "a⟧b"])
def test_half_a_mark_that_somebody_typed_is_a_bracket(name: str) -> None:
    report = replace(EMPTY, client=name)
    content = template("{{ client }}")
    assert words(render_report(report, content)) in ("a[b", "a]b")


def test_tag_in_a_comment_is_no_tag() -> None:
    only = template("{# {{ title }} #}")
    assert [fault.code for fault in template_faults(only)] == ["no_tag"]
    assert "title" in missing_tags(template("{# {{ title }} #}", "{{ year }}"))


@pytest.mark.parametrize(
    "lines", [("{# {{ charts }} #}", "{{ charts }}"), ("{{ charts }}{# 图 #}",)]
)
def test_comment_is_in_nobodys_way(lines: tuple[str, ...]) -> None:
    content = template("{{ title }}", *lines)
    assert template_faults(content) == ()
    made = words(render_report(EMPTY, content))
    assert "图 #" not in made and "⟦" not in made


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("x{{{ title }}}y", "broken_tag"),
        ("x{{{title}}y", "broken_tag"),
        ("x{{ not }}y", "broken_tag"),
        ("x{{ 1a }}y", "broken_tag"),
    ],
)
def test_what_jinja_cannot_read_is_shown_as_it_stands(line: str, code: str) -> None:
    (fault,) = template_faults(template("{{ title }}", line))
    assert fault.code == code
    assert fault.value in line and "{{" in fault.value
    assert "expected" not in fault.text().casefold()
