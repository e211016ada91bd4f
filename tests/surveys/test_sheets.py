"""Sheets: every fault is named with row, column, value and reason, and nothing gets lost."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from surveys.answers import check, finalise
from surveys.catalogue import find
from surveys.cells import MOST_CELLS_NAMED, escape, read_cells, unescape
from surveys.definition import Audience, Questionnaire
from surveys.sheets import MOST_FAULTS_KEPT, OF_THE_FILE, Sheet, headings, read, write_csv
from tests.surveys.generated import audiences, made, questionnaires, raw_answers

Data = dict[str, Any]
Found = list[tuple[int, str, str, str]]

REFUSED = {"code": "R", "text": "拒答", "meaning": "refused"}
FORM = made(
    {"code": "q01", "kind": "single", "options": [{"code": "A", "text": "甲"}, REFUSED]},
    {"code": "q02", "kind": "integer", "minimum": 0, "options": [REFUSED], "required": False},
    {
        "code": "q03",
        "kind": "multiple",
        "options": [{"code": "B", "text": "乙"}, {"code": "E", "text": "其他", "note": True}],
        "required": False,
    },
    {"code": "q04", "kind": "date", "required": False, "audiences": ["recipient"]},
    {"code": "q05", "kind": "decimal", "places": 6, "required": False},
    {"code": "q06", "kind": "text", "required": False},
)


def csv_of(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("utf-8")


def faults(sheet: Sheet) -> Found:
    for fault in sheet.faults:
        if fault.code not in OF_THE_FILE:
            assert fault.text("zh").startswith(f"第 {fault.row} 行")
            assert fault.text("en").startswith(f"row {fault.row}")
    return [(fault.row, fault.column, fault.value, fault.code) for fault in sheet.faults]


def reading(*lines: str) -> Found:
    sheet = read(csv_of(*lines), "答卷.csv", FORM)
    assert sheet.fault_count == len(sheet.faults)
    return faults(sheet)


def workbook(*rows: list[Any]) -> bytes:
    target = io.BytesIO()
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def codes_of(content: bytes, name: str, encoding: str = "utf-8-sig") -> list[str]:
    sheet = read(content, name, FORM, encoding=encoding)
    assert sheet.rows == []
    return [code for _, _, _, code in faults(sheet)]


# What is right


def test_a_row_is_read_with_all_that_it_holds() -> None:
    sheet = read(
        csv_of(
            "id,audience,area,weight,q01,q02,q03,q03_E_note,q04,q05,q06",
            'r1,recipient,高坪区,1.5,A,30,E B,"养鱼,卖鱼",2018-06-30,0.000001,"一\n二"',
        ),
        "a.csv",
        FORM,
    )
    [row] = sheet.rows
    assert (row.row, row.id, row.audience, row.area, row.weight) == (
        *(2, "r1", Audience.RECIPIENT),
        *("高坪区", 1.5),
    )
    assert row.checked.clean == {
        "q01": "A",
        "q02": 30,
        "q03": ["B", "E"],
        "q03_E_note": "养鱼,卖鱼",
        "q04": "2018-06-30",
        "q05": 1e-6,
        "q06": "一\n二",
    }
    assert (sheet.faults, sheet.faulty_rows, sheet.has_weights) == ([], 0, True)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_makes_no_difference(mark: bytes) -> None:
    assert [row.id for row in read(mark + csv_of("id,q01", "甲,A"), "a.csv", FORM).rows] == ["甲"]


def test_chinese_headings_and_audiences_are_understood() -> None:
    content = csv_of("编号,调查对象,区域,权重,q01", "1,非低保户,高坪,2,A", "2,,,,A", "3,未注明,,,A")
    rows = read(content, "a.csv", FORM).rows
    assert [row.audience for row in rows] == [Audience.NON_RECIPIENT, None, None]
    assert [row.weight for row in rows] == [2.0, None, None]


def test_white_space_around_cells_and_empty_lines_are_no_answers() -> None:
    sheet = read(csv_of(" id , q01 ,weight", " a , A ,  ", "", " , ,", "b,A,1"), "a.csv", FORM)
    assert [(row.row, row.id, row.weight) for row in sheet.rows] == [(2, "a", None), (5, "b", 1)]
    assert sheet.faults == []


def test_rows_count_as_a_spreadsheet_counts_them() -> None:
    assert reading("id,q01,q06", 'a,A,"1\n2\n3"', "b,X,") == [(3, "q01", "X", "unknown_option")]


def test_what_an_export_adds_is_read_past() -> None:
    content = csv_of("id,status,received_at,q01", "a,stored,2018-01-01,A")
    assert read(content, "a.csv", FORM).faults == []


# What is wrong with a file


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "empty_file"),
        (b" \r\n\r\n", "a.csv", "empty_file"),
        (b"", "a.xlsx", "empty_file"),
        ("id,q01,q06\na,A,低保".encode("gbk"), "a.csv", "sheet_not_utf8"),
        ("id,q01".encode("utf-16"), "a.csv", "sheet_not_utf8"),
        (b"\x89PNG\r\n\x1a\n", "a.csv", "sheet_not_utf8"),
        (b'id,q01\na,"A', "a.csv", "not_csv"),
        (b'id,q01\na,"A"B', "a.csv", "not_csv"),
        (b"id,q01\na," + b"x" * 200_000, "a.csv", "not_csv"),
        (b"id,q01\na,A", "a.xlsx", "wrong_file_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "a.xls", "wrong_file_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "a.xlsx", "wrong_file_type"),
        (b"PK\x03\x04 cut off", "a.xlsx", "not_a_workbook"),
        (b"id,q01\r\n", "a.csv", "no_rows"),
    ],
    ids=lambda value: ascii(value)[:25],
)
def test_a_file_that_is_no_sheet_is_refused_with_one_reason(
    content: bytes, name: str, code: str
) -> None:
    assert codes_of(content, name) == [code]


def test_a_gbk_file_is_refused_with_advice_and_read_when_it_is_said_to_be_one() -> None:
    content = "编号,q01,q06\na,A,低保".encode("gbk")
    [fault] = read(content, "a.csv", FORM).faults
    assert "CSV UTF-8" in fault.text()
    [row] = read(content, "a.csv", FORM, encoding="gbk").rows
    assert row.checked.clean["q06"] == "低保"
    assert codes_of(content, "a.csv", encoding="klingon") == ["unknown_encoding"]
    assert codes_of("id,q01\na,甲".encode(), "a.csv", encoding="ascii") == ["sheet_not_utf8"]


def test_a_file_of_another_encoding_names_the_first_line_of_it() -> None:
    content = b"id,q01,q06\na,A,x\nb,A," + "低".encode("gbk")
    assert [fault.row for fault in read(content, "a.csv", FORM).faults] == [3]


def test_an_unclosed_quote_names_the_row_that_it_begins_in() -> None:
    content = csv_of("id,q01", "a,A", 'b,"A', "c,A", "d,A")
    assert [fault.row for fault in read(content, "a.csv", FORM).faults] == [3]


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    assert codes_of(target.getvalue(), "a.xlsx") == ["not_a_workbook"]
    assert codes_of(target.getvalue(), "a.csv") == ["wrong_file_type"]


def test_a_damaged_workbook_is_refused() -> None:
    content = workbook(["id", "q01"], ["a", "A"])
    assert codes_of(content[: len(content) // 2], "a.xlsx") == ["not_a_workbook"]


def test_a_workbook_that_unfolds_to_a_gigabyte_is_refused_unread() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(60):
            archive.writestr(f"{part}.xml", bytes(10_000_000))
    assert codes_of(target.getvalue(), "a.xlsx") == ["workbook_too_large"]


def patched(content: bytes, old: bytes, new: bytes) -> bytes:
    """A workbook with other XML in its first sheet."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                assert old in data
                data = data.replace(old, new)
            copy.writestr(entry, data)
    return target.getvalue()


