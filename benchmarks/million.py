"""One million generated responses of dibao-residents@1: in SQLite, and the same rows as CSV."""

from __future__ import annotations

import csv
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from app.services import demo, projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.columns import (
    RECORD_LAYOUT,
    RESPONSES_PER_CHUNK,
    STATUS_CODE,
    seal,
    stored_layout,
)
from app.services.database import Database
from surveys.catalogue import find
from surveys.definition import Kind, Questionnaire
from surveys.records import BLANK, BLANK_BIT, FIRST_OPTION, FIRST_OPTION_BIT

QUESTIONNAIRE = "dibao-residents@1"
PROJECT = "million"
SEED = 20181121
BLANK_SHARE = 0.01
NOW = datetime(2026, 1, 1, tzinfo=UTC)

Rows = npt.NDArray[np.void]


def make(folder: Path, n: int) -> tuple[Path, Path]:
    """Paths of the database and the CSV file, each with the same n responses."""
    database, sheet = folder / "million.sqlite3", folder / "million.csv"
    questionnaire = find(QUESTIONNAIRE)
    rows = draw(questionnaire, n)
    project_id, questionnaire_id = _begin(database)
    with closing(sqlite3.connect(database)) as connection, sheet.open("w", newline="") as file:
        connection.execute("PRAGMA synchronous=OFF")
        writer = csv.writer(file)
        writer.writerow(["id", *(q.code for q in questionnaire.questions)])
        insert(connection, questionnaire, rows, project_id, questionnaire_id, writer)
        connection.execute("UPDATE projects SET change_seq = ? WHERE id = ?", (n, project_id))
        connection.commit()
    _seal(database, questionnaire_id, n)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return database, sheet


def draw(questionnaire: Questionnaire, n: int, first: int = 1) -> Rows:
    """Stored records whose options are drawn with the published shares, 1% blank."""
    chance = np.random.default_rng(SEED + first)
    rows = np.zeros(n, dtype=stored_layout(questionnaire))
    rows["#arrival_no"] = np.arange(first, first + n)
    rows["#received_ms"] = int(NOW.timestamp() * 1000)
    rows["#status"] = STATUS_CODE["accepted"]
    counts = demo.published_data()["questionnaires"][0]["counts"]
    for question in questionnaire.questions:
        published = np.array([counts[question.code][o.code] for o in question.options], float)
        blank = chance.random(n) < BLANK_SHARE
        if question.kind is Kind.MULTIPLE:
            mask = np.zeros(n, dtype=rows.dtype[question.code])
            for place, share in enumerate(published / 100):
                ticked = chance.random(n) < share
                mask |= ticked.astype(mask.dtype) << mask.dtype.type(place + FIRST_OPTION_BIT)
            rows[question.code] = np.where(blank | (mask == 0), BLANK_BIT, mask)
        else:
            option = chance.choice(len(published), n, p=published / published.sum())
            rows[question.code] = np.where(blank, BLANK, option + FIRST_OPTION)
    return rows


def insert(
    connection: sqlite3.Connection,
    questionnaire: Questionnaire,
    rows: Rows,
    project_id: int,
    questionnaire_id: int,
    writer: Any = None,
) -> None:
    """Insert the rows as `services.responses.receive` would have stored them."""
    columns = (
        "id, project_id, questionnaire_id, arrival_no, change_seq, short_code, practice, status, "
        "status_reason, answers, complaints, consent, content_hash, record, record_layout, "
        "received_at"
    )
    marks = ", ".join("?" * len(columns.split(",")))
    connection.executemany(
        f"INSERT INTO responses ({columns}) VALUES ({marks})",
        _stored(questionnaire, rows, project_id, questionnaire_id, writer),
    )


def _seal(path: Path, questionnaire_id: int, n: int) -> None:
    """The chunks that `services.responses.receive` would have sealed on the way."""
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        for upto in range(RESPONSES_PER_CHUNK, n + 1, RESPONSES_PER_CHUNK):
            seal(session, questionnaire_id, upto)
            session.flush()
    database.close()


def _stored(
    questionnaire: Questionnaire, rows: Rows, project_id: int, questionnaire_id: int, writer: Any
) -> Iterator[tuple[Any, ...]]:
    words = {q.code: _words(questionnaire, q.code, rows) for q in questionnaire.questions}
    packed, width = rows.tobytes(), rows.dtype.itemsize
    for place, arrival_no in enumerate(rows["#arrival_no"].tolist()):
        answers = {
            code: known[key]
            for code, (known, keys) in words.items()
            if known[key := keys[place]] is not None
        }
        response_id = uuid.UUID(int=arrival_no << 64 | 0x8000_0000_0000_0000 | arrival_no).hex
        if writer is not None:
            cells = (answers.get(code, "") for code in words)
            writer.writerow(
                [response_id, *(" ".join(c) if isinstance(c, list) else c for c in cells)]
            )
        yield (
            *(response_id, project_id, questionnaire_id, arrival_no, arrival_no, "00000-00000"),
            *(False, "accepted", "", orjson.dumps(answers).decode(), "[]", "{}"),
            *(f"{arrival_no:064x}", packed[place * width : (place + 1) * width], RECORD_LAYOUT),
            "2026-01-01 00:00:00.000000",
        )


def _words(
    questionnaire: Questionnaire, code: str, rows: Rows
) -> tuple[Mapping[int, str | list[str] | None], list[int]]:
    """Packed value -> answer, for each distinct value, and the column of packed values."""
    question = questionnaire.by_code[code]
    options = [option.code for option in question.options]
    known: dict[int, str | list[str] | None] = {}
    for value in np.unique(rows[code]).tolist():
        if question.kind is Kind.MULTIPLE:
            ticked = [o for i, o in enumerate(options) if value >> (i + FIRST_OPTION_BIT) & 1]
            known[value] = ticked or None
        else:
            known[value] = options[value - FIRST_OPTION] if value >= FIRST_OPTION else None
    return known, rows[code].tolist()


def _begin(path: Path) -> tuple[int, int]:
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.writing() as session:
        project = projects.create(session, NOW, COMMAND_LINE, PROJECT, "Million", 2026)
        published = questionnaires.publish(session, NOW, COMMAND_LINE, project, find(QUESTIONNAIRE))
        ids = project.id, published.id
    database.close()
    return ids
