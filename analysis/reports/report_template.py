"""The standard template of a report.

A template is an ordinary .docx; {{ tag }} stands where a text or a table goes. It is made here
rather than kept as a file, so that a change of it can be read; `template_check` looks at one that
evaluators edited.
"""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Cm, Pt, RGBColor

from analysis.reports.word_styles import add_style, page_numbers, set_font, set_up_styles

BODY, COVER, COVER_LINE, CONTENTS = "报告正文", "报告封面标题", "报告封面", "报告目录标题"
CAPTION, NOTE = "报告表题", "报告表注"
HEADING_FONT = "黑体"


def default_template() -> bytes:
    """The standard report: cover, five parts, three annexes; fonts as civil affairs use them."""
    document = docx.Document()
    set_up_styles(document)
    _set_up_report_styles(document)
    _page(document.sections[0])
    _cover(document)
    document.add_paragraph("目　录", CONTENTS)
    document.add_paragraph("{{ contents }}", BODY)
    document.add_page_break()
    _lines(document, PARTS)
    wide = document.add_section(WD_SECTION.NEW_PAGE)
    _turn(wide, landscape=True)
    _lines(document, (("h1", "附件1　指标体系评分表"), ("table", "scorecard_table")))
    upright = document.add_section(WD_SECTION.NEW_PAGE)
    _turn(upright, landscape=False)
    _lines(document, ANNEXES)
    document.core_properties.title = "绩效评价报告"
    document.core_properties.author = ""
    document.core_properties.comments = ""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


PARTS: tuple[tuple[str, str], ...] = (
    ("h1", "一、基本情况"),
    ("h2", "（一）项目背景"),
    ("body", "background"),
    ("h2", "（二）项目内容和绩效目标"),
    ("body", "goals"),
    ("h2", "（三）资金安排和使用"),
    ("body", "funds_text"),
    ("table", "funds_table"),
    ("h1", "二、评价工作"),
    ("h2", "（一）评价目的和依据"),
    ("body", "purpose"),
    ("h2", "（二）指标体系和等级标准"),
    ("body", "framework_text"),
    ("h2", "（三）评价过程"),
    ("body", "process"),
    ("h2", "（四）问卷调查"),
    ("body", "survey_text"),
    ("body", "remarks"),
    ("body", "dataset_text"),
    ("h1", "三、结论与分析"),
    ("h2", "（一）综合结论"),
    ("body", "conclusion"),
    ("table", "level_table"),
    ("body", "comparison_text"),
    ("h2", "（二）指标分析"),
    ("body", "levels_text"),
    ("body", "analysis"),
    ("h2", "（三）满意度分析"),
    ("body", "satisfaction_text"),
    ("table", "satisfaction_table"),
    ("table", "plan_table"),
    ("table", "charts"),
    ("h1", "四、存在的问题"),
    ("body", "problems"),
    ("table", "deductions_table"),
    ("h1", "五、有关建议"),
    ("body", "suggestions"),
)
ANNEXES: tuple[tuple[str, str], ...] = (
    ("h1", "附件2　调查问卷汇总表"),
    ("table", "summary_tables"),
    ("new page", "附件3　数据来源"),
    (
        "plain",
        "正文和附件中带方括号编号的数字由系统算出，各编号的算法和来源如下；编号标在表题、表头或行首的，"
        "适用于全表、该列或该行。",
    ),
    ("body", "dataset_text"),
    ("table", "evidence_table"),
)


def _lines(document: Any, lines: tuple[tuple[str, str], ...]) -> None:
    styles = {"h1": "Heading 1", "h2": "Heading 2", "new page": "Heading 1"}
    for kind, text in lines:
        if kind in styles:
            heading = document.add_paragraph(text, styles[kind])
            heading.paragraph_format.page_break_before = kind == "new page"
        else:
            shown = text if kind == "plain" else f"{{{{ {text} }}}}"
            document.add_paragraph(shown, BODY)


def _cover(document: Any) -> None:
    title = document.add_paragraph("{{ title }}", COVER)
    title.paragraph_format.space_before = Pt(150)
    title.paragraph_format.space_after = Pt(200)
    for label, tag in (("委托单位", "client"), ("项目单位", "unit"), ("评价机构", "organisation")):
        document.add_paragraph(f"{label}：{{{{ {tag} }}}}", COVER_LINE)
    date = document.add_paragraph("{{ report_date }}", COVER_LINE)
    date.paragraph_format.space_before = Pt(60)
    date.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    date.paragraph_format.left_indent = Cm(0)
    document.add_page_break()


def _set_up_report_styles(document: Any) -> None:
    add_style(document, BODY, "仿宋", 14)
    body = document.styles[BODY].paragraph_format
    body.first_line_indent = Pt(28)
    body.line_spacing_rule, body.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(26)
    body.space_before = body.space_after = Pt(0)
    body.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    add_style(document, COVER, "宋体", 26, bold=True, centred=True)
    document.styles[COVER].paragraph_format.line_spacing = 1.5
    add_style(document, CONTENTS, HEADING_FONT, 16, centred=True)
    document.styles[CONTENTS].paragraph_format.space_after = Pt(12)
    add_style(document, COVER_LINE, "仿宋", 16)
    document.styles[COVER_LINE].paragraph_format.left_indent = Cm(3)
    document.styles[COVER_LINE].paragraph_format.space_after = Pt(12)
    add_style(document, CAPTION, HEADING_FONT, 12, centred=True)
    caption = document.styles[CAPTION].paragraph_format
    caption.keep_with_next, caption.space_before, caption.space_after = True, Pt(10), Pt(4)
    add_style(document, NOTE, "宋体", 10.5)
    note = document.styles[NOTE].paragraph_format
    note.space_before, note.space_after = Pt(4), Pt(6)
    for name, size, font in (("Heading 1", 16, HEADING_FONT), ("Heading 2", 14, "楷体")):
        style = document.styles[name]
        set_font(style, font, size)
        style.font.bold = name == "Heading 2"
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before = Pt(14 if name == "Heading 1" else 8)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.keep_with_next = True


def _page(section: Any) -> None:
    """No number on the cover."""
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.6)
    section.different_first_page_header_footer = True
    page_numbers(section.footer.paragraphs[0], "zh")


def _turn(section: Any, *, landscape: bool) -> None:
    section.different_first_page_header_footer = False
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    long, short = Cm(29.7), Cm(21)
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.left_margin = section.right_margin = Cm(1.8)