def test_a_sheet_that_claims_a_million_rows_by_its_format_is_read_as_it_is() -> None:
    content = workbook(["id", "q01"], ["a", "A"])
    claimed = patched(content, b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert read_cells(claimed, "a.xlsx") == [["id", "q01"], ["a", "A"]]


def test_a_row_numbered_beyond_all_sheets_is_refused() -> None:
    content = patched(workbook(["id", "q01"], ["a", "A"]), b'<row r="2"', b'<row r="999999999999"')
    assert codes_of(content, "a.xlsx") == ["too_many_rows"]


# What is wrong with columns


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("q01,q02", [(1, "id", "", "no_id_column")]),
        ("id,area", [(1, "", "", "no_question_column")]),
        ("id,q01,q01", [(1, "q01", "q01", "column_twice")]),
        ("id,编号,q01", [(1, "id", "id", "column_twice")]),
        ("id,q01,q99", [(1, "q99", "q99", "unknown_column")]),
        ("id,q01,q01_A_note", [(1, "q01_A_note", "q01_A_note", "unknown_column")]),
        (
            "id;q01",
            [
                (1, "id;q01", "id;q01", "unknown_column"),
                (1, "id", "", "no_id_column"),
                (1, "", "", "no_question_column"),
            ],
        ),
    ],
)
def test_wrong_headings_are_all_named(heading: str, expected: Found) -> None:
    assert reading(heading, "a,A,A") == expected


