"""Pages of statistics: what a careful statistician computes from the counted responses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app
from flask_babel import lazy_gettext as _l

pages = Blueprint("statistics", __name__, url_prefix="/projects/<slug>/statistics")

SECTIONS = (
    ("statistics.satisfaction", _l("满意度比较")),
    ("statistics.estimates", _l("总体估计")),
    ("statistics.crosstab", _l("交叉分析")),
    ("statistics.scales", _l("信度效度")),
    ("statistics.weighting", _l("抽样与加权")),
    ("statistics.planning", _l("样本量")),
    ("statistics.quality", _l("数据质量")),
    ("statistics.group_reports", _l("分组报告")),
)
"""Endpoint and name of each tab, in the order in which they stand on the page."""


@pages.app_context_processor
def _sections() -> dict[str, Any]:
    shown = [(end, name) for end, name in SECTIONS if end in current_app.view_functions]
    return {"statistics_sections": shown}
