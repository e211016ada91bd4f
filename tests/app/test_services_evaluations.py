"""Scorecards of projects: frameworks, measures and evidence in versions, live responses."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from analysis.evaluation.report import ScorecardReport
from app.models import EvidenceFile, Project, ScorecardVersion, StoredFramework
from app.problems import Problem
from app.services import (
    evaluation_frameworks,
    evaluations,
    evidence,
    projects,
    questionnaires,
    scoring,
)
from app.services.access import COMMAND_LINE
from app.services.columns import ColumnStore
from app.services.database import Database
from app.services.evaluation_inputs import Scored, scored
from app.services.evaluation_versions import Change, version_of, versions
from app.services.responses import Submission, receive
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate
from tests.conftest import NOW

SMALL: dict[str, Any] = {
    "slug": "small",
    "title": "小指标体系",
    "points": 20,
    "scheme": "caiyu-2020-10",
    "parts": [
        {"id": "A", "name": "到位率", "points": 8, "rule": {"kind": "proportional"}},
        {"id": "B", "name": "评判", "points": 2, "rule": {"kind": "manual", "text": "酌情"}},
        {
            "id": "C",
            "name": "满意度",
            "points": 10,
            "rule": {
                "kind": "satisfaction",
                "asked": [{"questionnaire": "dibao-residents", "question": "q18"}],
            },
        },
    ],
}


def yaml_of(**changed: Any) -> tuple[str, bytes]:
    return "small.yaml", yaml.safe_dump(SMALL | changed, allow_unicode=True).encode()


class Bench:
    """One project with dibao-residents@2 in a database, and its verbs."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.writing() as db:
            project = projects.create(db, NOW, COMMAND_LINE, "alpha", "项目", 2026)
            residents = find("dibao-residents@2")
            published = questionnaires.publish(db, NOW, COMMAND_LINE, project, residents)
            scoring.begin(db, NOW, COMMAND_LINE, published)

    def choose(self, chosen: Any, scheme: str = "", reason: str = "", **named: Any) -> int:
        with self.database.writing() as db:
            return evaluation_frameworks.choose_framework(
                db, NOW, COMMAND_LINE, self.project(db), chosen, scheme, Change(reason, **named)
            )

    def measure(self, indicator: str, why: str = "", **raw: Any) -> None:
        named = {key: raw.pop(key) for key in ("uploads", "kept", "based_on") if key in raw}
        change = Change(why, named.pop("based_on", None))
        with self.database.writing() as db:
            evaluations.change_measure(
                db, NOW, COMMAND_LINE, self.project(db), indicator, raw, change, **named
            )

    def project(self, db: Any) -> Project:
        return projects.find(db, COMMAND_LINE, "alpha")

    def scored(self, number: int | None = None) -> Scored:
        with self.database.reading() as db:
            project = self.project(db)
            version = version_of(db, project, number)
            assert version is not None
            return scored(db, ColumnStore(), project, version)

    def card(self, number: int | None = None) -> Any:
        report = self.scored(number).report
        assert isinstance(report, ScorecardReport)
        return report.card

    def answer(self, *codes: str) -> None:
        with self.database.writing() as db:
            project = self.project(db)
            published = questionnaires.find(db, project, "dibao-residents@2")
            for seed, code in enumerate(codes):
                chance = random.Random(seed)
                given = simulate(published.questionnaire, Audience.RECIPIENT, chance)
                submission = Submission(
                    uuid.uuid4(), Audience.RECIPIENT, None, {**given, "q18": code}
                )
                receive(db, NOW, COMMAND_LINE, project, published, submission)

    def count(self, table: Any) -> int:
        with self.database.reading() as db:
            return db.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def bench(database: Database) -> Iterator[Bench]:
    yield Bench(database)


def refused(code: str, act: Any, *given: Any, **named: Any) -> Problem:
    with pytest.raises(Problem) as found:
        act(*given, **named)
    assert found.value.code == code
    return found.value


def test_framework_is_kept_as_the_text_that_was_uploaded(bench: Bench) -> None:
    name, content = yaml_of()
    bench.choose((name, "\ufeff".encode() + content))
    with bench.database.reading() as db:
        kept = evaluation_frameworks.framework_text(db, bench.project(db), 1)
    assert kept == ("small.yaml", content.decode())
    assert bench.scored().version.scheme == "caiyu-2020-10"


def test_faulty_framework_is_refused_with_every_fault(bench: Bench) -> None:
    parts = [SMALL["parts"][0], SMALL["parts"][0] | {"points": 3}]
    found = refused("422.1", bench.choose, yaml_of(parts=parts))
    assert found.details["count"] == 2
    assert "代码“A”重复" in "".join(found.lines)
    assert "分值之和为 11，与总分值 20 不符" in "".join(found.lines)
    assert bench.count(StoredFramework) == bench.count(ScorecardVersion) == 0


def test_a_framework_and_a_known_scheme_are_needed(bench: Bench) -> None:
    refused("422.2", bench.choose, None)
    refused("422.2", bench.choose, yaml_of(), "school")
    assert bench.count(ScorecardVersion) == 0


