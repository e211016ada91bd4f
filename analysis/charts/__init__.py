"""Pictures of tables, scores and progress: values that know how to be drawn, in words as well."""

from analysis.charts.chart import Chart
from analysis.charts.crossed import crossed_bars
from analysis.charts.dots import Dot, area_dots, dot_pages
from analysis.charts.groups import stacked_by_group
from analysis.charts.options import option_bars
from analysis.charts.progress import progress_over_time
from analysis.charts.rendering import fingerprint, render
from analysis.charts.scales import scale_bars
from analysis.charts.scores import scorecard_bars

__all__ = [
    "Chart",
    "Dot",
    "area_dots",
    "crossed_bars",
    "dot_pages",
    "fingerprint",
    "option_bars",
    "progress_over_time",
    "render",
    "scale_bars",
    "scorecard_bars",
    "stacked_by_group",
]
