"""A questionnaire with a question of every kind; its codes are properties of forms in a browser."""

from __future__ import annotations

from surveys.definition import Questionnaire

REFUSED = {"code": "R", "text": "拒绝回答", "meaning": "refused"}
UNKNOWN = {"code": "U", "text": "不清楚", "meaning": "dont_know"}
APART = [REFUSED, UNKNOWN]
SEXES = [{"code": "A", "text": "男"}, {"code": "B", "text": "女"}]
STEPS = [{"code": str(step), "text": f"{step}分"} for step in range(1, 6)]
EVERY_KIND = Questionnaire.model_validate(
    {
        "slug": "every-kind",
        "version": 1,
        "title": "每种题型各一题",
        "audiences": ["recipient"],
        "consent": {"version": "1", "text": "同意吗？"},
        "questions": [
            {
                "code": "dataset",
                "text": "您的性别",
                "kind": "single",
                "required": False,
                "options": SEXES,
            },
            {"code": "elements", "text": "打几分", "kind": "scale", "options": [*STEPS, *APART]},
            {
                "code": "submit",
                "text": "您家有几口人",
                "kind": "integer",
                "unit": "人",
                "minimum": 1,
                "maximum": 30,
                "options": APART,
            },
            {"code": "querySelector", "text": "月收入", "kind": "decimal", "options": APART},
            {"code": "action", "text": "领取日期", "kind": "date", "options": APART},
            {
                "code": "addEventListener",
                "text": "有什么建议",
                "kind": "text",
                "asked_if": {"question": "submit", "more_than": 2},
            },
        ],
    }
)
