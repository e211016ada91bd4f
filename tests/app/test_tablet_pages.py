"""The documents of the tablet app, its worker and manifest, enrolment and the bundle."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Area, Assignment, Project, User
from app.services import devices, projects, questionnaires
from app.services.access import COMMAND_LINE
from surveys.catalogue import find
from tests.app.filled import database
from tests.app.tablets import Tablet, code_of, new_uuid, response, revoke, tablet
from tests.conftest import NOW, World

SHELL = re.compile(rb"const SHELL = (\{.*?\});\n")
IMPORT = re.compile(r"""from "([^"]+)";""")


def shell(world: World) -> dict[str, Any]:
    answer = world.client().get("/tablet/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    found = SHELL.match(answer.data)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize("address", ["/enrol", "/tablet/"])
def test_addresses_on_slips_lead_to_the_app(world: World, address: str) -> None:
    answer = world.client().get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/tablet/zh/")
    assert world.client().post(address).status_code in (400, 405)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_document_is_the_same_for_everybody_and_sets_no_cookie(world: World, language: str) -> None:
    address = f"/tablet/{language}/"
    answers = [world.client(who).get(address) for who in (None, "admin", "alpha-enumerator")]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    text = answers[0].get_data(as_text=True)
    assert "csrf" not in text and "alpha" not in text
    assert world.client().get("/tablet/fr/").status_code == 404


def test_worker_lists_every_file_with_its_hash_and_every_imported_module(world: World) -> None:
    files, client = shell(world)["files"], world.client()
    assert {"/tablet/zh/", "/tablet/en/", "/static/js/tablet/app.js"} <= files.keys()
    for address, expected in files.items():
        content = client.get(address).data
        assert hashlib.sha256(content).hexdigest() == expected, address
        if not address.endswith(".js"):
            continue
        for target in IMPORT.findall(content.decode()):
            folder = PurePosixPath(address).parent
            path = re.sub(r"[^/]+/\.\./", "", f"{folder}/{target}".replace("/./", "/"))
            assert re.sub(r"[^/]+/\.\./", "", path) in files, f"{address} imports {target}"


def test_documents_name_only_files_of_the_shell_and_no_other_host(world: World) -> None:
    files = shell(world)["files"]
    for language in ("zh", "en"):
        text = world.client().get(f"/tablet/{language}/").get_data(as_text=True)
        named = set(re.findall(r"""(?:src|href)="(/[^"]*)\"""", text))
        assert len(named) > 8 and named <= files.keys()
        assert not re.findall(r"https?://\w", text)


def test_another_file_makes_another_version(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.routes import tablet as pages

    before, whole = shell(world), pages._document
    assert shell(world) == before
    monkeypatch.setattr(pages, "_document", lambda language: whole(language) + " ")
    after = shell(world)
    assert after["version"] != before["version"] and after["files"].keys() == before["files"].keys()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_manifest_can_be_installed(world: World, language: str) -> None:
    client = world.client()
    answer = client.get(f"/tablet/{language}/app.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.data)
    assert (manifest["display"], manifest["scope"]) == ("standalone", "/tablet/")
    assert manifest["start_url"] == f"/tablet/{language}/"
    for icon in manifest["icons"]:
        content = client.get(icon["src"]).data
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert "x".join(map(str, struct.unpack(">II", content[16:24]))) == icon["sizes"]
    assert {"192x192", "512x512"} == {icon["sizes"] for icon in manifest["icons"]}
    assert {"any", "maskable"} == {icon["purpose"] for icon in manifest["icons"]}


def new_code(world: World) -> str:
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        return devices.create(session, NOW, COMMAND_LINE, project, "alpha-enumerator").code


def enrol(world: World, body: Any) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return world.client().post("/api/v1/enrol", data=content, content_type="application/json")


def test_enrolment_works_twice_with_one_token_and_not_with_another(world: World) -> None:
    code, token = new_code(world), devices.make_token()
    answers = [enrol(world, {"code": code, "token": token}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert answers[0].json["project"] == "alpha" and "token" not in answers[0].json
    other = enrol(world, {"code": code, "token": devices.make_token()})
    assert (other.status_code, code_of(other)) == (401, "401.4")
    assert "Set-Cookie" not in other.headers


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "400.2"),
        (b"<html>", "400.1"),
        (b"[]", "400.1"),
        (b"{}", "400.1"),
        (b'{"code": 1, "token": 2}', "400.1"),
        (b'{"code": "x", "token": "y"}', "401.4"),
        (b'{"code": "\\ud800", "token": "\\u0000"}', "401.4"),
    ],
)
def test_malformed_enrolment_is_refused_in_words(world: World, body: bytes, code: str) -> None:
    assert code_of(enrol(world, body)) == code


def test_code_is_too_old_after_a_week(world: World) -> None:
    code = new_code(world)
    world.app.extensions["manyi.clock"] = lambda: NOW + timedelta(days=7)
    assert code_of(enrol(world, {"code": code, "token": devices.make_token()})) == "401.4"


@pytest.fixture
def own(world: World) -> Tablet:
    return tablet(world)


def bundle(own: Tablet, **headers: str) -> Any:
    return own.send("get", "/api/v1/tablet", **headers)


def test_bundle_holds_what_a_tablet_needs_and_nothing_of_others(own: Tablet) -> None:
    with database(own.world.app).writing() as session:
        project = session.scalars(select(Project).where(Project.slug == "alpha")).one()
        other = session.scalars(select(Project).where(Project.slug == "beta")).one()
        here = Area(project_id=project.id, code="01", name="东城区")
        session.add_all([here, Area(project_id=other.id, code="99", name="别处")])
        session.flush()
        users = session.scalars(select(User).order_by(User.username)).all()
        by_name = {user.username: user.id for user in users}
        for name, quantity in (("alpha-enumerator", 5), ("alpha-supervisor", 9)):
            line = {"user_id": by_name[name], "area_id": here.id, "quantity": quantity}
            session.add(Assignment(**line, audience="recipient"))
    own.put(new_uuid(1), response(1, area="01"))
    found = bundle(own).json
    assert found["device"]["id"] == str(own.id)
    assert found["project"] == {
        **{"slug": "alpha", "name": "alpha 项目", "practice": False, "asks_position": False},
    }
    assert found["areas"] == [{"code": "01", "name": "东城区", "parent": None}]
    assert [(one["quantity"], one["done"]) for one in found["assignments"]] == [(5, 1)]
    keys = [form["key"] for form in found["forms"]]
    assert keys == [
        *("dibao-residents@2/recipient", "dibao-residents@2/non_recipient"),
        "dibao-cadres@2/cadre",
    ]
    assert all(
        "data-question" in form["html"][name] for form in found["forms"] for name in ["zh", "en"]
    )
    assert "beta" not in json.dumps(found) and "别处" not in json.dumps(found, ensure_ascii=False)
    assert not {"private", "private_key"} & set(json.dumps(found).split('"'))


def test_bundle_is_fetched_again_only_when_something_changed(own: Tablet) -> None:
    first = bundle(own).json
    headers = {"If-None-Match": f'"{first["version"]}"'}
    again = bundle(own, **headers)
    assert (again.status_code, again.data) == (304, b"")
    with database(own.world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        questionnaires.publish(session, NOW, COMMAND_LINE, project, find("dibao-cadres@1"))
        projects.set_asks_position(session, NOW, COMMAND_LINE, project, asks=True)
    after = bundle(own, **headers)
    assert after.status_code == 200 and after.json["version"] != first["version"]
    assert after.json["key"] == first["key"]


def test_bundle_is_closed_to_strangers_and_revoked_tablets(own: Tablet) -> None:
    for header in ("", "Bearer x", "Basic x", f"Bearer {devices.make_token()}"):
        assert code_of(bundle(own, Authorization=header)) == "401.3"
    revoke(own)
    assert code_of(bundle(own)) == "403.2"
    client = own.world.client("alpha-evaluator")
    assert client.get("/api/v1/tablet").status_code == 401


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("post", "/api/v1/tablet"),
        ("put", "/api/v1/tablet"),
        ("get", "/api/v1/enrol"),
        ("put", "/api/v1/enrol"),
        ("delete", "/api/v1/enrol"),
    ],
)
def test_wrong_methods_are_refused(own: Tablet, method: str, address: str) -> None:
    answer = own.send(method, address, {"x": 1})
    assert (answer.status_code, code_of(answer)) == (405, "405.1")
