"""Cell formats, workbook options and print set-up that all Excel files share."""

from __future__ import annotations

from typing import Any

from analysis.reports.cells import page_header
from analysis.reports.page_breaks import BOTTOM_MARGIN_CM, SIDE_MARGIN_CM, TOP_MARGIN_CM
from analysis.reports.words import word

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
A4 = 9
INCH_CM = 2.54
FONT = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
BOXED = FONT | {"border": 1}
# The quote prefix keeps a text a text even after somebody edits the cell.
TEXT = {"text_wrap": True, "quote_prefix": True}
CENTRED = {"align": "center"}
INDENTED = {"align": "left", "indent": 1}
GREY = {"bg_color": "#F2F2F2"}
EXACT = "0.000###"
FORMATS: dict[str, dict[str, Any]] = {
    "title": FONT | TEXT | CENTRED | {"bold": True, "font_size": 16},
    "subtitle": FONT | TEXT | CENTRED | {"font_size": 12},
    "note": FONT | TEXT,
    "plain": FONT | {"quote_prefix": True},
    "block_title": FONT | {"quote_prefix": True, "bold": True, "font_size": 12},
    "warning": FONT | TEXT | {"font_color": "#C00000"},
    "heading": BOXED | TEXT | CENTRED | {"bold": True, "bg_color": "#D9E2F3"},
    "text": BOXED | TEXT | INDENTED,
    "centre_text": BOXED | TEXT | CENTRED,
    "centre": BOXED | CENTRED,
    "count": BOXED | CENTRED | {"num_format": "0"},
    "weight": BOXED | CENTRED | {"num_format": "0.00"},
    "total_weight": BOXED | CENTRED | GREY | {"num_format": "0.00"},
    "share": BOXED | CENTRED | {"num_format": "0.00%"},
    "value": BOXED | CENTRED | {"num_format": "0.00"},
    "exact": BOXED | CENTRED | {"num_format": EXACT},
    # As many digits as there are: 50 and 41.375 in one column, as the indicators above have them.
    "number": BOXED | CENTRED | {"num_format": "General"},
    "p": BOXED | CENTRED | {"num_format": '[<0.001]"<0.001";0.000'},
    "total_text": BOXED | TEXT | INDENTED | GREY,
    "total": BOXED | CENTRED | GREY | {"num_format": "0"},
    "total_share": BOXED | CENTRED | GREY | {"num_format": "0.00%"},
    "interval": BOXED | CENTRED | {"num_format": "0.0000"},
    "result": BOXED | CENTRED | {"num_format": "General", "bold": True},
    "aside_value": FONT | CENTRED | {"num_format": "0.00", "font_color": "#7F7F7F"},
    "aside": FONT | CENTRED | {"num_format": "0.00%", "font_color": "#7F7F7F"},
}


class Styles:
    """Format per name, made on first use: a workbook keeps each only once."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            self.made[name] = self.workbook.add_format(FORMATS[name])
        return self.made[name]

    def marked(self, name: str, mark: str) -> Any:
        """The format of this name with a short text behind the number, which stays a number."""
        if not mark:
            return self[name]
        key = f"{name} {mark}"
        if key not in self.made:
            behind = mark.replace('"', "")
            number = FORMATS[name] | {"num_format": f'{FORMATS[name]["num_format"]}" {behind}"'}
            self.made[key] = self.workbook.add_format(number)
        return self.made[key]

    def rounded(self, places: int) -> Any:
        """A bold number with so many digits after the point."""
        name = f"rounded {places}"
        if name not in self.made:
            digits = "0." + "0" * places if places else "0"
            format_ = FORMATS["result"] | {"num_format": digits}
            self.made[name] = self.workbook.add_format(format_)
        return self.made[name]


def set_up_page(
    sheet: Any, title: str, language: str, *, landscape: bool = False, scale: int | None = None
) -> None:
    """A4, as wide as the page and as long as needed, title on top and page number below.

    Excel ignores row breaks of a sheet that it fits to pages (LibreOffice keeps them) and ends a
    page where it is full. `scale` (percent) keeps them, but cannot hold the columns together where
    another font makes them wider: only for sheets that would be spoilt, with room to spare.
    """
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(A4)
    if scale is None:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.set_print_scale(scale)
    sheet.center_horizontally()
    side, top, bottom = (cm / INCH_CM for cm in (SIDE_MARGIN_CM, TOP_MARGIN_CM, BOTTOM_MARGIN_CM))
    sheet.set_margins(left=side, right=side, top=top, bottom=bottom)
    sheet.set_header(f"&C{page_header(title)}")
    sheet.set_footer(f"&C{word('page', language, page='&P', pages='&N')}")
    sheet.hide_gridlines(2)
