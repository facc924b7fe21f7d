"""What is moved and removed on the canvas of a journey, by hand, key and finger, and taken back; a running journey paused, resumed and stopped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.console import live
from tests.console.drawing import WAITING, drawn, kept, make, shape
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG_PRESS_MS = 700
SLACK = 8  # as far as a hand may tremble
STEP = 20  # how far Alt with an arrow moves
RESTING: dict[str, Any] = {
    "nodes": [
        {"kind": "entry", "id": "entry", "x": 0, "y": 0},
        {"kind": "wait", "id": "rest", "seconds": 86400, "x": 0, "y": 150},
        {"kind": "exit", "id": "end", "x": 0, "y": 300},
    ],
    "edges": [{"source": "entry", "port": "out", "target": "rest"}, {"source": "rest", "port": "out", "target": "end"}],
    "rules": {},
}


@pytest.fixture(scope="module")
def shop(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server with an owner and one member."""
    with live.serving(tmp_path_factory.mktemp("canvas") / "data") as address:
        owner = Staff(address).set_up()
        owner.post("/members", {"name": "李雪"})
        yield owner


@pytest.fixture
def visit(chromium: Browser, shop: Staff) -> Iterator[Visit]:
    found = Visit(chromium, shop.address).sign_in()
    yield found
    assert found.complaints == []
    found.close()


def places(shop: Staff, journey: str) -> dict[str, tuple[int, int]]:
    """Where nodes and comments are."""
    graph = drawn(shop, journey)
    return {one["id"]: (one["x"], one["y"]) for one in [*graph["nodes"], *graph.get("comments", [])]}


def at(page: Page, pk: str) -> Locator:
    return page.locator(f"[data-step={pk}]")


def middle(found: Locator) -> tuple[float, float]:
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, found: Locator, by: tuple[int, int]) -> None:
    x, y = middle(found)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + SLACK, y)  # from here on it is dragged
    page.mouse.move(x + SLACK + by[0], y + by[1], steps=8)
    page.mouse.up()


def is_gone(page: Page, *pks: str) -> None:
    for pk in pks:
        expect(at(page, pk)).to_have_count(0)


def test_moved_by_hand_and_by_key(visit: Visit, shop: Staff) -> None:
    journey = make(shop, WAITING)
    page = visit.open(f"/automation/journeys/{journey}")
    page.get_by_role("button", name="实际大小").click()
    before, lines = places(shop, journey), drawn(shop, journey)["edges"]
    drag(page, at(page, "rest"), (-44, 32))
    kept(page)
    moved = before | {"rest": (before["rest"][0] - 44, before["rest"][1] + 32)}
    assert places(shop, journey) == moved
    page.keyboard.press("Control+z")
    kept(page)
    assert places(shop, journey) == before
    page.keyboard.press("Control+y")
    kept(page)
    assert places(shop, journey) == moved
    # Several that are chosen move together, a comment among them.
    at(page, "c1").click()
    at(page, "note").click(modifiers=["Shift"])
    drag(page, at(page, "note"), (-20, -12))
    kept(page)
    together = moved | {pk: (moved[pk][0] - 20, moved[pk][1] - 12) for pk in ("c1", "note")}
    assert places(shop, journey) == together
    at(page, "end").click()
    at(page, "end").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(f"Alt+{key}")
    kept(page)
    nudged = together | {"end": (together["end"][0] + 2 * STEP, together["end"][1] + STEP)}
    assert places(shop, journey) == nudged
    assert drawn(shop, journey)["edges"] == lines
    page.keyboard.press("Control+z")
    kept(page)
    assert places(shop, journey) == nudged | {"end": (nudged["end"][0], nudged["end"][1] - STEP)}
    visit.check()