def test_other_scheme_is_a_new_version_with_a_reason_and_the_same_framework(bench: Bench) -> None:
    bench.choose(yaml_of())
    refused("422.3", bench.choose, None, "minfa-2016-242")
    bench.choose(None, "minfa-2016-242", "按民政部门的办法")
    assert (bench.count(StoredFramework), bench.count(ScorecardVersion)) == (1, 2)
    assert bench.card().scheme.slug == "minfa-2016-242"
    assert bench.card(1).scheme.slug == "caiyu-2020-10"


def test_each_measure_is_a_version_with_who_when_and_why(bench: Bench) -> None:
    bench.choose(yaml_of())
    bench.measure("A", value="90%")
    refused("422.3", bench.measure, "A", value="95%")
    bench.measure("A", "补充凭证", value="95%")
    assert bench.card().by_id["A"].score == Fraction("7.6")
    assert bench.card(2).by_id["A"].score == Fraction("7.2")
    with bench.database.reading() as db:
        listed = versions(db, bench.project(db))
    told = [(line.number, line.deed, line.subject, line.reason) for line in listed]
    assert told == [
        (3, "measure", "A", "补充凭证"),
        (2, "measure", "A", ""),
        (1, "framework", "小指标体系", ""),
    ]
    assert {line.created_at for line in listed} == {NOW}


def test_faulty_measure_is_refused_and_stores_nothing(bench: Bench) -> None:
    bench.choose(yaml_of())
    refused("422.2", bench.measure, "A", value="much")
    refused("422.2", bench.measure, "A", value="90%", score="2")
    refused("422.2", bench.measure, "A", score="9")
    refused("422.2", bench.measure, "B", score="1")
    refused("422.2", bench.measure, "A", value="90%", note="长" * 2001)
    refused("404.1", bench.measure, "Z", score="1")
    assert bench.count(ScorecardVersion) == 1


def test_what_changes_nothing_makes_no_version(bench: Bench) -> None:
    bench.choose(yaml_of())
    bench.measure("A", value="90%")
    bench.measure("A", "同样", value="90%")
    bench.choose(yaml_of(), "", "同样")
    assert bench.count(ScorecardVersion) == 2


def test_change_of_an_older_version_is_refused(bench: Bench) -> None:
    bench.choose(yaml_of(), based_on=0)
    bench.measure("A", value="90%", based_on=1)
    found = refused("422.2", bench.measure, "A", "再改", value="91%", based_on=1)
    assert "第 2 版" in found.lines[0]


def test_measure_can_be_taken_back(bench: Bench) -> None:
    bench.choose(yaml_of())
    bench.measure("A", value="90%")
    bench.measure("A", "填错指标")
    assert bench.card().by_id["A"].score is None
    assert bench.scored().version.deed == "clear"


def test_survey_indicator_is_filled_live_with_base_and_interval(bench: Bench) -> None:
    bench.choose(yaml_of())
    assert bench.card().by_id["C"].score is None
    bench.answer("A", "A", "A", "B")
    row = bench.card().by_id["C"]
    assert row.score == Fraction(38, 4)  # (3×1+1×0.8)/4×10
    assert row.earned.surveyed.base == 4
    assert row.earned.surveyed.low < 0.95 <= row.earned.surveyed.high
    assert [(c.reference, c.n) for c in bench.scored().counted] == [("dibao-residents@2", 4)]


def test_survey_indicator_follows_the_plan_of_the_project(bench: Bench) -> None:
    bench.choose(yaml_of())
    bench.answer("A", "B")
    with bench.database.writing() as db:
        project = bench.project(db)
        published = questionnaires.find(db, project, "dibao-residents")
        plan = scoring.current(db, published)["q18"].as_data()
        changed = plan | {"weights": {"A": 1, "B": 0.5, "C": 0.3, "D": 0}}
        scoring.change(db, NOW, COMMAND_LINE, project, published, "q18", changed, "改用中位")
    assert bench.card().by_id["C"].score == Fraction("7.5")


def test_stated_score_stands_beside_the_one_from_the_survey(bench: Bench) -> None:
    bench.choose(yaml_of())
    bench.measure("A", value="100%")
    bench.measure("B", score="2", reason="资料齐全")
    bench.measure("C", score="6")
    bench.answer("A", "A")
    report = bench.scored().report
    assert isinstance(report, ScorecardReport)
    assert report.card.total == 16
    assert report.comparison is not None
    assert report.comparison.after.total == 20


def test_new_edition_of_a_framework_keeps_measures_that_it_can_read(bench: Bench) -> None:
    bench.choose(yaml_of())
    bench.measure("A", value="90%")
    bench.measure("B", score="2", reason="齐全")
    parts = [SMALL["parts"][0] | {"points": 10}, SMALL["parts"][2]]
    assert bench.choose(yaml_of(parts=parts), "", "删去一项") == 1
    assert list(bench.scored().inputs.measures) == ["A"]
    assert bench.card().by_id["A"].score == 9
    assert bench.card(3).by_id["B"].score == 2


