"""The report by group as one .docx: cover, contents, the groups compared, a chapter per group."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from analysis.group_report import GroupReport, small_groups
from analysis.group_scores import GroupScore
from analysis.reports.group_excel import PICTURES, opening
from analysis.reports.group_parts import EVERY_PART, Parts, Step, nothing
from analysis.reports.group_pictures import Painted, Pictures, few_pictures, no_pictures
from analysis.reports.group_word_tables import (
    MANY_OPTIONS,
    SMALL_POINTS,
    cross_rows,
    score_rows,
)
from analysis.reports.group_words import (
    by_name,
    caution,
    group_name,
    notes,
    order_sentence,
    score_sentence,
    test_sentence,
    title,
    word,
)
from analysis.reports.pictures import put_picture
from analysis.reports.report_contents import contents_line
from analysis.reports.word import group_table, set_up_page
from analysis.reports.word_stream import WordStream
from analysis.reports.word_styles import (
    TABLE_FONT,
    TITLE_STYLE,
    add_style,
    clean,
    element,
    set_font,
    set_up_styles,
    small,
)
from analysis.reports.words import subtitle
from analysis.sampling import SMALL_GROUP
from analysis.table import Group

CAPTION = "分组报告图表标题"
LONGEST_TITLE = 255
OVERALL = "group0"
TEXT_CM = 17.2
HEADINGS = {"Heading 1": 16, "Heading 2": 13}


def write_document(
    report: GroupReport,
    target: Path,
    language: str = "zh",
    *,
    parts: Parts = EVERY_PART,
    pictures: Pictures = no_pictures,
    step: Step = nothing,
) -> None:
    """`step()` is called after every chapter; what it raises (a cancellation) ends the work.

    Finished chapters lie on the disk, so that many groups take little memory.
    """
    with WordStream() as stream:
        _set_up(stream.document, report, language)
        made = _Document(stream, report, parts, pictures, language)
        made.cover()
        made.contents()
        made.overall()
        step()
        for place, group in enumerate(report.groups):
            made.chapter(place, group)
            step()
        stream.save(target)


def _set_up(document: Any, report: GroupReport, language: str) -> None:
    set_up_styles(document)
    set_up_page(document.sections[0], title(report, language), language)
    add_style(document, CAPTION, TABLE_FONT, 10.5, bold=True, centred=True)
    for name, size in HEADINGS.items():
        style = document.styles[name]
        # The theme's fonts would win over those that are named.
        for key in list(style.element.rPr.rFonts.attrib):
            del style.element.rPr.rFonts.attrib[key]
        set_font(style, TABLE_FONT, size)
        style.font.bold, style.font.color.rgb = True, None
    properties = document.core_properties
    properties.title = clean(title(report, language))[:LONGEST_TITLE]
    properties.author = properties.comments = ""
    properties.language = "zh-CN" if language.startswith("zh") else "en"


class _Document:
    """Writes the report from front to back; tables and figures are numbered as they come."""

    def __init__(
        self,
        stream: WordStream,
        report: GroupReport,
        parts: Parts,
        pictures: Pictures,
        language: str,
    ) -> None:
        self.stream, self.document, self.report = stream, stream.document, report
        self.parts, self.pictures, self.language = parts, pictures, language
        self.numbers = {"caption_table": 0, "caption_picture": 0}

    def cover(self) -> None:
        for _ in range(6):
            self.document.add_paragraph()
        heading = self.document.add_paragraph(clean(title(self.report, self.language)), TITLE_STYLE)
        heading.paragraph_format.space_after = Pt(18)
        for text in (subtitle(self.report.table), *self.report.table.remarks):
            self.document.add_paragraph(clean(text)).alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.document.add_paragraph()
        for text in opening(self.report, self.language):
            self.document.add_paragraph(clean(text))
        for number, note in enumerate(notes(self.report, self.language), start=1):
            small(self.document.add_paragraph(clean(f"{number}. {note}")))
        self.document.add_page_break()

    def contents(self) -> None:
        """A line with the page of each chapter; see report_contents on why it is no TOC field."""
        self.document.add_paragraph(word("contents", self.language), TITLE_STYLE)
        names = [word("overall", self.language), *self._group_names()]
        for place, name in enumerate(names):
            bookmark = f"group{place}" if place else OVERALL
            contents_line(self.document, clean(name), bookmark, width_cm=TEXT_CM)
        self.document.add_page_break()
        self.stream.flush()

    def overall(self) -> None:
        report, language = self.report, self.language
        self._heading(word("overall", language), OVERALL)
        self._group_text(report.everybody, [s.everybody for s in report.scores])
        if "scores" in self.parts or "comparison" in self.parts:
            self._compared()
        if PICTURES in self.parts:
            self._all_pictures()
        if "cross" in self.parts:
            self._cross()
        if "tables" in self.parts:
            self.document.add_heading(word("overall_table", language), 2)
            self._table(report.everybody)
        self.stream.flush()

    def chapter(self, place: int, group: Group) -> None:
        self.document.add_page_break()
        self._heading(group_name(group, self.language), f"group{place + 1}")
        self._group_text(group, [s.groups[place] for s in self.report.scores])
        if group.n:
            if PICTURES in self.parts:
                self._draw(self.pictures(place))
            if "tables" in self.parts:
                self._table(group)
        self.stream.flush()

    def _group_names(self) -> list[str]:
        return [group_name(group, self.language) for group in self.report.groups]

    def _heading(self, text: str, bookmark: str) -> None:
        heading = self.document.add_heading(clean(text), 1)
        number = bookmark.removeprefix("group")
        start = element("w:bookmarkStart", id=number, name=bookmark)
        heading._p.insert(1, start)
        heading._p.append(element("w:bookmarkEnd", id=number))

    def _group_text(self, group: Group, scores: Sequence[GroupScore]) -> None:
        self._say(caution(self.report, group, self.language))
        for question, of in zip(self.report.scores, scores, strict=True):
            self._say(score_sentence(question, of, self.language))

    def _compared(self) -> None:
        self.document.add_heading(word("overall_compared", self.language), 2)
        for question in self.report.scores:
            details = {"code": question.plan.question, "text": question.text}
            self._caption("caption_table", word("scores_of", self.language, **details))
            self.stream.add_rows(*score_rows(self.report, question, self.language))
            self._say(order_sentence(question, self.language))

    def _cross(self) -> None:
        by = by_name(self.report, self.language)
        self.document.add_heading(word("overall_cross", self.language, by=by), 2)
        for place, question in enumerate(self.report.everybody.questions):
            if not question.rows:
                continue
            details = {"code": question.code, "text": question.text}
            self._caption("caption_table", word("cross_of", self.language, **details))
            options = "  ".join(row.label for row in question.rows)
            small(self._say(word("options_line", self.language, options=options), keep=True))
            for part, rows in enumerate(cross_rows(self.report, place, self.language)):
                if part:
                    self._gap()
                many = len(rows[0]) - 2 > MANY_OPTIONS
                self.stream.add_rows(*rows, points=SMALL_POINTS if many else None)
            test = self.report.tests.get(question.code)
            if test is not None:
                small(self._say(test_sentence(test, by, self.language)))
        if small_groups(self.report):
            small(self._say(word("star_note", self.language, least=SMALL_GROUP)))

    def _gap(self) -> None:
        """Between two tables that belong together."""
        between = self.document.add_paragraph().paragraph_format
        between.space_after, between.keep_with_next = Pt(0), True

    def _all_pictures(self) -> None:
        drawn = self.pictures(None)
        if not drawn:
            return
        self.document.add_heading(word("overall_pictures", self.language), 2)
        self._draw(drawn)
        told = few_pictures(self.report, self.language)
        if told:
            small(self._say(told))

    def _draw(self, pictures: Sequence[Painted]) -> None:
        for picture in pictures:
            put_picture(self.document, picture.chart, png=picture.png)
            self._caption("caption_picture", picture.chart.title, keep=False)
            self.document.paragraphs[-1].paragraph_format.space_after = Pt(10)

    def _table(self, group: Group) -> None:
        label = group_name(group, self.language)
        self._caption("caption_table", word("summary_of", self.language, label=label))
        group_table(self.document, group, self.language)

    def _caption(self, kind: str, text: str, *, keep: bool = True) -> None:
        self.numbers[kind] += 1
        told = word(kind, self.language, number=self.numbers[kind], title=text)
        paragraph = self.document.add_paragraph(clean(told), CAPTION)
        paragraph.paragraph_format.keep_with_next = keep

    def _say(self, text: str, *, keep: bool = False) -> Any:
        paragraph = self.document.add_paragraph(clean(text))
        paragraph.paragraph_format.keep_with_next = keep
        paragraph.paragraph_format.space_before = Pt(3)
        return paragraph
