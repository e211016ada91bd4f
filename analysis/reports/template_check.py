"""The check of a template that evaluators edited: what keeps it from being used, what it lacks."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from analysis.reports.template_parts import Line, filled_lines, filled_sources, unfilled_texts
from analysis.reports.template_tags import STANDARD, TABLES, TAGS

LARGEST_TEMPLATE = 10_000_000
LARGEST_UNPACKED = 60_000_000
TAG_BEGINS = re.compile(r"\{[{%#]")
TAG = re.compile(r"(?<!\{)\{\{\s*(\w+)\s*\}\}")
"""Not within a third brace, with which jinja begins something else."""
OTHER_TAG = re.compile(r"(?<!\{)\{\{[^{}]*\}\}|\{%.*?%\}")
PRINTED = re.compile(r"\{\{.*?\}\}")
COMMENT = re.compile(r"\{#.*?#\}")
STRAY = re.compile(r"[{｛]{2}|[}｝]{2}|\{[%#]")
"""Half of a tag, or one in full-width braces: it would be printed as it is."""
RESERVED = re.compile(r"[⟦⟧]")
SHOWN_BEFORE, SHOWN_AFTER = 10, 30
LONGEST_VALUE = 60


@dataclass(frozen=True)
class TemplateFault:
    """One thing that is wrong with a template.

    `place` is a key of PLACES, `seen` what stands there, so that it can be found in Word.
    """

    code: str
    value: str = ""
    place: str = "body"
    seen: str = ""

    def text(self, language: str = "zh") -> str:
        column = 0 if language.startswith("zh") else 1
        place = PLACES[self.place][column]
        return FAULTS[self.code][column].format(value=self.value, place=place, seen=self.seen)


PLACES: Mapping[str, tuple[str, str]] = {
    "body": ("正文", "in the text"),
    "table": ("表格", "in a table"),
    "box": ("文本框", "in a text box"),
    "control": ("内容控件", "in a content control"),
    "header": ("页眉", "in a header"),
    "footer": ("页脚", "in a footer"),
}
FAULTS: Mapping[str, tuple[str, str]] = {
    "not_docx": (
        "不是 Word 文件（.docx）。请用 Word 另存为 .docx 后再上传",
        "This is no Word file (.docx). Save it as .docx with Word, then upload it",
    ),
    "too_large": ("模板过大（上限 10 MB）", "The template is too large (10 MB at most)"),
    "no_tag": (
        "模板里没有标签，报告的内容无处可填。请下载标准模板，在 Word 里修改并保留标签；"
        "或者在要填的地方写上 {{{{ title }}}} 这样的标签",
        "The template has no tag, so nothing of the report can be put in. Download the standard "
        "template, edit it in Word and keep its tags; or write tags like {{{{ title }}}} where "
        "something is to be filled in",
    ),
    "unknown_tag": (
        "没有标签 {{{{ {value} }}}}，请对照标签表改正",
        "There is no tag {{{{ {value} }}}}; see the list of tags",
    ),
    "not_a_tag": (
        "只能用 {{{{ 标签 }}}} 的形式，不能用“{value}”",
        "Only {{{{ tag }}}} can be used, not “{value}”",
    ),
    "broken_tag": (
        "标签没有写完整（{place}）：“{value}”。标签前后各要两个半角花括号，写在同一段里，"
        "如 {{{{ title }}}}",
        "A tag is not complete ({place}): “{value}”. A tag has two ordinary braces on either "
        "side and stands in one paragraph, like {{{{ title }}}}",
    ),
    "table_not_alone": (
        "标签 {{{{ {value} }}}} 填入的是表、图或目录，必须在正文里独占一段"
        "（现在：{place}中的“{seen}”）。请在 Word 里为它另起一段："
        "同一段不要有其他文字、图片或没有接受的修订，也不要放在表格、文本框、内容控件、页眉或页脚里",
        "Tables, pictures or contents take the place of {{{{ {value} }}}}; it must have a "
        "paragraph of the text to itself (now {place}: “{seen}”). Give it one in Word: "
        "without other words, pictures or tracked changes, and not in a table, text box, "
        "content control, header or footer",
    ),
    "table_twice": (
        "标签 {{{{ {value} }}}} 填入的是表、图或目录，只能用一次，请删去多余的",
        "Tables, pictures or contents take the place of {{{{ {value} }}}}; it can be used once "
        "only. Delete the others",
    ),
    "tag_deleted": (
        "有标签在修订中删去但没有接受（{place}）：“{value}”。请在 Word 里接受或拒绝全部修订",
        "A tag is deleted in tracked changes that nobody accepted ({place}): “{value}”. Accept or "
        "reject all changes in Word",
    ),
    "reserved": (
        "模板里不能用 ⟦ 和 ⟧，系统用它们作标记，请改用 [ ] 或【 】（{place}）：“{value}”",
        "⟦ and ⟧ cannot be used in a template: the program marks things with them. Write [ ] "
        "({place}): “{value}”",
    ),
    "tag_in_note": (
        "脚注和尾注里的标签不会填写，请移到正文、页眉或页脚：{value}",
        "Tags in footnotes and endnotes are not filled; move it to the text, a header or a "
        "footer: {value}",
    ),
    "tag_in_property": (
        "文档属性（标题、作者、备注等）里的标签不会填写，请在 Word 的“文件”→“信息”里删去：{value}",
        "Tags in the document's properties (title, author, comments …) are not filled; delete it "
        "in Word under File, Info: {value}",
    ),
    "mark_left": (
        "报告没有做成：{place}里留有没有填好的标记“{value}”。请检查模板中的这一处，或改用标准模板",
        "The report was not made: a mark is left {place}, “{value}”. Look at this place of the "
        "template, or use the standard one",
    ),
}


MISSING = (
    "模板中没有这些标准标签，报告里就没有相应的内容：{tags}。如需要，请对照标准模板补上",
    "The template lacks these standard tags, so the report is without what they stand for: {tags}. "
    "Take them from the standard template if they are needed",
)
NO_ANNEX = (
    "。没有 {{ evidence_table }}（计算依据附件），数字后面也就不印依据编号 [1]、[2]……",
    ". Without {{ evidence_table }}, the annex of evidence, the numbers carry no marks [1], [2] …",
)
"""Marks without the annex would lead nowhere."""


def template_faults(content: bytes) -> tuple[TemplateFault, ...]:
    """Everything that keeps this .docx from being a template; empty if it may be used."""
    if len(content) > LARGEST_TEMPLATE:
        return (TemplateFault("too_large"),)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            return (TemplateFault("too_large"),)
        sources, lines = list(filled_sources(content)), _lines(content)
        unfilled = list(unfilled_texts(content))
    except Exception:  # zipfile, lxml and python-docx each have errors of their own
        return (TemplateFault("not_docx"),)
    found = [fault for line in lines for fault in _faults_of_line(line)]
    found += _repeated(lines)
    told = {fault.code for fault in found} | ({"broken_tag"} if found else set())
    # jinja knows no places, and is put off by what is told already.
    found += [fault for part in sources for fault in _faults_of(part) if fault.code not in told]
    found += [
        TemplateFault(f"tag_in_{place}", text[tag.start() :][:40])
        for place, text in unfilled
        if (tag := TAG_BEGINS.search(text))
    ]
    if not found and not _tags(lines):
        found.append(TemplateFault("no_tag"))
    return tuple(dict.fromkeys(found))


def missing_tags(content: bytes) -> tuple[str, ...]:
    """Tags of the standard template that this one, which has no fault, does without."""
    used = set(_tags(_lines(content)))
    return tuple(tag for tag in STANDARD if tag not in used)


def missing_text(tags: Iterable[str], language: str = "zh") -> str:
    column, tags = 0 if language.startswith("zh") else 1, tuple(tags)
    shown = "、".join(f"{{{{ {tag} }}}}" for tag in tags)
    told = MISSING[column].format(tags=shown)
    return told + NO_ANNEX[column] if "evidence_table" in tags else told


def environment() -> SandboxedEnvironment:
    """For texts that others wrote: nothing but names can be reached."""
    return SandboxedEnvironment(autoescape=True)


def around(text: str, at: int) -> str:
    """What stands there, with a little before it, so that it can be found in Word."""
    start = max(0, at - SHOWN_BEFORE)
    return text[start : at + SHOWN_AFTER].strip()


def _lines(content: bytes) -> list[Line]:
    """Without jinja's comments, of which nothing is printed."""
    lines = filled_lines(content)
    return [replace(line, text=COMMENT.sub("", line.text)) for line in lines]