def test_another_framework_takes_no_measures_over(bench: Bench) -> None:
    bench.choose(yaml_of())
    bench.measure("A", value="90%")
    assert bench.choose(yaml_of(slug="other"), "", "换一套") == 1
    assert not bench.scored().inputs.measures


def test_evidence_is_kept_once_and_stays_with_its_indicator(bench: Bench) -> None:
    bench.choose(yaml_of())
    file = ("C:\\凭证\\拨款凭证.pdf", b"%PDF-1.7 voucher")
    bench.measure("A", value="90%", uploads=[file, file])
    (kept,) = bench.scored().files["A"]
    assert (kept.name, kept.size) == ("拨款凭证.pdf", 16)
    assert bench.scored().inputs.measures["A"].evidence == "拨款凭证.pdf"
    bench.measure("A", "改数", value="91%", kept=[kept.id])
    assert [f.id for f in bench.scored().files["A"]] == [kept.id]
    bench.measure("A", "凭证有误", value="91%")
    assert not bench.scored().files.get("A")
    assert bench.count(EvidenceFile) == 1


def test_evidence_of_another_project_is_not_to_be_had(bench: Bench) -> None:
    bench.choose(yaml_of())
    bench.measure("A", value="90%", uploads=[("a.txt", b"a")])
    with bench.database.writing() as db:
        other = projects.create(db, NOW, COMMAND_LINE, "beta", "别的", 2026)
        number = db.scalar(select(EvidenceFile.id)) or 0
        assert evidence.find(db, NOW, COMMAND_LINE, bench.project(db), number).content == b"a"
        refused("404.1", evidence.find, db, NOW, COMMAND_LINE, other, number)


def test_empty_and_huge_evidence_is_refused(bench: Bench) -> None:
    bench.choose(yaml_of())
    refused("422.2", bench.measure, "A", value="90%", uploads=[("a.txt", b"")])
    huge = bytes(evidence.LARGEST_MB * 2**20 + 1)
    refused("422.2", bench.measure, "A", value="90%", uploads=[("a.bin", huge)])
    assert bench.count(EvidenceFile) == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00\n.pdf", "a.pdf"),
        ("", "file"),
        ("长" * 200 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_name_of_evidence_is_made_harmless(given: str, kept: str) -> None:
    assert evidence.clean_name(given) == kept


def test_measures_file_is_taken_in_whole_or_not_at_all(bench: Bench) -> None:
    bench.choose(yaml_of())
    content = {"framework": "small", "measures": {"A": {"value": "90%"}, "B": {"score": 9}}}

    def send(data: Any, reason: str = "") -> None:
        file = ("m.yaml", yaml.safe_dump(data).encode())
        with bench.database.writing() as db:
            project = bench.project(db)
            evaluations.import_measures(db, NOW, COMMAND_LINE, project, file, Change(reason))

    assert refused("422.1", send, content).details["count"] == 2
    content["measures"] = {"A": {"value": "90%"}, "B": {"score": 1.5, "reason": "缺一项"}}
    send(content)
    assert bench.card().by_id["B"].score == Fraction("1.5")
    refused("422.3", send, content)


def test_source_of_an_imported_file_is_not_that_of_what_is_typed_later(bench: Bench) -> None:
    bench.choose(yaml_of())
    told = {"A": {"value": "90%"}, "C": {"score": 5, "source": "台账"}}
    content = {"framework": "small", "source": "公布的报告", "measures": told}
    with bench.database.writing() as db:
        file = ("m.yaml", yaml.safe_dump(content, allow_unicode=True).encode())
        evaluations.import_measures(db, NOW, COMMAND_LINE, bench.project(db), file, Change())
    bench.measure("B", score="1", reason="缺一项")
    sources = {id_: m.source for id_, m in bench.scored().inputs.measures.items()}
    assert sources == {"A": "公布的报告", "B": "", "C": "台账"}
    assert bench.scored().report.source == "公布的报告"


def test_report_has_the_name_of_the_project_and_says_when_it_is_simulated(bench: Bench) -> None:
    bench.choose(yaml_of())
    assert bench.scored().report.title == "项目"
    with bench.database.writing() as db:
        projects.set_practice(db, NOW, COMMAND_LINE, bench.project(db), True)
    assert bench.scored().report.title == "【模拟数据】项目"


def test_funds_are_a_version_of_their_own(bench: Bench) -> None:
    bench.choose(evaluation_frameworks.shipped_file("caiyu-2020-10"))

    def send(raw: Any, reason: str = "") -> None:
        with bench.database.writing() as db:
            project = bench.project(db)
            evaluations.change_funds(db, NOW, COMMAND_LINE, project, raw, Change(reason))

    item = {"name": "低保", "sources": [{"level": "中央", "planned": "100", "arrived": "90"}]}
    send({"items": [item | {"spent": "45"}]})
    assert bench.card().by_id["B11"].score == Fraction("3.6")
    assert bench.card().by_id["B12"].score == 2
    refused("422.3", send, {"items": [item]})
    refused("422.2", send, {"items": [item | {"spent": "much"}]}, "改")
