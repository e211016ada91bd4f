"""The pages of an interview: everything is stored once, and nothing that was typed is lost."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from app.models import Role
from app.services import accounts, areas, projects, questionnaires, review
from app.services.access import COMMAND_LINE
from app.services.consents import Consent, sign
from app.services.responses import new_id
from surveys.catalogue import find
from tests.app.interviewing import (
    answers_in,
    begin,
    count_revisions,
    filled,
    hand_in,
    stored,
    text,
)
from tests.conftest import NOW, World, csrf_token

AUDIENCES = {
    "recipient": "dibao-residents@2",
    "non_recipient": "dibao-residents@2",
    "cadre": "dibao-cadres@2",
}
ABSENT = uuid.UUID(int=1)
PAGES = (
    "/projects/alpha/collect",
    "/projects/alpha/collect/recipient",
    "/projects/alpha/mine",
    f"/projects/alpha/collect/recipient/{ABSENT}",
    f"/projects/alpha/receipts/{ABSENT}",
)


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.client("alpha-enumerator")


def add_areas(world: World) -> None:
    content = "区域代码,区域名称,上级代码\n51,南充市,\n5101,顺庆区,51\n"
    with world.app.extensions["manyi.database"].writing() as db:
        project = projects.find(db, COMMAND_LINE, "alpha")
        areas.import_plan(db, NOW, COMMAND_LINE, project, content.encode(), "plan.csv")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_interview_is_stored_from_consent_to_receipt(
    world: World, client: FlaskClient, audience: str
) -> None:
    address = begin(client, audience)
    form = filled(client, address)
    answer = hand_in(client, address, form)
    (response,) = stored(world)
    assert answer.status_code == 303
    assert answer.location == f"/projects/alpha/receipts/{response.id}"
    assert (response.audience, response.status, response.complaints) == (audience, "accepted", [])
    assert response.consent == {"version": "2018-1", "given": True}
    assert {k: v if isinstance(v, list) else [v] for k, v in response.answers.items()} == (
        answers_in(form)
    )
    receipt = client.get(answer.location)
    assert response.short_code in text(receipt)


def test_the_pages_offer_the_three_respondents_with_own_progress(client: FlaskClient) -> None:
    address = begin(client, "cadre")
    hand_in(client, address, filled(client, address))
    page = text(client.get("/projects/alpha/collect"))
    cards = dict(re.findall(r'audience-name">(.*?)<.*?audience-progress">(.*?)<', page, re.S))
    assert cards == {
        "低保户": "今天 0 份 · 我共完成 0 份",
        "非低保户": "今天 0 份 · 我共完成 0 份",
        "干部": "今天 1 份 · 我共完成 1 份",
    }


def test_progress_counts_neither_others_nor_excluded_ones(
    world: World, client: FlaskClient
) -> None:
    for person in ("alpha-enumerator", "alpha-supervisor"):
        other = world.client(person)
        address = begin(other)
        hand_in(other, address, filled(other, address))
    assert "今天 1 份 · 我共完成 1 份" in text(client.get("/projects/alpha/collect"))
    own = stored(world)[0]
    with world.app.extensions["manyi.database"].writing() as db:
        project = projects.find(db, COMMAND_LINE, "alpha")
        found = review.find(db, COMMAND_LINE, project, own.id)
        published = questionnaires.by_id(db, found.questionnaire_id)
        review.decide(
            db, NOW, COMMAND_LINE, project, published, found, review.Status.EXCLUDED, "重复"
        )
    assert "今天 1 份" not in text(client.get("/projects/alpha/collect"))


def test_without_agreement_no_interview_begins(world: World, client: FlaskClient) -> None:
    page = "/projects/alpha/collect/recipient"
    form = {"csrf_token": csrf_token(client, page), "decision": "agree"}
    answer = client.post(page, data=form)
    assert answer.status_code == 422
    assert "受访者年满18周岁并同意后，才能开始" in text(answer)


def test_who_does_not_agree_is_thanked_and_nothing_is_stored(
    world: World, client: FlaskClient
) -> None:
    page = "/projects/alpha/collect/recipient"
    form = {"csrf_token": csrf_token(client, page), "decision": "decline"}
    answer = client.post(page, data=form, follow_redirects=True)
    assert "受访者不同意参加，没有记录任何内容" in text(answer)
    assert stored(world) == []


def test_the_area_is_asked_for_stored_and_remembered(world: World, client: FlaskClient) -> None:
    add_areas(world)
    page = "/projects/alpha/collect/recipient"
    form = {"csrf_token": csrf_token(client, page), "adult_and_agrees": "yes", "decision": "agree"}
    assert "请选择访问地点" in text(client.post(page, data=form))
    assert client.post(page, data={**form, "area_code": "9"}).status_code == 422
    address = begin(client, area="5101")
    hand_in(client, address, filled(client, address))
    assert stored(world)[0].area_id is not None
    again = text(client.get(page))
    assert re.search(r'<option value="5101" data-depth="1" selected>\u3000顺庆区', again)


def test_an_area_that_is_gone_does_not_cost_the_answers(world: World, client: FlaskClient) -> None:
    address = begin(client)
    form = filled(client, address)
    form["area_code"] = "gone"
    assert hand_in(client, address, form).status_code == 303
    (response,) = stored(world)
    assert response.status == "needs_review"
    assert [c["code"] for c in response.complaints] == ["unknown_area"]


def test_the_form_wants_consent_first(client: FlaskClient) -> None:
    answer = client.get(f"/projects/alpha/collect/recipient/{uuid.uuid4()}")
    assert answer.location == "/projects/alpha/collect/recipient"


def test_an_address_without_proof_leads_to_the_consent(client: FlaskClient) -> None:
    path = f"/projects/alpha/collect/recipient/{uuid.uuid4()}?questionnaire=dibao-residents@2"
    proof = parse_qs(urlsplit(begin(client)).query)["consent"][0]  # of another interview
    for address in (path, f"{path}&consent=", f"{path}&consent=x.é", f"{path}&consent={proof}"):
        assert client.get(address).location == "/projects/alpha/collect/recipient"


@pytest.mark.parametrize("forged", ["", "x.é", "other"])
def test_answers_without_proof_of_consent_are_kept_for_review_and_not_counted(
    world: World, client: FlaskClient, forged: str
) -> None:
    address = begin(client)
    form = filled(client, address)
    other = filled(client, begin(client))["consent_token"]
    form["consent_token"] = other if forged == "other" else forged
    receipt = client.get(hand_in(client, address, form).location)
    (response,) = stored(world)
    assert (response.status, response.consent) == ("needs_review", {})
    assert [c["code"] for c in response.complaints] == ["consent_unproven"]
    assert response.answers.keys() == answers_in(form).keys()
    assert "没有经过知情同意页的凭据" in text(receipt)


def set_practice(world: World, practice: bool) -> None:
    with world.app.extensions["manyi.database"].writing() as db:
        project = projects.find(db, COMMAND_LINE, "alpha")
        projects.set_practice(db, NOW, COMMAND_LINE, project, practice)


@pytest.mark.parametrize("practice", [True, False])
def test_the_mode_at_the_consent_counts_not_the_one_at_the_end(
    world: World, client: FlaskClient, practice: bool
) -> None:
    set_practice(world, practice)
    address = begin(client)
    set_practice(world, not practice)
    form = filled(client, address)
    location = hand_in(client, address, form).location
    (response,) = stored(world)
    assert (response.practice, response.status) == (practice, "accepted")
    supervisor = world.client("alpha-supervisor")
    receipt = text(client.get(location)).partition("<article")[2]
    detail = text(supervisor.get(f"/projects/alpha/responses/{response.id}"))
    for page in (receipt, detail.partition("page-head")[2]):
        assert ("模拟数据" in page) == practice
        assert ("本答卷为正式答卷" in page) == (not practice)


def test_progress_is_of_the_present_mode(world: World, client: FlaskClient) -> None:
    address = begin(client)
    hand_in(client, address, filled(client, address))
    set_practice(world, True)
    assert "今天 1 份" not in text(client.get("/projects/alpha/collect"))
    set_practice(world, False)
    assert "今天 1 份 · 我共完成 1 份" in text(client.get("/projects/alpha/collect"))


@pytest.mark.parametrize(
    ("seed", "said", "revisions"), [(2, "由督导复核", 1), (1, "没有重复存入", 0)]
)
def test_who_hands_in_second_what_another_began_gets_the_number_too(
    world: World, client: FlaskClient, seed: int, said: str, revisions: int
) -> None:
    address = begin(client)
    form, again = (filled(client, address, one) for one in (1, seed))
    hand_in(client, address, form)
    second = world.client()
    login = {
        "username": "alpha-enumerator-2",
        "password": second_enumerator(world),
        "csrf_token": csrf_token(second),
    }
    assert second.post("/login", data=login).status_code == 302
    again["csrf_token"] = csrf_token(second, "/projects/alpha/collect/recipient")
    answer = hand_in(second, address, again)
    assert answer.status_code == 200
    assert stored(world)[0].short_code in text(answer)
    assert said in text(answer)
    assert (len(stored(world)), count_revisions(world)) == (1, revisions)


def second_enumerator(world: World) -> str:
    """Its password."""
    with world.app.extensions["manyi.database"].writing() as db:
        project = projects.find(db, COMMAND_LINE, "alpha")
        name = "alpha-enumerator-2"
        made = accounts.create(db, NOW, COMMAND_LINE, name, name, Role.ENUMERATOR, project)
    return made.password


def test_faults_are_shown_beside_and_on_top_and_everything_typed_stays(
    world: World, client: FlaskClient
) -> None:
    address = begin(client)
    form = filled(client, address)
    form.setlist("q04", ["A", "B", "C", "H"])
    form["q04_H_note"] = '<b>"债务"</b>'
    del form["q18"]
    answer = hand_in(client, address, form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert stored(world) == []
    assert re.findall(r'<li><a href="#(.*?)">(.*?)</a>', page) == [
        ("question-q04", "第 4 题：最多选 3 项，现选了 4 项"),
        ("question-q18", "第 18 题：此题必答，请作答"),
    ]
    assert 'id="error-question-q18"' in page
    checked = re.findall(r'name="(q\d+)" value="(\w+)"(?: data-alone)? checked', page)
    sent = [(k, v) for k, vs in answers_in(form).items() for v in vs if not k.endswith("_note")]
    assert sorted(checked) == sorted(sent)
    assert 'value="&lt;b&gt;&#34;债务&#34;&lt;/b&gt;"' in page


def test_what_cannot_be_mended_is_stored_as_it_is_for_review(
    world: World, client: FlaskClient
) -> None:
    address = begin(client)
    form = filled(client, address)
    del form["q18"]
    form["as_it_is"] = "yes"
    receipt = client.get(hand_in(client, address, form).location)
    (response,) = stored(world)
    assert (response.status, response.complaints[0]["key"]) == ("needs_review", "q18")
    assert "第 18 题：此题必答，请作答" in text(receipt)


def test_answers_that_skip_rules_hide_are_not_stored(world: World, client: FlaskClient) -> None:
    address = begin(client)
    form = filled(client, address)
    form.update({"q05": "C"})
    form.setlist("q05", ["C"])
    form.setlist("q06", ["F"])
    form["q06_F_note"] = "广播"
    assert hand_in(client, address, form).status_code == 303
    assert not {"q06", "q06_F_note"} & stored(world)[0].answers.keys()


def test_sent_twice_is_stored_once_with_the_same_receipt(world: World, client: FlaskClient) -> None:
    address = begin(client)
    form = filled(client, address)
    answers = [hand_in(client, address, form) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert len(stored(world)) == 1
    assert count_revisions(world) == 0


def test_sent_again_with_other_answers_keeps_both_and_the_receipt_says_so(
    world: World, client: FlaskClient
) -> None:
    address = begin(client)
    first = hand_in(client, address, filled(client, address, seed=1))
    assert client.get(address).location == first.location  # the back button leads here
    form = filled(client, begin(client), seed=2)
    second = hand_in(client, address, form)
    assert second.location == first.location
    assert (len(stored(world)), count_revisions(world)) == (1, 1)
    assert "收到了两种内容" in text(client.get(second.location))


def test_every_published_version_is_accepted(world: World, client: FlaskClient) -> None:
    with world.app.extensions["manyi.database"].writing() as db:
        project = projects.find(db, COMMAND_LINE, "alpha")
        questionnaires.publish(db, NOW, COMMAND_LINE, project, find("dibao-residents@1"))
        given = Consent(ABSENT, "dibao-residents@1", "2018-1", project.id, practice=False)
    key = world.app.config["SECRET_KEY"]
    query = f"questionnaire=dibao-residents@1&consent={sign(key, given)}"
    address = f"/projects/alpha/collect/recipient/{ABSENT}?{query}"
    assert hand_in(client, address, filled(client, address)).status_code == 303
    assert stored(world)[0].status == "accepted"


def test_the_server_tells_the_times_where_the_browser_cannot(
    world: World, client: FlaskClient
) -> None:
    address = begin(client)
    form = filled(client, address)
    form["started_at"] = "2026-11-21T10:20:00+08:00"
    hand_in(client, address, form)
    (response,) = stored(world)
    assert response.finished_at == "2026-11-21T10:30:00.000+08:00"
    assert response.elapsed_ms == 10 * 60 * 1000


def test_the_times_of_the_device_are_kept(world: World, client: FlaskClient) -> None:
    address = begin(client)
    form = filled(client, address)
    times = {
        "started_at": "2026-11-20T09:00:00.000+08:00",
        "finished_at": "2026-11-20T09:20:00.000+08:00",
        "elapsed_ms": "900000",
    }
    for name, value in times.items():
        form[name] = value
    hand_in(client, address, form)
    (response,) = stored(world)
    assert {name: str(getattr(response, name)) for name in times} == times


@pytest.mark.parametrize("elapsed", ["-1", "1e9", "٣", "9" * 40])
def test_an_impossible_elapsed_time_does_not_cost_the_answers(
    world: World, client: FlaskClient, elapsed: str
) -> None:
    address = begin(client)
    form = filled(client, address)
    form["elapsed_ms"] = elapsed
    form["finished_at"] = "2026-11-20T09:20:00.000+08:00"
    assert hand_in(client, address, form).status_code == 303
    assert stored(world)[0].elapsed_ms is None


def test_unknown_fields_are_not_stored(world: World, client: FlaskClient) -> None:
    address = begin(client)
    form = filled(client, address)
    form["q99"] = form["status"] = "excluded"
    hand_in(client, address, form)
    assert stored(world)[0].answers.keys() == answers_in(filled(client, begin(client))).keys()
    assert stored(world)[0].status == "accepted"


@pytest.mark.parametrize(
    "address",
    [
        "/projects/alpha/collect/everybody",
        "/projects/alpha/collect/recipient/not-a-uuid",
        "/projects/alpha/collect/cadre/{id}?questionnaire=dibao-residents@2",
        "/projects/alpha/collect/cadre/{id}?questionnaire=unknown@1",
        "/projects/alpha/receipts/not-a-uuid",
        "/projects/alpha/receipts/{id}",
        "/projects/none/collect",
    ],
)
def test_an_address_of_nothing_is_404(client: FlaskClient, address: str) -> None:
    assert client.get(address.format(id=uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("before", ["x", "-1", "٣", "9" * 20])
def test_a_malformed_place_in_the_list_is_refused(client: FlaskClient, before: str) -> None:
    assert client.get("/projects/alpha/mine", query_string={"before": before}).status_code == 400


@pytest.mark.parametrize("address", PAGES)
def test_who_is_not_logged_in_is_asked_to(world: World, address: str) -> None:
    answer = world.client().get(address)
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.location).query)["next"] == [address]


@pytest.mark.parametrize("address", PAGES)
def test_another_projects_pages_are_404(world: World, address: str) -> None:
    assert world.client("beta-enumerator").get(address).status_code == 404


def test_another_projects_people_cannot_hand_in(world: World, client: FlaskClient) -> None:
    address = begin(client)
    form = filled(client, address)
    stranger = world.client("beta-enumerator")
    form["csrf_token"] = csrf_token(stranger)
    assert hand_in(stranger, address, form).status_code == 404
    assert stored(world) == []


@pytest.mark.parametrize("address", PAGES)
def test_a_wrong_method_is_refused(client: FlaskClient, address: str) -> None:
    assert client.put(address).status_code in (400, 405)  # the token is looked at first
    if address.endswith(("collect", "mine")) or "receipts" in address:
        token = csrf_token(client)
        assert client.post(address, data={"csrf_token": token}).status_code == 405


def test_a_huge_body_is_refused_with_its_limit(world: World, client: FlaskClient) -> None:
    address = begin(client)
    form = filled(client, address)
    form["q04_H_note"] = "x" * world.app.config["MAX_CONTENT_LENGTH"]
    assert hand_in(client, address, form).status_code == 413
    assert stored(world) == []


def test_a_receipt_is_for_the_enumerator_and_reviewers_only(
    world: World, client: FlaskClient
) -> None:
    supervisor = world.client("alpha-supervisor")
    address = begin(supervisor)
    others = hand_in(supervisor, address, filled(supervisor, address)).location
    assert client.get(others).status_code == 404
    address = begin(client)
    own = hand_in(client, address, filled(client, address)).location
    assert [who.get(own).status_code for who in (client, supervisor)] == [200, 200]


def test_own_responses_are_listed_newest_first_page_by_page(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.routes.collect.PAGE", 2)
    for seed in range(3):
        address = begin(client)
        hand_in(client, address, filled(client, address, seed))
    codes = [response.short_code for response in stored(world)]
    first = text(client.get("/projects/alpha/mine"))
    assert re.findall(r'own-code">(.*?)<', first) == [codes[2], codes[1]]
    (older,) = re.findall(r'href="(/projects/alpha/mine\?before=\d+)"', first)
    assert re.findall(r'own-code">(.*?)<', text(client.get(older))) == [codes[0]]
    assert "还没有提交过答卷" in text(world.client("alpha-supervisor").get("/projects/alpha/mine"))


def test_without_scripts_each_dependent_question_says_when_it_is_asked(
    client: FlaskClient,
) -> None:
    page = text(client.get(begin(client)))
    assert re.findall(r'question-rule">(.*?)<', page) == [
        "仅当第5题不选“C.完全不了解”时回答",
        "仅当第12题不选“C.不愿意退出”时回答",
    ]


def test_english_is_spoken_on_request(client: FlaskClient) -> None:
    address = begin(client)
    client.post("/language", data={"language": "en", "csrf_token": csrf_token(client)})
    form = filled(client, address)
    del form["q01"]
    assert "This question needs an answer" in text(hand_in(client, address, form))


def test_ids_are_version_7_as_in_the_example_of_rfc_9562() -> None:
    """Appendix A.6: 2022-02-22 19:22:22 GMT, rand_a CC3, rand_b 18C4DC0C0C07398F."""
    chance = (0xCC3 << 68 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    made = new_id(datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC), chance)
    assert made == uuid.UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")


def test_an_id_wants_ten_random_bytes() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        new_id(NOW, b"123456789")
