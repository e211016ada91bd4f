"""The kinds of cell of a described report: counts, printed numbers, percentages, ranges, labels."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator

from analysis.audit.intervals import Interval, read_interval
from analysis.printed import Printed, read_figure, read_number, read_percent
from surveys.definition import Words


def _whole(given: Any) -> Any:
    """A whole number or its digits; a bool or a float is left for pydantic to refuse."""
    digits = isinstance(given, str) and given.strip().isascii() and given.strip().isdecimal()
    return int(given) if digits and len(given) < 12 else given


def _label(given: Any) -> Any:
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


Count = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=0)]
Number = Annotated[Printed, PlainValidator(read_number)]
Percent = Annotated[Printed, PlainValidator(read_percent)]
AnyFigure = Annotated[Printed, PlainValidator(read_figure)]
Range = Annotated[Interval, PlainValidator(read_interval)]
Label = Annotated[Words, BeforeValidator(_label)]
Path = Annotated[tuple[Words, ...], Field(min_length=1)]