def _tags(lines: Iterable[Line]) -> list[str]:
    return [tag for line in lines for tag in TAG.findall(line.text)]


def _faults_of_line(line: Line) -> Iterator[TemplateFault]:
    text = line.text
    for tag in TAG.findall(text):
        if tag in TABLES and not (line.is_whole and TAG.fullmatch(text.strip())):
            yield TemplateFault("table_not_alone", tag, line.place, text.strip()[:LONGEST_VALUE])
    others = TAG.sub(_blank, text)
    for other in OTHER_TAG.findall(others):
        yield TemplateFault("not_a_tag", other[:LONGEST_VALUE], line.place)
    if stray := STRAY.search(OTHER_TAG.sub(_blank, others)):
        yield TemplateFault("broken_tag", around(text, stray.start()), line.place)
    if reserved := RESERVED.search(text):
        yield TemplateFault("reserved", around(text, reserved.start()), line.place)
    if TAG_BEGINS.search(line.deleted):
        yield TemplateFault("tag_deleted", line.deleted[:LONGEST_VALUE], line.place)


def _blank(found: re.Match[str]) -> str:
    """As long as the tag, so that places stay."""
    return " " * len(found.group())


def _repeated(lines: Iterable[Line]) -> Iterator[TemplateFault]:
    for tag, times in Counter(_tags(line for line in lines if line.is_whole)).items():
        if tag in TABLES and times > 1:
            yield TemplateFault("table_twice", tag)


def _faults_of(source: str) -> Iterator[TemplateFault]:
    try:
        tree = environment().parse(source)
    except TemplateSyntaxError:  # whose own words are for programmers, and English
        yield TemplateFault("broken_tag", _unreadable(source)[:LONGEST_VALUE])
        return
    for node in tree.body:
        if not isinstance(node, nodes.Output):
            yield TemplateFault("not_a_tag", type(node).__name__)
            continue
        for inner in node.nodes:
            yield from _faults_of_tag(inner)


def _unreadable(source: str) -> str:
    """The first tag that jinja cannot read, as it stands in the template."""
    for tag in PRINTED.findall(source):
        try:
            environment().parse(tag)
        except TemplateSyntaxError:
            return str(tag)
    return "{{ }}"


def _faults_of_tag(node: Any) -> Iterator[TemplateFault]:
    if isinstance(node, nodes.TemplateData):
        return
    if not isinstance(node, nodes.Name):
        yield TemplateFault("not_a_tag", type(node).__name__)
    elif node.name not in TAGS:
        yield TemplateFault("unknown_tag", node.name[:40])
