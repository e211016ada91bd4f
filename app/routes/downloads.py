"""Sending a file: whole, under a name that says what it is, marked when it is simulated."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from flask import Response, send_file
from flask_babel import gettext as _

from analysis.reports.grid_files import GRID_FORMATS
from analysis.reports.grids import GridReport
from app.request import language, now
from app.services.reports import CHINA

NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
LONGEST_PART = 40


def send_whole(content: bytes | IO[bytes], media_type: str, name: str) -> Response:
    """`content` is finished before the first byte leaves: half a file never looks like one."""
    handle = BytesIO(content) if isinstance(content, bytes) else content
    response = send_file(handle, media_type, as_attachment=True, download_name=name, max_age=0)
    response.content_type = media_type  # send_file adds a second charset to that of a text
    return response


def send_grids(project: Any, report: GridReport, extension: str) -> Response:
    """The report as a file, marked where it is simulated, with what the project says of its data.

    `extension` is one of GRID_FORMATS.
    """
    marked = replace(report, simulated=project.practice, remarks=project.remarks)
    chosen = GRID_FORMATS[extension]
    name = file_name(project, now(), extension, report.title)
    return send_whole(chosen.render(marked, language()), chosen.media_type, name)


def file_name(project: Any, now: datetime, extension: str, *parts: str) -> str:
    """`模拟数据_练习_调查问卷汇总表_dibao-residents@2_2026-11-21.xlsx`; the day is China's."""
    mark = [_("模拟数据")] if project.practice else []
    day = now.astimezone(CHINA).date().isoformat()
    named = [NOT_IN_FILE_NAMES.sub(" ", part)[:LONGEST_PART].strip() for part in parts]
    title = NOT_IN_FILE_NAMES.sub(" ", project.name)[:LONGEST_PART].strip()
    return "_".join([*mark, title, *filter(None, named), day]) + f".{extension}"
