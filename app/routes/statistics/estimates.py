"""总体估计: shares, numbers, means, totals and ratios of the population, with their errors."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from analysis.estimands import MEASURES
from analysis.population_estimates import VARIANCES, Method, PopulationEstimates
from analysis.reports import estimate_words as words
from analysis.reports.estimate_report import estimate_report
from analysis.reports.words import interval_choices, level_text
from app import problems
from app.request import columns, language, reading
from app.routes.choices import Choice, offered, read_statistics_choice, refused
from app.routes.downloads import send_grids
from app.routes.entry import enter
from app.routes.statistics import pages
from app.routes.statistics.crosstab import about_lines, check_allowed, unknown_side
from app.services import estimates
from app.services.crosstabs import UnknownSideError
from app.services.estimates import Estimated, Wanted

FILES = ("xlsx", "docx", "csv", "json")
LEVELS = ("95", "90", "99")
ALLOWED: dict[str, tuple[str, ...]] = {
    "measure": MEASURES,
    "variance": VARIANCES,
    "level": LEVELS,
}
"""What each argument may be; the first is the default."""
NAMES = ("measure", "of", "over", "by", "variance", "interval", "level")


@pages.get("/estimates", endpoint="estimates")
def show_estimates(slug: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        choice = read_statistics_choice(db, project, request.args, NAMES)
        estimated = _estimated(db, project, choice)
        fields = offered(db, project)
    return render_template(
        "statistics/estimates.html",
        choice=choice,
        estimated=estimated,
        **fields,
        files=FILES,
        intervals=interval_choices(language(), estimated.intervals) if estimated else {},
        allowed=ALLOWED,
        chosen={name: _chosen(choice, name) for name in ALLOWED},
        say=_said(estimated.found if estimated else None),
    )


@pages.get("/estimates.<extension>", endpoint="estimates_file")
def estimates_file(slug: str, extension: str) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "see_results")
        if extension not in FILES:
            raise problems.not_found()
        choice = read_statistics_choice(db, project, request.args, NAMES)
        estimated = _estimated(db, project, choice)
    if estimated is None:
        raise problems.not_found()
    if estimated.found is None:
        raise refused(estimated.refusal.text(language()) if estimated.refusal else "")
    about = about_lines(project, choice, estimated.described)
    return send_grids(project, estimate_report(estimated.found, language(), about=about), extension)


def _estimated(db: Any, project: Any, choice: Choice) -> Estimated | None:
    """None where nothing is published yet. Raises Problem 400.1."""
    given = choice.arguments
    check_allowed(given, ALLOWED)
    if choice.published is None:
        return None
    wanted = Wanted(
        measure=_chosen(choice, "measure"),
        of=given.get("of", ""),
        over=given.get("over", "") if _chosen(choice, "measure") == "ratio" else "",
        by=choice.by,
        method=_method(choice),
    )
    try:
        return estimates.estimate(db, columns(), project, choice.published, wanted, choice.filters)
    except UnknownSideError as error:
        raise unknown_side(error) from None


def _method(choice: Choice) -> Method:
    """The form sends the interval of shares and the denominator of a ratio also where something
    else is chosen; the page then says that they were not used."""
    of_shares = choice.arguments.get("interval") if _is_share(choice) else None
    variance: Any = _chosen(choice, "variance")
    return Method(variance, of_shares, int(_chosen(choice, "level")) / 100)


def _is_share(choice: Choice) -> bool:
    return _chosen(choice, "measure") == "share"


def _chosen(choice: Choice, name: str) -> str:
    return choice.arguments.get(name, ALLOWED[name][0])


def _said(found: PopulationEstimates | None) -> SimpleNamespace:
    """Headings and sentences are those of the files, so that page and file read alike."""
    chosen = language()
    said = {"word": lambda key, **details: words.word(key, chosen, **details)}
    if found is None:
        return SimpleNamespace(**said)
    wanted = found.estimand
    return SimpleNamespace(
        **said,
        heading=words.heading(wanted, chosen),
        group=words.group_heading(found, chosen),
        unit=words.in_brackets(words.unit_of(wanted), chosen),
        level=level_text(found.method.level),
        value=lambda value: words.value_text(wanted, value),
        error=lambda value: words.error_text(wanted, value),
        in_points=words.error_form_of(wanted) == "points",
        span=lambda row: words.span_text(wanted, row),
        told=lambda row: words.note_texts(row, chosen),
        warnings=words.warnings(found, chosen),
        notes=list(words.notes(found, chosen)),
    )
