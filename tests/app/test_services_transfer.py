"""Import and export: a round trip loses nothing, a refused file stores nothing."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from places import NOW, Place
from sqlalchemy import event, func, select, text

from app.models import Action, Project, Revision, StoredResponse
from app.problems import Problem
from app.services import projects, questionnaires, transfer
from app.services.access import COMMAND_LINE
from app.services.responses import Submission
from surveys.catalogue import find
from surveys.cells import escape
from surveys.sheets import read

Make = Callable[..., Submission]
NAUGHTY = ("=1+1", "-5", "'=x", "@a", "第一行\n第二行", "😀", '说"明",')


def bring(place: Place, text: str, **named: Any) -> transfer.Imported:
    sheet = read(text.encode(), "答卷.csv", place.cadres.questionnaire)
    done: transfer.Imported = place.write(
        transfer.import_sheet, place.cadres, sheet, "答卷.csv", **named
    )
    return done


def take(place: Place, **named: Any) -> str:
    return "".join(place.write(lambda *a: list(transfer.export_csv(*a, **named)), place.cadres))


def cadre(number: int, note: str = "说明") -> dict[str, str]:
    single = {f"q{question:02d}": "A" for question in (1, 2, 3, 7, 8, 9, 10)}
    multiple = {"q04": "A", "q05": "A B", "q06": "A"}
    noted = dict.fromkeys(find("dibao-cadres@2").notes, "")
    option = next(iter(noted))
    noted[option] = escape(note)  # as a sheet has it that a spreadsheet may open
    question, letter = option.split("_")[:2]
    return {
        "id": f"c{number}",
        "audience": "cadre",
        **single,
        **multiple,
        question: letter,
        **noted,
    }


def sheet_of(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def stored(place: Place) -> list[StoredResponse]:
    with place.database.reading() as session:
        return list(session.scalars(select(StoredResponse).order_by(StoredResponse.arrival_no)))


def test_round_trip_loses_nothing(place: Place) -> None:
    rows = [cadre(number, note) for number, note in enumerate(NAUGHTY)]
    assert bring(place, sheet_of(rows)) == transfer.Imported(len(rows), 0, 0)
    before = stored(place)
    exported = take(place, with_texts=True)
    assert bring(place, exported) == transfer.Imported(0, len(rows), 0)
    assert [row.content_hash for row in stored(place)] == [row.content_hash for row in before]
    key = next(iter(place.cadres.questionnaire.notes))
    assert [row.answers[key] for row in before] == [note.strip() for note in NAUGHTY]


def test_same_file_twice_is_stored_once(place: Place) -> None:
    text = sheet_of([cadre(1), cadre(2)])
    assert bring(place, text) == transfer.Imported(2, 0, 0)
    assert bring(place, text) == transfer.Imported(0, 2, 0)
    assert len(stored(place)) == 2


def test_changed_row_of_the_same_id_is_kept_as_conflict(place: Place) -> None:
    bring(place, sheet_of([cadre(1)]))
    assert bring(place, sheet_of([cadre(1, "别的说明")])) == transfer.Imported(0, 0, 1)
    with place.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Revision)) == 1


def test_refused_file_stores_nothing_and_names_every_row(place: Place) -> None:
    rows = [cadre(1), {**cadre(2), "q01": "Z"}, {**cadre(3), "audience": "甲"}]
    rows.append({**cadre(4), "area": "99"})
    rows = [{"area": "", **row} for row in rows]
    with pytest.raises(Problem) as refused:
        bring(place, sheet_of(rows))
    assert refused.value.code == "422.1"
    lines = refused.value.lines
    assert len(lines) == refused.value.details["count"] == 3
    for row, reason in (("第 3 行", "没有“Z”"), ("第 4 行", "调查对象"), ("第 5 行", "区域“99”")):
        assert any(row in line and reason in line for line in lines)
    assert stored(place) == []


def test_keep_valid_stores_the_right_rows_only(place: Place) -> None:
    rows = [
        cadre(1),
        {**cadre(2), "q01": "Z"},
        {**cadre(3), "area": "99"},
        {**cadre(4), "area": "01"},
    ]
    rows = [{"area": "", **row} for row in rows]
    assert bring(place, sheet_of(rows), keep_valid=True).stored == 3
    found = {row.external_id: row for row in stored(place)}
    assert found.keys() == {"c1", "c3", "c4"}
    assert found["c3"].status == "needs_review"  # its area is unknown; the answers are right
    assert found["c4"].area_id == place.area.id


def test_weights_are_refused_because_no_response_keeps_them(place: Place) -> None:
    with pytest.raises(Problem) as refused:
        bring(place, sheet_of([{**cadre(1), "weight": "2.5"}]))
    assert refused.value.code == "422.2"
    assert bring(place, sheet_of([{**cadre(1), "weight": "1"}])).stored == 1


def test_own_export_comes_back_as_the_same_although_it_has_no_consent(
    place: Place, submission: Make
) -> None:
    for _ in range(3):
        place.send(submission(area=None))
    lines = place.write(lambda *a: list(transfer.export_csv(*a, with_texts=True)), place.residents)
    sheet = read("".join(lines).encode(), "x.csv", place.residents.questionnaire)
    done = place.write(transfer.import_sheet, place.residents, sheet, "x.csv")
    assert done == transfer.Imported(0, 3, 0)


def test_ids_of_another_project_are_only_names_here(place: Place) -> None:
    bring(place, sheet_of([{**cadre(1), "id": str(uuid.UUID(int=7))}]))
    with place.database.writing() as session:
        other = session.get_one(Project, place.other.id)
        published = questionnaires.publish(
            session, NOW, COMMAND_LINE, other, find("dibao-cadres@2")
        )
        row = {**cadre(1), "id": str(uuid.UUID(int=7))}
        sheet = read(sheet_of([row]).encode(), "x.csv", published.questionnaire)
        done = transfer.import_sheet(session, NOW, COMMAND_LINE, other, published, sheet, "x.csv")
    assert done.stored == 1
    assert len({row.id for row in stored(place)}) == 2


def test_texts_are_masked_unless_asked_for(place: Place) -> None:
    bring(place, sheet_of([cadre(1, "张三家的事")]))
    assert "张三" not in take(place)
    assert transfer.MASKED in take(place)
    assert "张三家的事" in take(place, with_texts=True)
    with place.database.reading() as session:
        query = select(Action).where(Action.verb == "responses.export").order_by(Action.id)
        assert [action.details["with_texts"] for action in session.scalars(query)] == [
            False,
            False,
            True,
        ]


def test_formulas_are_escaped_in_both_kinds_of_file(place: Place) -> None:
    bring(place, sheet_of([cadre(1, "=HYPERLINK(1)")]))
    assert "'=HYPERLINK(1)" in take(place, with_texts=True)
    content = place.write(lambda *a: transfer.export_workbook(*a, with_texts=True), place.cadres)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


def test_workbook_and_csv_have_the_same_cells(place: Place) -> None:
    bring(place, sheet_of([cadre(number, note) for number, note in enumerate(NAUGHTY)]))
    content = place.write(lambda *a: transfer.export_workbook(*a, with_texts=True), place.cadres)
    rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    text = take(place, with_texts=True).removeprefix("\ufeff")
    assert [["" if c is None else c for c in row] for row in rows] == list(
        csv.reader(io.StringIO(text, newline=""))
    )


def test_response_full_of_garbage_does_not_stop_an_export(place: Place, submission: Make) -> None:
    sent = submission()
    garbage = {"q03": "\x00\x0b\ud800", "q04": ["\x01", "x"], "q05": "x" * 40_000, "q06": {"a": 1}}
    place.send(replace(sent, answers={**sent.answers, **garbage}))
    place.send(submission())
    lines = place.write(lambda *a: list(transfer.export_csv(*a)), place.residents)
    assert len(list(csv.reader(io.StringIO("".join(lines), newline="")))) == 3
    assert "".join(lines).encode()
    content = place.write(transfer.export_workbook, place.residents)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet.max_row == 3
    assert any(transfer.CUT in str(cell.value) for cell in sheet[2])


def test_what_arrives_during_an_export_does_not_spoil_it(place: Place, submission: Make) -> None:
    """On PostgreSQL each statement of the exporting session sees the newest state."""
    place.send(submission())
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        lines = transfer.export_csv(session, NOW, place.evaluator, project, place.residents)
        got = [next(lines), next(lines)]
        if place.database.engine.dialect.name == "postgresql":
            place.send(submission())
        got += lines
    assert len(got) == 2


def test_missing_row_is_an_error_and_never_a_short_file(place: Place, submission: Make) -> None:
    place.send(submission())
    place.send(submission())
    with place.database.writing() as session:

        @event.listens_for(session, "do_orm_execute")
        def _lose_a_row_after_the_count(state: Any) -> None:
            if "yield_per" in state.execution_options:
                connection = session.connection()
                connection.execute(text("DELETE FROM responses WHERE arrival_no = 2"))

        project = session.get_one(Project, place.project.id)
        lines = transfer.export_csv(session, NOW, place.evaluator, project, place.residents)
        with pytest.raises(transfer.IncompleteExportError):
            list(lines)


def test_export_holds_the_present_mode_only(place: Place, submission: Make) -> None:
    place.write(projects.set_practice, True)
    place.send(submission())
    practice = place.write(lambda *a: list(transfer.export_csv(*a)), place.residents)
    assert len(practice) == 2
    assert transfer.SIMULATED in practice[1]
    place.write(projects.set_practice, False)
    assert len(place.write(lambda *a: list(transfer.export_csv(*a)), place.residents)) == 1


def test_roles_without_the_right_are_refused_at_once(place: Place) -> None:
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        sheet = read(b"", "x.csv", place.cadres.questionnaire)
        for verb, arguments in (
            (transfer.export_csv, (place.cadres,)),
            (transfer.import_sheet, (place.cadres, sheet, "x.csv")),
        ):
            with pytest.raises(Problem) as refused:
                verb(session, NOW, place.enumerator, project, *arguments)  # type: ignore[operator]
            assert refused.value.code == "403.1"