def test_a_cell_beyond_the_headings_is_named() -> None:
    assert reading("id,q01,", "a,A,x", "b,A,,,y") == [
        (2, "", "x", "cell_without_heading"),
        (3, "", "y", "cell_without_heading"),
    ]


# What is wrong with cells


def test_every_wrong_cell_is_named_with_row_column_value_and_reason() -> None:
    assert reading(
        "id,audience,weight,q01,q02,q03,q03_E_note,q04",
        ",recipient,1,A,,,,",
        "a,somebody,-1,A,,,,",
        "b,cadre,x,Z,三,B C,note,2018-06-30",
        "a,,1_0,,-1,B B,,2018-02-30",
        "c,,nan,A,R,E,,",
    ) == [
        (2, "id", "", "no_id"),
        (3, "audience", "somebody", "unknown_audience"),
        (3, "weight", "-1", "not_a_weight"),
        (4, "weight", "x", "not_a_weight"),
        (4, "q01", "Z", "unknown_option"),
        (4, "q02", "三", "not_an_integer"),
        (4, "q03", "B C", "unknown_option"),
        (4, "q04", "2018-06-30", "not_asked"),
        (5, "id", "a", "duplicate_id"),
        (5, "weight", "1_0", "not_a_weight"),
        (5, "q01", "", "required"),
        (5, "q02", "-1", "too_low"),
        (5, "q03", "B B", "option_twice"),
        (5, "q04", "2018-02-30", "not_a_date"),
        (6, "weight", "nan", "not_a_weight"),
        (6, "q03_E_note", "", "note_missing"),
    ]


def test_right_rows_are_there_beside_wrong_ones() -> None:
    sheet = read(csv_of("id,q01", "a,A", "b,X", "c,A"), "a.csv", FORM)
    assert ([row.id for row in sheet.rows], sheet.faulty_rows) == (["a", "c"], 1)


def test_sixty_wrong_cells_are_counted_and_all_named() -> None:
    sheet = read(csv_of("id,q01", *(f"{n},X" for n in range(60))), "a.csv", FORM)
    assert (sheet.fault_count, sheet.faulty_rows, sheet.rows) == (60, 60, [])
    assert [fault.row for fault in sheet.faults] == list(range(2, 62))


def test_of_very_many_wrong_cells_the_first_are_kept_and_all_counted() -> None:
    lines = [f"{n},X,X" for n in range(MOST_FAULTS_KEPT)]
    sheet = read(csv_of("id,q01,q02", *lines), "a.csv", FORM)
    assert (sheet.fault_count, len(sheet.faults)) == (2 * MOST_FAULTS_KEPT, MOST_FAULTS_KEPT)


def test_an_audience_that_the_questionnaire_is_not_for_is_named() -> None:
    cadres = Questionnaire.model_validate(FORM.model_dump() | {"audiences": ["cadre"]})
    sheet = read(csv_of("id,audience,q01", "a,低保户,A"), "a.csv", cadres)
    assert faults(sheet) == [(2, "audience", "低保户", "wrong_audience")]


def test_a_control_character_in_a_cell_is_named() -> None:
    assert [fault[1:] for fault in reading("id,q01,q06", "a,A,x\x00y")] == [
        ("q06", "x\x00y", "control_character")
    ]


# Workbooks


def test_numbers_dates_and_text_of_a_workbook_are_read_as_typed() -> None:
    content = workbook(
        ["id", "audience", "q01", "q02", "q03", "q04", "q05", "q06"],
        [1, "低保户", "A", 30.0, "B", date(2018, 6, 30), 0.5, "文字"],
        ["2", None, "A", "R", None, datetime.fromisoformat("2018-06-30T12:30"), 2, 1.5],
    )
    sheet = read(content, "a.XLSX", FORM)
    assert sheet.faults == []
    assert [row.id for row in sheet.rows] == ["1", "2"]
    assert sheet.rows[0].checked.clean == {
        **{"q01": "A", "q02": 30, "q03": ["B"]},
        **{"q04": "2018-06-30", "q05": 0.5, "q06": "文字"},
    }
    assert sheet.rows[1].checked.clean["q06"] == "1.5"


def test_every_formula_and_error_cell_is_named() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "q01", "q02"])
        sheet.write_row(1, 0, ["a", "A", 1])
        sheet.write_formula(2, 2, "=1+1", None, 2)
        sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        sheet.write_row(3, 0, ["c", "A"])
    found = read(target.getvalue(), "a.xlsx", FORM)
    assert [(row, code) for row, _, _, code in faults(found)] == [
        (3, "formula_or_error_cell"),
        (4, "formula_or_error_cell"),
    ]
    assert [fault.details["cell"] for fault in found.faults] == ["C3", "C4"]


