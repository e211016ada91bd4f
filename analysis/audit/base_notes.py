"""What the note on the base says: shares of people or of mentions, and who did not answer."""

from __future__ import annotations

import re

from analysis.audit.survey_model import Question, Survey

OF_MENTIONS = ("次", "mention")
OF_PEOPLE = ("人", "户", "超过100", "people", "respondent", "cases", "exceed")
OF_ANSWERS = re.compile("(?<!必)答|未填|缺失|answered|blank|missing|only")
OF_SOME = re.compile(r"[（(][^（()）]*(?<!必)(答|填写?|only)[）)]")
"""（低保户答） but not （必答）."""
OF_MULTIPLE = ("多选", "multiple")


def says_mentions(survey: Survey, question: Question) -> bool | None:
    """None if the note says neither or both, as 按人数计算，不按次数 does."""
    note = (question.base_note or survey.base_note).lower().replace("人次", "次")
    of_mentions, of_people = _has(note, OF_MENTIONS), _has(note, OF_PEOPLE)
    return None if of_mentions == of_people else of_mentions


def says_who_answered(survey: Survey, question: Question) -> bool:
    """Whether a lower base is explained: by who answers the question, or as those who did."""
    if OF_SOME.search(question.text.lower()) or OF_ANSWERS.search(question.base_note.lower()):
        return True
    note = survey.base_note.lower()
    is_spoken_of = question.kind == "multiple" or not _has(note, OF_MULTIPLE)
    return is_spoken_of and OF_ANSWERS.search(note) is not None


def _has(note: str, words: tuple[str, ...]) -> bool:
    return any(word in note for word in words)
