"""A WTForms form made from a questionnaire; what is right is decided by surveys.answers alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from wtforms.fields import Field
from wtforms.form import BaseForm

from surveys.answers import Checked, Complaint, check, finalise
from surveys.canonical import is_empty
from surveys.definition import Audience, Kind, Option, Question, Questionnaire, note_key


class AnswerField(Field):
    """The answer to one question as it came: None, a text, or a list of texts.

    Several values where one is wanted stay a list, which the checker then complains about.
    """

    look: ClassVar[str] = "choice"
    """Which macro of `collect/fields.html` draws it."""

    def __init__(self, question: Question, number: int, **options: Any) -> None:
        super().__init__(**options)
        self.question, self.number = question, number
        self.note_fields: dict[str, NoteField] = {}

    def process_formdata(self, valuelist: list[str]) -> None:
        given = [value for value in valuelist if not is_empty(value)]
        self.data = given[0] if len(given) == 1 else given or None

    @property
    def values(self) -> list[str]:
        given = self.data if isinstance(self.data, list | tuple) else [self.data]
        return [str(value) for value in given if value is not None]

    @property
    def typed(self) -> str:
        """What is not one of the options; this is what an input for a number shows again."""
        return " ".join(value for value in self.values if value not in self.question.position)

    def chosen(self, option: Option) -> bool:
        return option.code in self.values

    @property
    def limit_to_say(self) -> int | None:
        """Of a multiple choice with "at most k", unless its own hint says so."""
        return None if "最多" in self.question.hint else self.question.at_most

    @property
    def anchor(self) -> str:
        return f"question-{self.question.code}"


class SeveralField(AnswerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [value for value in valuelist if not is_empty(value)] or None


class NumberField(AnswerField):
    look = "number"


class DateField(AnswerField):
    look = "date"


class TextField(AnswerField):
    look = "text"


class NoteField(AnswerField):
    """The note that an option requires."""

    look = "note"

    def __init__(self, question: Question, option: Option, **options: Any) -> None:
        super().__init__(question, 0, **options)
        self.option = option

    @property
    def typed(self) -> str:
        return " ".join(self.values)

    @property
    def anchor(self) -> str:
        return f"note-{self.name}"


FIELDS: dict[Kind, type[AnswerField]] = {
    Kind.SINGLE: AnswerField,
    Kind.SCALE: AnswerField,
    Kind.MULTIPLE: SeveralField,
    Kind.INTEGER: NumberField,
    Kind.DECIMAL: NumberField,
    Kind.DATE: DateField,
    Kind.TEXT: TextField,
}


@dataclass(frozen=True)
class Fault:
    """One complaint as the summary at the top of a page shows it; `number` 0 is of no question."""

    number: int
    anchor: str
    text: str


class AnswerForm(BaseForm):
    """One response in a form; use the class that `form_class` makes for a questionnaire.

    It is a BaseForm, whose fields are no attributes: a question may well have the code `data`.
    """

    questionnaire: ClassVar[Questionnaire]
    audience: ClassVar[Audience | None]

    def __init__(self, formdata: Any = None, answers: Mapping[str, Any] | None = None) -> None:
        """From what a page sent (a MultiDict), else from answers as they are stored."""
        super().__init__(dict(_unbound_fields(self.questionnaire, self.audience)))
        self.faults: list[Fault] = []
        self.process(formdata, data=answers)
        for field in self.all_fields():
            if isinstance(field, NoteField):
                self.field(field.question.code).note_fields[field.option.code] = field

    def questions(self) -> list[AnswerField]:
        """The fields of the questions for this audience, in order, without those of notes."""
        return [field for field in self.all_fields() if not isinstance(field, NoteField)]

    def all_fields(self) -> list[AnswerField]:
        return [field for field in self if isinstance(field, AnswerField)]

    def field(self, key: str) -> AnswerField:
        """By question code or note key. Raises KeyError."""
        return cast(AnswerField, self[key])

    def check(self) -> Checked:
        """The one checker's verdict, after dropping what is hidden by now."""
        return check(self.questionnaire, self.final_answers(), self.audience)

    def final_answers(self) -> dict[str, Any]:
        return finalise(self.questionnaire, raw_answers(self), self.audience)

    def complain(self, complaints: Iterable[Complaint], language: str) -> None:
        """Put each complaint beside its field and into the summary, in the form's order."""
        for complaint in complaints:
            text = complaint.text(language)
            self.faults.append(self._fault(complaint.key, text))

    def _fault(self, key: str, text: str) -> Fault:
        if key not in self:
            self.form_errors = [*self.form_errors, text]
            return Fault(0, "questions", text)
        field = self.field(key)
        field.errors = [*field.errors, text]
        return Fault(self.field(field.question.code).number, field.anchor, text)


def form_class(questionnaire: Questionnaire, audience: Audience | None = None) -> type[AnswerForm]:
    """The form of this questionnaire with the questions for this audience (None: all)."""
    content = {"questionnaire": questionnaire, "audience": audience}
    return type("QuestionnaireForm", (AnswerForm,), content)


def raw_answers(form: AnswerForm) -> dict[str, Any]:
    """What `surveys.answers.check` wants: option codes, lists and texts by key, blanks left out."""
    return {f.name: f.data for f in form.all_fields() if not is_empty(f.data)}


def _unbound_fields(
    questionnaire: Questionnaire, audience: Audience | None
) -> Iterator[tuple[str, Any]]:
    for number, question in enumerate(questionnaire.questions, start=1):
        if not question.is_for(audience):
            continue
        yield question.code, FIELDS[question.kind](question, number, label=question.text)
        for option in question.noted:
            key = note_key(question, option)
            yield key, NoteField(question, option, label=option.text)
