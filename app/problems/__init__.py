"""Every failure that a user can see: a stable code with the HTTP status in it, zh and en text.

Each text says what is wrong and what to do next. docs/problems.md lists them (kept by a test).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from app.problems.reasons import REASONS
from app.problems.texts import PROBLEMS


class Said(Protocol):
    """A sentence that knows both languages, such as a fault of a sheet, a plan or a definition."""

    def text(self, language: str = "zh") -> str: ...


Lines = Sequence[str | Said]
Told = str | Said
"""A plain str reads the same in both languages, such as a name that was given."""


class Problem(Exception):  # noqa: N818 - the word that RFC 9457 and our pages use
    """A failure to be shown; `code` is a key of PROBLEMS, `lines` are single faults (of a file).

    A line that is a plain str has been put into the reader's language already.
    """

    def __init__(self, code: str, lines: Lines = (), **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details
        self._lines = tuple(lines)

    @property
    def status(self) -> int:
        return int(self.code.partition(".")[0])

    def text(self, language: str = "zh") -> str:
        return _said(PROBLEMS[self.code], self.details, language)

    @property
    def lines(self) -> tuple[str, ...]:
        """In Chinese, for the command line and the log."""
        return self.lines_in("zh")

    def lines_in(self, language: str) -> tuple[str, ...]:
        return tuple(line if isinstance(line, str) else line.text(language) for line in self._lines)

    def as_data(self) -> dict[str, Any]:
        """The members of application/problem+json (RFC 9457)."""
        return {
            "type": "about:blank",
            "title": self.text("zh"),
            "title_en": self.text("en"),
            "status": self.status,
            "code": self.code,
            "lines": self.lines_in("zh"),
            "lines_en": self.lines_in("en"),
        }

    def __str__(self) -> str:
        return "\n".join((f"{self.code} {self.text()}", *self.lines))


class Reason:
    """One fault that the services find themselves; `key` is a key of REASONS."""

    def __init__(self, key: str, /, **details: Any) -> None:
        self.key, self.details = key, details

    def text(self, language: str = "zh") -> str:
        return _said(REASONS[self.key], self.details, language)


def _said(texts: tuple[str, str], details: dict[str, Any], language: str) -> str:
    own = {k: v.text(language) if hasattr(v, "text") else v for k, v in details.items()}
    return texts[0 if language.startswith("zh") else 1].format_map(own)


def bad_request(reason: Told) -> Problem:
    return Problem("400.1", reason=reason)


def empty_body() -> Problem:
    return Problem("400.2")


def cut_body(got: int, announced: int) -> Problem:
    return Problem("400.3", got=got, announced=announced)


def wrong_password() -> Problem:
    return Problem("401.1")


def login_needed() -> Problem:
    return Problem("401.2")


def wrong_token() -> Problem:
    return Problem("401.3")


def wrong_code() -> Problem:
    return Problem("401.4")


def not_allowed() -> Problem:
    return Problem("403.1")


def device_closed() -> Problem:
    return Problem("403.2")


def not_found() -> Problem:
    return Problem("404.1")


def no_such_questionnaire(name: str) -> Problem:
    return Problem("404.2", name=name)


def wrong_method() -> Problem:
    return Problem("405.1")


def questionnaire_exists(name: str) -> Problem:
    return Problem("409.1", name=name)


def slug_taken(slug: str) -> Problem:
    return Problem("409.2", slug=slug)


def username_taken(username: str) -> Problem:
    return Problem("409.3", username=username)


def frozen_damaged() -> Problem:
    return Problem("409.4")


def unfit_design(reason: Told) -> Problem:
    return Problem("409.5", reason=reason)


def job_expired(days: int) -> Problem:
    return Problem("410.1", days=days)


def too_large(limit_mb: int) -> Problem:
    return Problem("413.1", limit_mb=limit_mb)


def batch_too_large(most: int, limit_mb: int) -> Problem:
    return Problem("413.2", most=most, limit_mb=limit_mb)


def faulty_file(name: str, count: int, lines: Lines) -> Problem:
    return Problem("422.1", lines, name=name, count=count)


def faulty_values(lines: Lines) -> Problem:
    return Problem("422.2", lines)


def unauditable_file(name: str, count: int, lines: Lines) -> Problem:
    return Problem("422.12", lines, name=name, count=count)


def reason_needed() -> Problem:
    return Problem("422.3")


def weak_password(least: int) -> Problem:
    return Problem("422.4", least=least)


def unreadable(number: int, reason: Told) -> Problem:
    return Problem("422.5", number=number, reason=reason)


def wrong_response_id(number: int, reason: Told) -> Problem:
    return Problem("422.6", number=number, reason=reason)


def wrong_project(number: int, reason: Told) -> Problem:
    return Problem("422.7", number=number, reason=reason)


def not_published(number: int, reason: Told) -> Problem:
    return Problem("422.8", number=number, reason=reason)


def unreadable_report(reason: Told) -> Problem:
    return Problem("422.11", reason=reason)


def not_opened(number: int, reason: Told) -> Problem:
    return Problem("422.9", number=number, reason=reason)


def no_outbox_file(name: str, lines: Lines) -> Problem:
    return Problem("422.10", lines, name=name)


def too_many_logins(minutes: int) -> Problem:
    return Problem("429.1", minutes=minutes)


def too_many_jobs(most: int) -> Problem:
    return Problem("429.2", most=most)


def unexpected() -> Problem:
    return Problem("500.1")


def not_taken(number: int, reason: Told) -> Problem:
    return Problem("500.2", number=number, reason=reason)


def storage_full() -> Problem:
    return Problem("507.1")


def database_busy() -> Problem:
    return Problem("503.1")


def not_stored() -> Problem:
    return Problem("503.2")