def test_removed_by_key_and_brought_back(visit: Visit, shop: Staff) -> None:
    journey = make(shop, WAITING)
    page = visit.open(f"/automation/journeys/{journey}")
    whole = drawn(shop, journey)
    # Where one stood between two, its neighbours are joined.
    at(page, "rest").click()
    page.keyboard.press("Delete")
    is_gone(page, "rest")
    kept(page)
    short = (
        ["action", "entry", "exit", "goal", "split"],
        [("action", "out", "goal"), ("entry", "out", "split"), ("goal", "out", "exit"), ("split", "none", "goal"), ("split", "some", "action")],
    )
    assert shape(shop, journey) == short
    page.keyboard.press("Control+z")
    expect(at(page, "rest")).to_be_visible()
    kept(page)
    assert drawn(shop, journey) == whole
    page.keyboard.press("Control+y")
    is_gone(page, "rest")
    kept(page)
    assert shape(shop, journey) == short
    page.keyboard.press("Control+z")
    # A node that parts people leaves no line behind; a comment goes with it.
    at(page, "half").click()
    at(page, "c1").click(modifiers=["Shift"])
    page.keyboard.press("Backspace")
    is_gone(page, "half", "c1")
    kept(page)
    without = drawn(shop, journey)
    assert [(one["source"], one["target"]) for one in without["edges"]] == [("note", "rest"), ("rest", "goal"), ("goal", "end")]
    assert "comments" not in without
    page.keyboard.press("Control+z")
    expect(at(page, "half")).to_be_visible()
    kept(page)
    assert drawn(shop, journey) == whole
    page.keyboard.press("Control+y")
    is_gone(page, "half", "c1")
    kept(page)
    assert drawn(shop, journey) == without
    visit.check()


def test_removed_by_its_menu_and_brought_back(visit: Visit, shop: Staff) -> None:
    journey = make(shop, WAITING)
    page = visit.open(f"/automation/journeys/{journey}")
    whole = drawn(shop, journey)
    undo, redo = page.get_by_role("button", name="撤销"), page.get_by_role("button", name="重做")
    expect(undo).to_be_disabled()
    at(page, "note").click(button="right")
    page.get_by_role("menuitem", name="删除", exact=True).click()
    is_gone(page, "note")
    kept(page)
    short = shape(shop, journey)
    assert short == (
        ["entry", "exit", "goal", "split", "wait"],
        [("entry", "out", "split"), ("goal", "out", "exit"), ("split", "none", "goal"), ("split", "some", "wait"), ("wait", "out", "goal")],
    )
    undo.click()
    expect(at(page, "note")).to_be_visible()
    expect(undo).to_be_disabled()
    kept(page)
    assert drawn(shop, journey) == whole
    redo.click()
    is_gone(page, "note")
    expect(redo).to_be_disabled()
    kept(page)
    assert shape(shop, journey) == short
    undo.click()
    # The menu that opens by key cuts one line.
    at(page, "goal").focus()
    page.keyboard.press("m")
    menu = page.get_by_role("menu").first
    expect(menu.get_by_role("menuitem", name="编辑")).to_be_visible()
    visit.check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem", name="编辑")).to_be_hidden()
    # So does one that somebody clicks beside.
    at(page, "goal").click(button="right")
    expect(page.get_by_role("menuitem", name="编辑")).to_be_visible()
    page.get_by_role("application", name="旅程画布").click(position={"x": 400, "y": 20})
    expect(page.get_by_role("menuitem", name="编辑")).to_be_hidden()
    kept(page)
    assert drawn(shop, journey) == whole


