"""What a file that is made of results is: its extension, its type, and who draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Content = TypeVar("Content")


@dataclass(frozen=True)
class Format(Generic[Content]):
    """`render(content, language)` gives the whole file, texts in UTF-8 (`is_text`)."""

    extension: str
    media_type: str
    render: Callable[[Content, str], bytes]
    is_text: bool = False


def encoded(render: Callable[[Content, str], str]) -> Callable[[Content, str], bytes]:
    """A renderer of text as one of a file."""
    return lambda content, language: render(content, language).encode()


OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX, DOCX = f"{OFFICE}.spreadsheetml.sheet", f"{OFFICE}.wordprocessingml.document"
CSV, TEXT, JSON = "text/csv; charset=utf-8", "text/plain; charset=utf-8", "application/json"
