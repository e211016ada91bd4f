"""What a questionnaire is: frozen values for Questionnaire, Question and Option.

Only the shape of each single value is stated here (pydantic refuses a wrong type, an unknown
field, a malformed code). What must hold between questions is checked in `surveys.load`, so that
all faults of a file can be reported at once.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from surveys.conditions import Bound, Condition

Code = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z][A-Za-z0-9]{0,31}$")]
OptionCode = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9]{1,16}$")]
Slug = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64)]
Words = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=1000)
]


class Audience(StrEnum):
    """Who is interviewed. An empty audience in a file means unknown and is `None` in code."""

    RECIPIENT = "recipient"
    NON_RECIPIENT = "non_recipient"
    CADRE = "cadre"


class Kind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TEXT = "text"


class Meaning(StrEnum):
    """What an option stands for when it is not a substantive answer."""

    REFUSED = "refused"
    DONT_KNOW = "dont_know"


CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE})
NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL})


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Frozen):
    """One answer to choose. `printed` is text of the paper form that has no effect here."""

    code: OptionCode
    text: Words
    printed: str = ""
    note: bool = False
    """Choosing it requires a written note, kept under `<question>_<option>_note`."""
    exclusive: bool = False
    """Cannot be ticked together with others. 拒答 and 不清楚 always are: see `stands_alone`."""
    meaning: Meaning | None = None

    @property
    def stands_alone(self) -> bool:
        return self.exclusive or self.meaning is not None


class Question(Frozen):
    """One question. Numbers, dates and texts may declare 拒答 and 不清楚 as options too."""

    code: Code
    text: Words
    kind: Kind
    options: tuple[Option, ...] = ()
    required: bool = True
    hint: str = ""
    printed: str = ""
    audiences: tuple[Audience, ...] = ()
    """Who is asked; empty means everybody whom the questionnaire is for."""
    asked_if: Condition | None = None
    at_most: int | None = Field(default=None, ge=1)
    minimum: Bound | None = None
    """Lowest allowed number, or first allowed day as an ISO date."""
    maximum: Bound | None = None
    places: int = Field(default=2, ge=0, le=6)
    """Digits after the point that a decimal keeps."""
    max_length: int = Field(default=500, ge=1, le=5000)
    unit: str = ""
    satisfaction: bool = False
    """Asks how satisfied people are: gets a scoring plan as soon as it is published."""
    worst_first: bool = False
    """The options run from the least to the most favourable one, as 1 非常不同意 … 5 非常同意;
    without it the first is the most favourable. Of a single choice or a scale."""

    @property
    def is_choice(self) -> bool:
        return self.kind in CHOICES

    @cached_property
    def position(self) -> dict[str, int]:
        """Option code -> its place, counted from 0."""
        return {option.code: place for place, option in enumerate(self.options)}

    @cached_property
    def noted(self) -> tuple[Option, ...]:
        """The options that require a note."""
        return tuple(option for option in self.options if option.note)

    @cached_property
    def levels(self) -> tuple[Option, ...]:
        """The substantive options (all but 不清楚 and 拒答), from the most favourable one on if
        they are in order."""
        found = tuple(option for option in self.options if option.meaning is None)
        return found[::-1] if self.worst_first else found

    def option(self, code: str) -> Option:
        return self.options[self.position[code]]

    def is_for(self, audience: Audience | None) -> bool:
        """An unknown audience is asked every question."""
        return audience is None or not self.audiences or audience in self.audiences


class Contradiction(Frozen):
    """Answers that cannot all be true together; such a response is shown for a person to check.

    It is no complaint: the answers are kept, counted and never refused because of it.
    """

    code: Code | None = None
    when: Condition
    message: Words
    """What does not go together, for a reader."""
    message_en: str = Field(default="", max_length=1000)

    def text(self, language: str = "zh") -> str:
        return self.message if language.startswith("zh") else self.message_en or self.message


class Consent(Frozen):
    """The notice read out before the interview; each response stores its version."""

    version: Annotated[str, Field(strict=True, min_length=1, max_length=32)]
    text: Annotated[str, Field(strict=True, min_length=1, max_length=5000)]


class Questionnaire(Frozen):
    """A questionnaire, immutable once published."""

    slug: Slug
    version: int = Field(strict=True, ge=1)
    title: Words
    audiences: tuple[Audience, ...] = Field(min_length=1)
    language: Literal["zh", "en"] = "zh"
    consent: Consent
    questions: tuple[Question, ...] = Field(min_length=1)
    contradictions: tuple[Contradiction, ...] = Field(default=(), max_length=100)

    @property
    def reference(self) -> str:
        """`slug@version`, the name that people and commands use."""
        return f"{self.slug}@{self.version}"

    @cached_property
    def by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    @cached_property
    def notes(self) -> dict[str, tuple[Question, Option]]:
        """Key of each required note (`q04_E_note`) -> its question and option."""
        return {
            note_key(question, option): (question, option)
            for question in self.questions
            for option in question.options
            if option.note
        }

    @cached_property
    def answer_keys(self) -> tuple[str, ...]:
        """Every key of its answers in reading order, each note after its question."""
        return tuple(
            key
            for question in self.questions
            for key in (question.code, *(note_key(question, option) for option in question.noted))
        )


def note_key(question: Question, option: Option) -> str:
    return f"{question.code}_{option.code}_note"
