"""The few spreadsheet functions that our files use, worked out without any office suite."""

from __future__ import annotations

import ast
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl.workbook import Workbook

TOKEN = re.compile(
    r"""(?P<text>"[^"]*")
    |(?:'(?P<sheet>[^']+)'!)?\$?(?P<first>[A-Z]+)\$?(?P<top>\d+)
     (?::\$?(?P<last>[A-Z]+)\$?(?P<bottom>\d+))?
    |(?P<function>[A-Z]+)\(
    |(?P<equal>(?<![<>])=)""",
    re.VERBOSE,
)


def calculate(book: Workbook) -> dict[tuple[str, str], Any]:
    """(sheet, cell) -> value of each formula, from the numbers that the formulas refer to."""
    return {
        (sheet.title, cell.coordinate): _value(book, sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def _value(book: Workbook, sheet: str, cell: str) -> Any:
    content = book[sheet][cell].value
    if not (isinstance(content, str) and book[sheet][cell].data_type == "f"):
        return content
    names = {
        "cell": lambda where, name: _value(book, where, name),
        "cells": lambda where, span: [
            _value(book, where, c.coordinate) for row in book[where][span] for c in row
        ],
        **FUNCTIONS,
    }
    expression = TOKEN.sub(lambda match: _python(match, sheet), content[1:])
    tree = _LazyIf().visit(ast.parse(expression, mode="eval"))
    code = compile(ast.fix_missing_locations(tree), cell, "eval")
    return eval(code, {"__builtins__": {}}, names)


class _LazyIf(ast.NodeTransformer):
    """IF works out only the branch that it takes: the other one may divide by 0."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "IF":
            condition, yes, no = node.args
            return ast.IfExp(condition, yes, no)
        return node


def _python(match: re.Match[str], sheet: str) -> str:
    if match["text"]:
        return match["text"]
    if match["function"]:
        return f"{match['function']}("
    if match["equal"]:
        return "=="
    where, first = match["sheet"] or sheet, f"{match['first']}{match['top']}"
    if match["last"]:
        return f"cells({where!r}, '{first}:{match['last']}{match['bottom']}')"
    return f"cell({where!r}, {first!r})"


def _round(value: float, places: float) -> float:
    exact = Decimal(repr(round(value, 14)))
    return float(exact.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP))


def _sum_product(left: list[float], right: list[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sum(*areas: Any) -> float:
    return sum(_numbers(areas))


def _count(*areas: Any) -> int:
    return len(_numbers(areas))


def _numbers(areas: tuple[Any, ...]) -> list[float]:
    """Texts among the cells are passed over."""
    cells = [cell for area in areas for cell in (area if isinstance(area, list) else [area])]
    return [cell for cell in cells if _is_number(cell)]


FUNCTIONS = {
    "COUNT": _count,
    "ISNUMBER": _is_number,
    "ROUND": _round,
    "SUM": _sum,
    "SUMPRODUCT": _sum_product,
}
