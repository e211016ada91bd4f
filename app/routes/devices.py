"""The tablets of a project: registering one, showing its code once, closing it."""

from __future__ import annotations

import uuid

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.problems import Problem
from app.request import actor, now, reading, writing
from app.routes.entry import enter
from app.routes.manage import pages
from app.services import accounts, devices
from app.services.devices import NewDevice


@pages.get("/projects/<slug>/devices", endpoint="devices")
def all_devices(slug: str) -> ResponseReturnValue:
    return _page(slug)


@pages.post("/projects/<slug>/devices")
def device_create(slug: str) -> ResponseReturnValue:
    username, label = (request.form.get(name, "").strip() for name in ("username", "label"))
    try:
        with writing() as db:
            project = enter(db, slug, "manage_project")
            made = devices.create(db, now(), actor(), project, username, label)
    except Problem as problem:
        if problem.code != "422.2":
            raise
        return _page(slug, problem)
    return _slip(slug, made)


@pages.post("/projects/<slug>/devices/<uuid:device_id>/revoke")
def device_revoke(slug: str, device_id: uuid.UUID) -> ResponseReturnValue:
    with writing() as db:
        project = enter(db, slug, "manage_project")
        devices.revoke(db, now(), actor(), project, device_id)
    flash(_("平板已停用：它只能交回已完成的答卷，这些答卷待审"))
    return redirect(url_for("manage.devices", slug=slug), 303)


def _page(slug: str, problem: Problem | None = None) -> ResponseReturnValue:
    with reading() as db:
        project = enter(db, slug, "manage_project")
        found = devices.all_devices(db, project)
        people = [user for user in accounts.members(db, project) if user.active]
    page = render_template("manage/devices.html", devices=found, people=people, problem=problem)
    return page, problem.status if problem else 200


def _slip(slug: str, made: NewDevice) -> ResponseReturnValue:
    """Never to be shown again: only the hash is stored. What follows # in an address stays in the
    browser, so that the code reaches no log of a server."""
    address = url_for("tablet.enrol", _external=True)
    code = segno.make(f"{address}#{made.code}", error="m", micro=False)
    return render_template(
        "manage/device.html",
        made=made,
        address=address,
        picture=code.svg_data_uri(scale=6, border=4),
        back=url_for("manage.devices", slug=slug),
    )