def test_of_very_many_formulas_the_first_are_named() -> None:
    content = workbook(["id", "q01"], *(["a", "=1+1"] for _ in range(MOST_CELLS_NAMED + 5)))
    assert codes_of(content, "a.xlsx") == ["formula_or_error_cell"] * MOST_CELLS_NAMED


def test_text_that_looks_like_a_formula_is_text_in_a_workbook() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        book.add_worksheet().write_row(0, 0, ["id", "q01", "q06"])
        book.worksheets()[0].write_row(1, 0, ["a", "A", "=1+1"])
    [row] = read(target.getvalue(), "a.xlsx", FORM).rows
    assert row.checked.clean["q06"] == "=1+1"


def test_empty_rows_between_keep_their_numbers() -> None:
    content = workbook(["id", "q01"], [None, None], ["a", "X"])
    assert faults(read(content, "a.xlsx", FORM)) == [(3, "q01", "X", "unknown_option")]


def test_an_empty_workbook_has_no_columns() -> None:
    assert codes_of(workbook(), "a.xlsx") == ["no_id_column", "no_question_column"]


# There and back


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "'=1+1", "-", "-5a"])
def test_what_a_spreadsheet_would_run_is_escaped(text: str) -> None:
    assert escape(text) == f"'{text}"
    assert unescape(escape(text)) == text


@pytest.mark.parametrize("text", ["-5", "+5", "-0.25", "", "a=b", "'quoted'", "甲", "'"])
def test_plain_numbers_and_plain_words_are_left_alone(text: str) -> None:
    assert escape(text) == text == unescape(text)


@given(st.text(st.sampled_from("'=+-@＝5a"), max_size=6) | st.text())
def test_no_two_cells_look_the_same_when_escaped(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.data())
@settings(max_examples=100)
def test_whatever_is_written_is_read_back(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires())
    rows: list[Data] = []
    for number in range(data.draw(st.integers(0, 3))):
        audience = data.draw(audiences())
        raw = finalise(questionnaire, data.draw(raw_answers(questionnaire, False)), audience)
        checked = check(questionnaire, raw, audience)
        if not checked.complaints:
            row = {"id": f"r{number}", "audience": audience, "area": "=高坪"}
            rows.append({**row, "answers": checked.clean})
    content = "".join(write_csv(questionnaire, rows)).encode("utf-8")
    sheet = read(content, "a.csv", questionnaire)
    assert {fault.code for fault in sheet.faults} <= (set() if rows else {"no_rows"})
    read_back = [
        {"id": r.id, "audience": r.audience, "area": r.area, "answers": r.checked.clean}
        for r in sheet.rows
    ]
    assert read_back == rows


@given(st.text(st.characters(codec="utf-8"), max_size=20))
@example("=1+1")
@example("'=x")
@example("-5")
@example("👨‍👩‍👧")
@example("一\n二\t三")
@example('"a","b"')
@example("''=x")
def test_a_note_is_read_back_to_the_letter(note: str) -> None:
    checked = check(FORM, {"q01": "A", "q03": ["E"], "q03_E_note": note, "q06": note})
    if checked.complaints:
        return
    row = {"id": note[:9].strip() or "1", "audience": None, "area": "", "answers": checked.clean}
    content = "".join(write_csv(FORM, [row])).encode("utf-8")
    assert content.startswith(b"\xef\xbb\xbf")
    [back] = read(content, "a.csv", FORM).rows
    assert back.checked.clean == checked.clean


def test_the_smallest_decimal_is_written_without_an_exponent() -> None:
    row = {"id": "1", "answers": {"q01": "A", "q05": 1e-6}}
    assert ",0.000001," in "".join(write_csv(FORM, [row]))


def test_headings_name_every_column_that_a_reader_accepts() -> None:
    for name in ("dibao-residents@1", "dibao-residents@2", "dibao-cadres@1", "dibao-cadres@2"):
        questionnaire = find(name)
        names = headings(questionnaire)
        assert len(set(names)) == len(names)
        content = csv_of(",".join(names))
        assert [fault.code for fault in read(content, "a.csv", questionnaire).faults] == ["no_rows"]


def test_a_reader_is_told_of_its_progress() -> None:
    seen: list[int] = []
    read(csv_of("id,q01", "a,A", "b,A"), "a.csv", FORM, progress=lambda r: seen.append(len(r)) or r)
    assert seen == [2]


def test_faults_of_the_file_name_no_row_and_no_value() -> None:
    told = [fault.text() for fault in read(b"id,q01\r\n", "a.csv", FORM).faults]
    assert told == ["只有标题行，没有数据"]
    other = [fault.text() for fault in read(b"id,weight\r\n1,2\r\n", "a.csv", FORM).faults]
    assert other and other[0].startswith("第 1 行：") and "值“”" not in other[0]
