"""Journeys in the console: drawn by keyboard and by mouse, published, gone through; two editors at once; nothing that was drawn is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.console import live
from tests.console.drawing import WAITING, drawn, kept, make, shape, step
from tests.console.live import PASSWORD, Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COLLEAGUE = "mei@example.org"
LOOKS = [("light", "zh", 1440), ("dark", "en", 390)]


@pytest.fixture(scope="module")
def shop(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server with an owner, a colleague who may draw too, and three members."""
    with live.serving(tmp_path_factory.mktemp("journeys") / "data") as address:
        owner = Staff(address).set_up()
        link = owner.post("/invitations", {"role": "manager", "email": COLLEAGUE})["link"]
        account = {"name": "韩梅梅", "email": COLLEAGUE, "password": PASSWORD, "language": "zh"}
        Staff(address).http.post(f"/api/invitations/{link.rpartition('/')[2]}", json={"account": account}).raise_for_status()
        for name in ("李雪", "赵四", "王小明"):
            owner.post("/members", {"name": name})
        yield owner


@pytest.fixture
def visit(chromium: Browser, shop: Staff) -> Iterator[Visit]:
    found = Visit(chromium, shop.address).sign_in()
    yield found
    assert found.complaints == []
    found.close()


def choose(page: Page, typed: str, button: str) -> None:
    """From the dialog of what to add."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(typed)
    expect(dialog.get_by_role("button", name=button, exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, shop: Staff, theme: str, language: str, width: int) -> None:
    journey = make(shop, WAITING, publishes=True)
    shop.post(f"/automation/journeys/{journey}/enrolments", {"member_ids": [one["id"] for one in shop.get("/members")["items"]]})
    visit = Visit(chromium, shop.address, theme=theme, language=language, width=width).sign_in()
    is_en = language == "en"
    page = visit.open("/automation/journeys", heading="Journeys" if is_en else "旅程")
    page.get_by_role("button", name="Ready-made journeys" if is_en else "现成的旅程").click()
    expect(page.get_by_role("list").filter(has=page.locator(".ht-jmini")).get_by_role("listitem")).to_have_count(7)
    visit.check()
    for view in ("draw", "numbers", "trial", "versions"):
        page = visit.open(f"/automation/journeys/{journey}?view={view}")
        expect(page.locator("[data-step=rest]")).to_be_visible()
        visit.check()
        page.locator("[data-step=half]").click()
        if view == "draw" and width < 768:
            page.get_by_role("button", name="Edit", exact=True).click()
        if view in ("draw", "versions"):
            expect(page.get_by_text("100% in all" if is_en else "合计 100%", exact=True)).to_be_visible()
        visit.check()
    visit.close()


def test_drawn_by_keyboard_published_and_gone_through(visit: Visit, shop: Staff) -> None:
    page = visit.open("/automation/journeys", heading="旅程")
    page.get_by_role("button", name="新建旅程").first.click()
    page.get_by_role("dialog").get_by_label("名称").fill("键盘画的")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/automation/journeys/[0-9a-f-]{36}"))
    journey = page.url.rpartition("/")[2].partition("?")[0]
    entry = step(page, "入口")
    entry.focus()
    page.keyboard.press("a")
    choose(page, "新建待办", "新建待办")
    todo = step(page, "新建待办")
    expect(todo).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("给新人打个电话")
    page.keyboard.press("Escape")
    expect(todo).to_be_focused()
    expect(todo).to_contain_text("给新人打个电话")
    page.keyboard.press("a")
    choose(page, "等一段时间", "等一段时间")
    page.keyboard.press("a")
    choose(page, "结束", "结束")
    page.keyboard.press("ArrowUp")
    expect(step(page, "等一段时间")).to_be_focused()
    page.keyboard.press("Delete")
    expect(step(page, "等一段时间")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(step(page, "等一段时间")).to_have_count(1)
    kept(page)
    expected = (["action", "entry", "exit", "wait"], [("action", "out", "wait"), ("entry", "out", "action"), ("wait", "out", "exit")])
    assert shape(shop, journey) == expected
    todo.focus()
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(todo).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(todo).to_have_count(1)
    page.keyboard.press("Control+y")
    expect(todo).to_have_count(2)
    page.keyboard.press("Control+z")
    kept(page)
    visit.check()
    page.get_by_role("button", name="发布", exact=True).click()
    dialog = page.get_by_role("dialog", name="发布旅程")
    expect(dialog.get_by_text("检查通过，可以发布")).to_be_visible()
    visit.check()
    dialog.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("进行中", exact=True)).to_be_visible()
    member = shop.get("/members", q="李雪")["items"][0]["id"]
    shop.post(f"/automation/journeys/{journey}/enrolments", {"member_ids": [member]})
    page.get_by_text("数据", exact=True).click()
    wait = step(page, "等一段时间")
    expect(wait.locator("xpath=..")).to_contain_text("在等 1")
    wait.click()
    page.get_by_role("list", name="在等").get_by_role("button", name=re.compile("李雪")).click()
    way = page.get_by_role("list", name="李雪 走过的路")
    expect(way.get_by_role("listitem")).to_have_count(1)
    expect(way).to_contain_text("新建待办")
    visit.check()
    assert shop.get("/todos", q="给新人")["items"][0]["member"]["name"] == "李雪"


def test_drawn_by_mouse(visit: Visit, shop: Staff) -> None:
    journey = make(shop)
    page = visit.open(f"/automation/journeys/{journey}")
    canvas = page.get_by_role("application", name="旅程画布")
    place = canvas.bounding_box()
    assert place is not None
    palette = page.get_by_role("complementary", name="添加节点")
    palette.get_by_role("button", name="按条件分支", exact=True).drag_to(
        canvas, target_position={"x": place["width"] / 2, "y": place["height"] * 0.62}
    )
    branch = step(page, "按条件分支")
    expect(branch).to_be_visible()
    source, target = page.locator("[data-id=entry] .react-flow__handle.source"), page.locator(".react-flow__node", has=branch)
    source.hover()
    page.mouse.down()
    inside = target.locator(".react-flow__handle.target").bounding_box()
    assert inside is not None
    page.mouse.move(inside["x"] + 40, inside["y"] - 30, steps=4)
    page.mouse.move(inside["x"] + inside["width"] / 2, inside["y"] + inside["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    page.get_by_role("button", name=re.compile("在中间插入")).click()
    choose(page, "等到某个时刻", "等到某个时刻")
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    page.get_by_role("button", name="看全部").click()
    branch.click()
    palette.get_by_role("button", name="结束", exact=True).click()  # behind what is chosen, by its first free way out
    expect(page.locator(".react-flow__edge")).to_have_count(3)
    kept(page)
    kinds, edges = shape(shop, journey)
    assert kinds == ["branch", "entry", "exit", "wait_time"]
    assert [(a, b) for a, _, b in edges] == [("branch", "exit"), ("entry", "wait_time"), ("wait_time", "branch")]
    before = {node["id"]: (node.get("x", 0), node.get("y", 0)) for node in drawn(shop, journey)["nodes"]}
    page.get_by_role("button", name="看全部").click()
    step(page, "结束").hover()
    at = step(page, "结束").bounding_box()
    assert at is not None
    page.mouse.down()
    page.mouse.move(at["x"] - 60, at["y"] + 20, steps=6)
    page.mouse.up()
    kept(page)
    after = {node["id"]: (node.get("x", 0), node.get("y", 0)) for node in drawn(shop, journey)["nodes"]}
    assert [node for node in before if before[node] != after[node]] == [
        next(node["id"] for node in drawn(shop, journey)["nodes"] if node["kind"] == "exit")
    ]
    page.get_by_role("button", name="看全部").click()
    branch.click(button="right")
    page.get_by_role("menuitem", name="连接到…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="从哪个出口").click()
    page.locator(".ant-select-item-option", has_text="其他").click()
    dialog.get_by_role("combobox", name="到哪个节点").click()
    page.locator(".ant-select-item-option", has_text="结束").click()
    dialog.get_by_role("button", name="连接", exact=True).click()
    kept(page)
    assert ("branch", "otherwise", "exit") in shape(shop, journey)[1]
    page.get_by_role("button", name="写一张便签").click()
    page.get_by_label("写点什么").fill("这里以后再想")
    page.get_by_role("button", name="自动排列").click()
    kept(page)
    assert [one["text"] for one in drawn(shop, journey)["comments"]] == ["这里以后再想"]
    visit.check()


def test_what_is_wrong_is_told_at_its_place_and_nothing_is_lost(visit: Visit, shop: Staff) -> None:
    journey = make(shop)
    page = visit.open(f"/automation/journeys/{journey}")
    step(page, "入口").click()
    page.get_by_role("complementary", name="添加节点").get_by_role("button", name="新建待办", exact=True).click()
    bar = page.get_by_role("region", name="检查")
    bar.get_by_role("button", name=re.compile("要改")).click()
    bar.get_by_role("button", name=re.compile("新建待办.*请填写")).click()
    title = page.get_by_role("complementary", name="选中的内容").get_by_label("标题", exact=True)
    expect(title).to_be_focused()
    expect(title).to_have_attribute("aria-invalid", "true")
    kept(page)
    visit.check()
    page.get_by_role("button", name="发布", exact=True).click()
    dialog = page.get_by_role("dialog", name="发布旅程")
    expect(dialog.get_by_text(re.compile("要先改"))).to_be_visible()
    expect(dialog.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    page.keyboard.press("Escape")
    page.reload()
    expect(step(page, "新建待办")).to_be_visible()
    # Now the server cannot be reached: what is drawn stays in this browser.
    gone = re.compile(r"/draft$")
    page.route(gone, lambda route: route.abort())
    step(page, "新建待办").click()
    page.get_by_role("complementary", name="选中的内容").get_by_label("标题", exact=True).fill("没有网络时写的")
    expect(page.get_by_text(re.compile("没有存到服务器"))).to_be_visible()
    page.unroute(gone)
    page.reload()
    expect(step(page, "没有网络时写的")).to_be_visible()
    kept(page)
    visit.complaints.clear()
    assert [node["settings"].get("title") for node in drawn(shop, journey)["nodes"] if node["kind"] == "action"] == ["没有网络时写的"]


def test_two_editors(visit: Visit, shop: Staff) -> None:
    journey = make(shop)
    page = visit.open(f"/automation/journeys/{journey}")
    other = Staff(shop.address).sign_in(COLLEAGUE)
    theirs = {
        "nodes": [{"kind": "entry", "id": "entry"}, {"kind": "join", "id": "hers", "name": "她的汇合", "y": 200}],
        "edges": [{"source": "entry", "target": "hers"}],
    }
    place = f"/api/workspaces/{other.workspace}/automation/journeys/{journey}/draft"
    other.http.put(place, json={"graph": theirs, "revision": 1}).raise_for_status()
    step(page, "入口").click()
    page.get_by_role("complementary", name="添加节点").get_by_role("button", name="限速", exact=True).click()
    dialog = page.get_by_role("dialog", name="韩梅梅 刚刚也保存了这份草稿")
    expect(dialog.get_by_text("韩梅梅 的：2 个节点")).to_be_visible()
    assert all("409" in one for one in visit.complaints)
    visit.complaints.clear()
    visit.check()
    assert [node["id"] for node in drawn(shop, journey)["nodes"]] == ["entry", "hers"]  # nothing is written over meanwhile
    dialog.get_by_role("button", name="用我的").click()
    expect(step(page, "限速")).to_be_visible()
    kept(page)
    assert shape(shop, journey) == (["entry", "limit"], [("entry", "out", "limit")])
    page.get_by_role("button", name="撤销").click()
    expect(step(page, "她的汇合")).to_be_visible()
    kept(page)
    assert [node["id"] for node in drawn(shop, journey)["nodes"]] == ["entry", "hers"]
    page.get_by_role("button", name="重做").click()
    expect(step(page, "限速")).to_be_visible()


def test_a_preset_becomes_a_journey_and_is_tried(visit: Visit, shop: Staff) -> None:
    page = visit.open("/automation/journeys", heading="旅程")
    if page.get_by_role("button", name="现成的旅程").count():
        page.get_by_role("button", name="现成的旅程").click()
    page.get_by_role("button", name="使用「新人欢迎与七天引导」").click()
    page.get_by_role("dialog").get_by_role("button", name="开始画").click()
    expect(page.locator("[data-step=hello]")).to_be_visible()
    expect(page.get_by_text("检查通过，可以发布")).to_be_visible()
    visit.check()
    page.get_by_text("试跑", exact=True).click()
    page.get_by_role("combobox", name="选择成员").click()
    page.locator(".ant-select-item-option", has_text="李雪").click()
    page.get_by_role("complementary", name="试跑").get_by_role("button", name="试跑", exact=True).click()
    way = page.get_by_role("list", name="李雪 走过的路")
    expect(way.get_by_text("欢迎", exact=True)).to_be_visible()
    visit.check()


def test_the_journeys_of_one_member_on_their_page(visit: Visit, shop: Staff) -> None:
    member = shop.post("/members", {"name": "孙七"})["id"]
    journey = make(
        shop,
        {
            "nodes": [
                {"kind": "entry", "id": "entry"},
                {"kind": "wait_event", "id": "w", "name": "等回音", "events": [{"id": "a", "event": "page_viewed"}], "timeout_seconds": 864_000},
            ],
            "edges": [{"source": "entry", "target": "w"}],
        },
        publishes=True,
    )
    name = shop.get(f"/automation/journeys/{journey}")["name"]
    answered = "**/automation/enrolments?**"
    visit.page.route(answered, lambda route: route.abort())
    page = visit.open(f"/members/{member}", heading="孙七")
    section = page.get_by_role("region", name="旅程", exact=True)
    expect(section.get_by_role("alert")).to_be_visible()
    page.unroute(answered)
    visit.complaints.clear()
    section.get_by_role("button", name="重试").click()
    expect(section.get_by_text("还没有进过旅程。")).to_be_visible()
    visit.check()

    def put_in() -> Locator:
        section.get_by_role("button", name="放入旅程").click()
        dialog = page.get_by_role("dialog", name="放入旅程")
        dialog.get_by_role("combobox", name="选择进行中的旅程").fill(name)
        page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has=page.get_by_text(name, exact=True)).click()
        dialog.get_by_role("button", name="放入").click()
        return dialog

    expect(put_in()).to_be_hidden()
    way = section.get_by_role("list", name="旅程").get_by_role("listitem")
    expect(way).to_contain_text("到「等回音」")
    expect(way).to_contain_text("等 浏览页面，最多等到")
    (found,) = shop.get("/automation/enrolments", member_id=member)["items"]
    assert (found["journey"]["id"], found["node"]["id"], found["state"]) == (journey, "w", "waiting")
    again = put_in()
    expect(again.get_by_text("没有进来：已经在里面。")).to_be_visible()
    visit.check()
    again.get_by_role("button", name="取消").click()
    expect(again).to_be_hidden()
    way.get_by_role("link", name=name).click()
    expect(page.get_by_role("complementary").get_by_role("heading", name="孙七")).to_be_visible()
    expect(step(page, "等回音")).to_be_visible()
    page.go_back()
    section.get_by_role("button", name=f"请出「{name}」").click()
    dialog = page.get_by_role("dialog", name="请出旅程？")
    expect(dialog.get_by_text(f"孙七 就此离开「{name}」，还没发出的消息不再发。")).to_be_visible()
    visit.check()
    dialog.get_by_role("button", name="请出旅程").click()
    expect(way).to_contain_text("由林小满移出。")
    expect(section.get_by_role("button", name="请出")).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 900})
    visit.check()
    assert [one["ended_as"] for one in shop.get("/automation/enrolments", member_id=member)["items"]] == ["removed"]