def test_a_finger_that_rests_opens_the_menu(chromium: Browser, shop: Staff) -> None:
    journey = make(shop, RESTING)
    visit = Visit(chromium, shop.address, width=390, height=844, touch=True).sign_in()
    page = visit.open(f"/automation/journeys/{journey}")
    whole = drawn(shop, journey)
    finger = visit.context.new_cdp_session(page)

    def press(found: Locator, *, moving: int = 0) -> None:
        x, y = middle(found)
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step_px in range(4, moving + 1, 4):
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + step_px, "y": y}]})
        page.wait_for_timeout(LONG_PRESS_MS)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    press(at(page, "rest"))
    expect(at(page, "rest")).to_have_attribute("aria-pressed", "true")
    menu = page.get_by_role("menu").first
    expect(menu.get_by_role("menuitem")).to_have_text(["编辑", "在后面添加…", "连接到…", "在前面添加…", "断开", "复制", "再来一份", "删除"])
    visit.check()
    menu.get_by_role("menuitem", name="删除").tap()
    is_gone(page, "rest")
    kept(page)
    assert shape(shop, journey) == (["entry", "exit"], [("entry", "out", "exit")])
    page.get_by_role("button", name="撤销").tap()
    expect(at(page, "rest")).to_be_visible()
    kept(page)
    assert drawn(shop, journey) == whole
    # Whoever taps beside the menu wants nothing of it; whoever drags wants to move the node, and gets no menu.
    press(at(page, "end"))
    expect(page.get_by_role("menuitem", name="删除")).to_be_visible()
    page.touchscreen.tap(195, 260)
    expect(page.get_by_role("menuitem", name="删除")).to_be_hidden()
    before = places(shop, journey)
    press(at(page, "end"), moving=40)
    kept(page)
    expect(page.get_by_role("menuitem", name="删除")).to_be_hidden()
    after = places(shop, journey)
    assert [pk for pk in before if after[pk] != before[pk]] == ["end"]
    # A tap chooses; what can be done is at the bottom.
    at(page, "rest").tap()
    bar = page.get_by_role("toolbar", name="选中的节点")
    bar.get_by_role("button", name="更多").tap()
    page.get_by_role("menuitem", name="再来一份").tap()
    kept(page)
    assert shape(shop, journey)[0] == ["entry", "exit", "wait", "wait"]
    visit.check()
    visit.close()


def test_paused_resumed_and_stopped_with_somebody_on_the_way(visit: Visit, shop: Staff) -> None:
    journey = make(shop, RESTING, publishes=True)
    member = shop.get("/members", q="李雪")["items"][0]["id"]
    shop.post(f"/automation/journeys/{journey}/enrolments", {"member_ids": [member]})
    (person,) = people(shop, journey, "waiting")
    assert (person["member"]["name"], person["node"], person["state"]) == ("李雪", "rest", "waiting")
    page = visit.open(f"/automation/journeys/{journey}")
    header = page.locator(".ht-jh")

    def choose(action: str, question: str, says: str) -> None:
        header.get_by_role("button", name="更多").click()
        page.get_by_role("menuitem", name=action, exact=True).click()
        dialog = page.get_by_role("dialog", name=question)
        expect(dialog.get_by_text(says)).to_be_visible()
        visit.check()
        dialog.get_by_role("button", name=action, exact=True).click()
        expect(dialog).to_be_hidden()

    choose("暂停", "暂停这条旅程？", "路上的 1 人停在原地")
    expect(header.get_by_text("已暂停", exact=True)).to_be_visible()
    assert numbers(shop, journey) == ("paused", 1, 0)
    assert people(shop, journey, "waiting") == [person]
    header.get_by_role("button", name="更多").click()
    expect(page.get_by_role("menuitem")).to_have_text(["名称和优先级", "停止"])  # nobody is let in meanwhile
    page.keyboard.press("Escape")
    header.get_by_role("button", name="恢复").click()
    expect(header.get_by_text("进行中", exact=True)).to_be_visible()
    assert numbers(shop, journey) == ("on", 1, 0)
    assert people(shop, journey, "waiting") == [person]
    choose("停止", "停止这条旅程？", "路上的 1 人就此离开")
    expect(header.get_by_text("已停止", exact=True)).to_be_visible()
    assert numbers(shop, journey) == ("stopped", 0, 1)
    assert people(shop, journey, "waiting") == []
    assert [(one["member"]["name"], one["node"], one["ended_as"]) for one in people(shop, journey, "ended")] == [("李雪", "rest", "stopped")]
    header.get_by_role("button", name="开始").click()
    expect(header.get_by_text("进行中", exact=True)).to_be_visible()
    assert numbers(shop, journey) == ("on", 0, 1)  # they do not come back


def people(shop: Staff, journey: str, show: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.get(f"/automation/journeys/{journey}/people", show=show)["items"]
    return found


def numbers(shop: Staff, journey: str) -> tuple[str, int, int]:
    """Its state, how many are on their way, and how many ended."""
    found = shop.get(f"/automation/journeys/{journey}")
    return found["state"], found["in_flight"], found["ended"]
