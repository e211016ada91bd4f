"""What an evaluator and an enumerator do with a tablet, for the browser tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app.models import Area, Assignment, Device, PlannedSample, Project, User
from app.services import devices, projects
from app.services.access import COMMAND_LINE
from app.services.database import Database
from surveys.definition import Audience
from tests.browser import interviewing
from tests.browser.conftest import Live
from tests.browser.interviewing import wait_for

DELIVERED = "全部已送达"


def database(live: Live) -> Database:
    found: Database = live.world.app.extensions["manyi.database"]
    return found


def code_for(live: Live, username: str = "alpha-enumerator", slug: str = "alpha") -> str:
    """The code of a new slip."""
    with database(live).writing() as db:
        project = projects.find(db, COMMAND_LINE, slug)
        return devices.create(db, datetime.now(UTC), COMMAND_LINE, project, username).code


def enrol(live: Live, page: Page, code: str = "") -> None:
    """As after scanning the slip; returns once the app works without a network."""
    page.goto(f"{live.address}/enrol#{code or code_for(live)}")
    page.click("main form button")
    page.wait_for_selector("h1:has-text('alpha 项目')")
    wait_for_shell(page)


def wait_for_shell(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready")
    wait_for(page, "navigator.serviceWorker.controller !== null")


def tablet_page(live: Live, context: BrowserContext) -> Page:
    page = context.new_page()
    enrol(live, page)
    return page


def begin(page: Page, audience: str = "recipient", area: str = "") -> str:
    """From the first page to the first question; returns the id of the response."""
    home(page)
    page.click(f".audience-card[href='#/begin/{audience}']")
    if area:
        page.select_option("#area", area)
    page.check("#agrees")
    page.click(".consent-form button:not([type=button])")
    page.wait_for_selector("[data-question]")
    return page.url.rpartition("/")[2]


def home(page: Page) -> None:
    page.evaluate("window.location.hash = '#/'")
    page.wait_for_selector(".tablet-links")


def show_whole_form(page: Page) -> None:
    page.wait_for_selector("[data-question]")
    if page.locator("[data-one]").count():
        page.click("[data-mode-switch]")


def fill_in(page: Page, answers: dict[str, Any]) -> None:
    show_whole_form(page)
    interviewing.fill_in(page, answers)


def read_store(page: Page, name: str) -> Any:
    return page.evaluate(
        """async name => (await import("/static/js/tablet/store.js")).openStore().all(name)""",
        name,
    )


def wait_until_saved(page: Page, answers: dict[str, Any]) -> None:
    """A tap is stored within some milliseconds, more on a busy machine."""
    for _ in range(200):
        values = read_store(page, "drafts")[0]["values"]
        if all(values.get(key) for key in answers):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never saved: {answers.keys() - values.keys()}")


def send(page: Page) -> None:
    """A tap on the button when it can be pressed, unless everything went by itself already."""
    button = page.locator("[data-slot=send]")
    expect(button).to_be_enabled()
    button.evaluate("button => button.click()")


def wait_until_delivered(page: Page) -> None:
    expect(page.locator("[data-slot=line]")).to_have_text(DELIVERED, timeout=20_000)


def plan(live: Live, quantity: int = 2) -> None:
    """Area 01 with two villages below it, a plan, and an assignment of `alpha-enumerator`."""
    with database(live).writing() as db:
        project = db.scalars(select(Project).where(Project.slug == "alpha")).one()
        town = Area(project_id=project.id, code="01", name="东城区")
        db.add(town)
        db.flush()
        for code, name in (("0101", "长乐村"), ("0102", "柳林村")):
            db.add(Area(project_id=project.id, code=code, name=name, parent_id=town.id))
        db.flush()
        village = db.scalars(select(Area).where(Area.code == "0101")).one()
        user = db.scalars(select(User).where(User.username == "alpha-enumerator")).one()
        audience = Audience.RECIPIENT.value
        db.add(PlannedSample(area_id=village.id, audience=audience, planned=quantity))
        db.add(
            Assignment(user_id=user.id, area_id=village.id, audience=audience, quantity=quantity)
        )


def device_rows(live: Live) -> list[Device]:
    with database(live).reading() as db:
        return list(db.scalars(select(Device).order_by(Device.created_at)))
