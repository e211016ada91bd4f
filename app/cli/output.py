"""Where a command's result goes: the terminal, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from analysis.reports.formats import Format
    from surveys.sheets import Sheet

T = TypeVar("T")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)
PERCENT = click.FloatRange(0, 100, min_open=True, max_open=True)
ROWS_WORTH_A_BAR = 20_000
FAULTS_SHOWN = 50


def format_option(formats: Mapping[str, Any]) -> Callable[[Any], Any]:
    """--format, whose value `by_extension` takes."""
    kinds = click.Choice(list(formats))
    return click.option("--format", "form", type=kinds, help="默认 text，或按 -o 的扩展名")


def by_extension(formats: Mapping[str, Format[T]], form: str | None, target: Path | None) -> str:
    """The format that was asked for, else the one that the file's name ends with, else text."""
    suffix = target.suffix.removeprefix(".").lower() if target else ""
    fitting = (name for name, one in formats.items() if one.extension == suffix)
    return form or next(fitting, "text")


def deliver_as(
    formats: Mapping[str, Format[T]], form: str | None, content: T, target: Path | None
) -> None:
    """The content in Chinese, in the format of `by_extension`."""
    chosen = formats[by_extension(formats, form, target)]
    deliver(chosen.render(content, "zh"), target, is_text=chosen.is_text)


def unusable(option: str, given: str, known: Iterable[str]) -> click.UsageError:
    """A value that the data have not, with those that they have."""
    return click.UsageError(f"{option} {given} 不可用，可选：{'、'.join(known)}")


def deliver(content: bytes, target: Path | None, *, is_text: bool) -> None:
    """To the file, else to standard output; a workbook is not written to a terminal."""
    if target is not None:
        write_whole(target, content)
        click.echo(f"已写入 {target}", err=True)
        return
    if not is_text and sys.stdout.isatty():
        raise click.UsageError("此格式请用 -o 指定文件 (use -o FILE for this format)")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def write_whole(target: Path, content: bytes) -> None:
    handle, draft = tempfile.mkstemp(dir=target.resolve().parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o666 & ~_umask())
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def with_bar(rows: Iterable[T]) -> Iterable[T]:
    """A progress bar on standard error for work that takes over a second."""
    if not isinstance(rows, Sequence) or len(rows) < ROWS_WORTH_A_BAR:
        yield from rows
        return
    with click.progressbar(rows, file=sys.stderr, label="读取", update_min_steps=500) as bar:
        yield from bar


def refuse_faults(sheet: Sheet, name: str, *, keep_valid: bool) -> None:
    """Print the first 50 faults and their number; end with exit 1 unless right rows may stay."""
    if not sheet.fault_count:
        return
    for fault in sheet.faults[:FAULTS_SHOWN]:
        click.echo(fault.text(), err=True)
    rows = f"，涉及 {sheet.faulty_rows} 行" if sheet.faulty_rows else ""
    click.echo(f"{name} 共有 {sheet.fault_count} 处错误{rows}", err=True)
    if not keep_valid or not sheet.rows:
        raise SystemExit(1)
    click.echo(f"只使用其余 {len(sheet.rows)} 行 (--keep-valid)", err=True)
