"""The computed numbers of a finished report that no footnote mark stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from docx.oxml.ns import qn

NOT_COMPUTED = re.compile(
    "|".join(
        (
            r"“[^”]*”",  # titles and questions
            r"\d{4}(-\d{4})? ?年(\d+月(\d+日)?)?",
            r"〔\d+〕\d+号",
            r"SHA-256|[0-9a-f]{64}",
            r"（[^（）]*\.yaml[^（）]*）",
            r"附件\d|图\d+-\d+|第\d+(题|号数据集|版)|第\d+(、\d+)+题",
            r"(一级指标|末级指标|含|有)\d+(个|项)",  # of what is listed right there
            r"(分值|满分)[\d.]+分|（[\d.]+分）|[\d.]+分以上",
            r"权重[\d.]+",
            r"[a-z-]+/q\d+",
            r"95%区间|超过100%",
        )
    )
)
"""Names and codes, dates, numbering, points of the framework, stated weights, the level of an
interval."""
NAMES = {"指标", "子项目", "题目", "项目／来源", "序号", "问题", "题型", "选项"}
LEVELS = {f"{level}级指标" for level in "一二三四"}
GIVEN = NAMES | LEVELS | {"分值", "权重", "各选项 pᵢ", "方案"}
"""Columns of what is given, by the framework, the weights or the scoring plan."""
WORKINGS = {"评分过程", "说明", "失分理由"}
"""Columns that say how the marked score of the same row was got."""
HEADINGS, CAPTION, ANNEX = ("Heading", "toc"), "报告表题", "附件3　数据来源"
MARK, EVIDENCE = "⟦{}⟧", "evidence_"


def unmarked_numbers(document: Any, *written: str) -> list[str]:
    """Every computed number outside the annex of evidence without a mark, with its sentence or row.

    `written`: texts that people wrote. A mark stands for what precedes it in its sentence; in a
    table for its cell, behind the name of a row for the row, in a heading for the column, in the
    caption for the table.
    """
    found: list[str] = []
    captions: list[str] = []
    for block, style in blocks(document):
        if block.tag == qn("w:tbl"):
            if not any(map(_is_marked, captions)):
                found += _of_table(block)
            captions = []
            continue
        text = _text(block)
        captions = [*captions, text] if style == CAPTION else []
        if not style.startswith(HEADINGS) and _plain(text) not in written:
            found += _of_paragraph(text)
    return found


def marks_and_targets(document: Any) -> tuple[set[str], set[str]]:
    """Where the marks lead, and what there is to lead to."""
    body = document.element.body
    links = filter(leads_to_evidence, body.iter(qn("w:hyperlink")))
    places = {place.get(qn("w:name")) for place in body.iter(qn("w:bookmarkStart"))}
    evidence = {place for place in places if place.startswith(EVIDENCE)}
    return {link.get(qn("w:anchor")) for link in links}, evidence


def leads_to_evidence(link: Any) -> bool:
    return str(link.get(qn("w:anchor"))).startswith(EVIDENCE)


def blocks(document: Any) -> Iterator[tuple[Any, str]]:
    """Paragraphs and tables before the annex of evidence, with the style of a paragraph."""
    names = {style.style_id: style.name for style in document.styles}
    for block in document.element.body:
        if block.tag == qn("w:tbl"):
            yield block, ""
        elif block.tag == qn("w:p"):
            style = names.get(block.style, "")
            if style.startswith("Heading") and _text(block) == ANNEX:
                return
            yield block, style


def _text(block: Any) -> str:
    """With ⟦n⟧ for each mark."""
    pieces = []
    for piece in block.iter(qn("w:t")):
        link = next(piece.iterancestors(qn("w:hyperlink")), None)
        is_mark = link is not None and leads_to_evidence(link)
        pieces.append(MARK.format(piece.text) if is_mark else piece.text or "")
    return "".join(pieces)


def _of_paragraph(text: str) -> Iterator[str]:
    for sentence in re.split("。", text):
        behind = re.split("⟦[^⟧]*⟧", sentence)[-1]
        if _has_number(behind):
            yield sentence


def _of_table(table: Any) -> Iterator[str]:
    heading, *rows = [
        [_text(cell) for cell in row.iter(qn("w:tc"))] for row in table.iter(qn("w:tr"))
    ]
    for row in rows:
        if _is_marked(row[0]):
            continue
        # A merged name takes the place of several: numbers are told from the right.
        columns = zip_longest(reversed(heading), reversed(row), fillvalue="")
        for column, cell in columns:
            if not _is_told(column, cell, row):
                yield f"{_plain(column)}：{' | '.join(row)}"


def _is_told(column: str, cell: str, row: list[str]) -> bool:
    if _plain(column) in WORKINGS:
        return any(map(_is_marked, row)) or not _has_number(cell)
    is_given = not column or _plain(column) in GIVEN
    return is_given or _is_marked(column) or _is_marked(cell) or not _has_number(cell)


def _has_number(text: str) -> bool:
    return bool(re.search(r"\d", NOT_COMPUTED.sub("", text)))


def _is_marked(text: str) -> bool:
    return "⟦" in text


def _plain(text: str) -> str:
    return re.sub("⟦[^⟧]*⟧", "", text)
