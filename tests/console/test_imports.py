"""Imports in the console: from the drop to the numbers and back, in a real browser. Counts are those of the API and of the files."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hutong.imports.formats.text import ENCODINGS
from tests.console import live
from tests.console.live import Staff, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [(theme, language, width) for theme in ("light", "dark") for language in ("zh", "en") for width in (1440, 390)]
TITLES = {"zh": "导入聊天记录", "en": "Import a chat history"}
LOGS = live.ROOT.parent / "shared" / "data" / "chat"
WORK_MILLISECONDS_MAX = 60_000

# Day and month can change places; one line is no date at all.
WHATSAPP = """3/4/24, 21:05 - 小满: 早上好
3/4/24, 21:06 - 阿强: 大家好 👋
4/4/24, 08:00 - 小满: <b>不是粗体</b>
5/4/24, 09:12 - 阿强: 明天见
"""
TABLE = """when;who;what;room
2026-05-01 08:00:00;小满;早上好;一群
2026-05-01 08:05:00;阿强;你好;二群
2026-05-02 20:00:00;小满;晚上好;一群
not a time;阿强;迷路了;一群
"""
MAPPED = {"时间": "when", "发言人": "who", "内容": "what"}


@pytest.fixture(scope="module")
def own(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A server of these tests' own."""
    with live.serving(tmp_path_factory.mktemp("imports") / "data") as address:
        yield Staff(address).set_up()


@pytest.fixture
def visit(chromium: Browser, own: Staff) -> Iterator[Visit]:
    found = Visit(chromium, own.address).sign_in()
    yield found
    found.close()


def drop(page: Page, *files: Path) -> str:
    """Choose files; gives the id of the import they became."""
    page.locator("input[type=file]").set_input_files([str(file) for file in files])
    page.wait_for_url(re.compile(r"/communities/import/[0-9a-f-]{36}"))
    page.locator(".ht-import-preview").wait_for()
    return page.url.split("?")[0].rsplit("/", 1)[1]


def choose(page: Page, label: str, option: str) -> None:
    pick(page, page.get_by_role("combobox", name=label, exact=True), option)


def pick(page: Page, select: Locator, option: str) -> None:
    opened = page.locator(".ant-select-dropdown:visible")
    expect(opened).to_have_count(0)  # the one before has closed
    select.click()
    opened.locator(".ant-select-item-option", has_text=option).first.click()
    expect(opened).to_have_count(0)


def saved(page: Page) -> None:
    page.locator("body").click(position={"x": 1, "y": 1})  # leaving a field saves it
    page.wait_for_load_state("networkidle")
    page.get_by_text("选项已保存，离开再回来也在").wait_for()


def checked(page: Page) -> None:
    page.get_by_role("button", name="检查全部内容").click()
    page.get_by_role("button", name=re.compile("^开始导入")).wait_for(timeout=WORK_MILLISECONDS_MAX)


def imported(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^开始导入")).click()
    page.get_by_role("button", name="撤销导入").wait_for(timeout=WORK_MILLISECONDS_MAX)


def figures(page: Page) -> dict[str, str]:
    pairs = page.locator(".ht-import-figures > div").evaluate_all(
        "list => list.map((one) => [one.children[0].textContent, one.children[1].textContent])"
    )
    return dict(pairs)


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_look(chromium: Browser, own: Staff, tmp_path: Path, theme: str, language: str, width: int) -> None:
    visit = Visit(chromium, own.address, theme=theme, language=language, width=width).sign_in()
    page = visit.open("/communities/import", heading=TITLES[language])
    page.locator("summary").first.click()
    visit.check()
    file = tmp_path / "一份很长的文件名，用来看看标题在手机上会不会把页面撑宽_2026_05.csv"
    file.write_text(TABLE, encoding="utf-8")
    made = drop(page, file)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    visit.check()
    own.http.delete(f"/api/workspaces/{own.workspace}/imports/{made}").raise_for_status()
    visit.close()


def test_a_history_from_the_drop_to_the_numbers_and_back(visit: Visit, own: Staff, tmp_path: Path) -> None:
    file = tmp_path / "WhatsApp 读书会.txt"
    file.write_text(WHATSAPP, encoding="utf-8")
    page = visit.open("/communities/import", heading=TITLES["zh"])
    made = drop(page, file)
    expect(page.get_by_role("button", name="检查全部内容")).to_be_disabled()
    expect(page.get_by_text("还要选择：日期的顺序")).to_be_visible()
    # Both readings with a date of the file.
    expect(page.get_by_text("3/4/24 是 2024年4月3日 周三")).to_be_visible()
    expect(page.get_by_text("3/4/24 是 2024年3月4日 周一")).to_be_visible()
    page.get_by_role("radio", name="日 / 月 / 年").check()
    expect(page.locator(".ht-import-preview tbody tr").first).to_contain_text("2024年4月3日 周三 21:05")
    assert page.locator(".ht-import-preview tbody tr").nth(2).locator("td").nth(2).inner_text() == "<b>不是粗体</b>"
    page.get_by_role("textbox", name="新社群的名称").fill("读书会")
    page.get_by_role("textbox", name="新群的名称").fill("一群")
    saved(page)
    # Leaving and coming back loses nothing.
    page = visit.open(f"/communities/import/{made}")
    expect(page.get_by_role("textbox", name="新社群的名称")).to_have_value("读书会")
    expect(page.get_by_role("textbox", name="新群的名称")).to_have_value("一群")
    checked(page)
    assert figures(page) == {"消息": "4", "人": "2", "有内容的天数": "3", "读不出": "0"}
    visit.check()
    imported(page)
    expect(page.get_by_role("heading", level=2)).to_have_text("已向 读书会 新增 4 条记录")
    assert figures(page) == {"新增": "4", "已经有的": "0", "读不出": "0", "人": "2"}
    visit.check()
    page.get_by_role("link", name="看成员").click()
    expect(page.get_by_text("共 2 位成员")).to_be_visible()
    assert sorted(one["messages"] for one in own.get("/members")["items"]) == [2, 2]
    # The same file again changes nothing.
    page = visit.open("/communities/import", heading=TITLES["zh"])
    drop(page, file)
    page.get_by_role("radio", name="日 / 月 / 年").check()
    choose(page, "社群", "读书会")
    choose(page, "群", "一群")
    page.get_by_role("button", name="检查全部内容").click()
    expect(page.get_by_role("heading", name="检查完成，这些内容以前都导入过了")).to_be_visible(timeout=WORK_MILLISECONDS_MAX)
    page.get_by_role("button", name="删除").click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    page.get_by_role("heading", level=1, name=TITLES["zh"]).wait_for()
    # And it can be taken back.
    page.get_by_role("link", name="WhatsApp 读书会.txt").click()
    page.get_by_role("button", name="撤销导入").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("这次加入的 4 条记录")
    dialog.get_by_role("button", name="撤销导入").click()
    expect(page.get_by_role("heading", name="这次导入已撤销")).to_be_visible(timeout=WORK_MILLISECONDS_MAX)
    visit.check()
    assert own.get("/members")["items"] == []
    assert own.get("/communities")["items"] == []


def test_an_unknown_encoding_is_asked_for_and_the_files_go_again(visit: Visit, own: Staff, tmp_path: Path) -> None:
    file = tmp_path / "老檔案.csv"
    file.write_bytes(
        ("time,sender,text\n" + "".join(f"2026-05-0{day} 08:00:00,小滿,早安，今天的咖啡很好喝{day}\n" for day in range(1, 9))).encode("big5")
    )
    page = visit.open("/communities/import", heading=TITLES["zh"])
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_role("alert").get_by_text("认不出文件「老檔案.csv」的文字编码").wait_for()
    again = page.get_by_role("button", name="用这个编码重新上传")
    expect(again).to_be_disabled()
    visit.complaints.clear()  # the browser itself notes an answer 422
    visit.check()
    choose(page, "文字编码", "UTF-16 LE")  # wrong: it is asked for again, with what was tried
    again.click()
    page.get_by_role("alert").get_by_text("不再是 utf-16-le 编码").wait_for()
    expect(page.locator(".ant-select", has=page.get_by_role("combobox", name="文字编码"))).to_contain_text("UTF-16 LE")
    visit.complaints.clear()
    choose(page, "文字编码", "Big5")
    again.click()
    page.wait_for_url(re.compile(r"/communities/import/[0-9a-f-]{36}"))
    expect(page.locator(".ht-import-preview")).to_contain_text("早安，今天的咖啡很好喝1")
    made = page.url.split("?")[0].rsplit("/", 1)[1]
    assert own.get(f"/imports/{made}")["options"]["encoding"] == "big5"
    own.http.delete(f"/api/workspaces/{own.workspace}/imports/{made}").raise_for_status()
    assert visit.complaints == []


def test_every_encoding_offered_is_one_the_server_takes() -> None:
    table = (live.ROOT / "console/src/imports/encodings.ts").read_text().partition("const NAMES = {")[2].partition("};")[0]
    offered = re.findall(r"""^  "?([\w-]+)"?: """, table, re.MULTILINE)
    assert {codecs.lookup(name).name for name in offered} == {codecs.lookup(name).name for name in ENCODINGS} - {"utf-16", "gbk", "gb2312", "ascii"}


def test_a_table_is_mapped_its_groups_placed_and_its_rejects_shown(visit: Visit, own: Staff, tmp_path: Path) -> None:
    file = tmp_path / "聊天.csv"
    file.write_text(TABLE, encoding="gb18030")
    page = visit.open("/communities/import", heading=TITLES["zh"])
    drop(page, file)
    expect(page.get_by_text("自动（GB18030）")).to_be_visible()
    for label, column in MAPPED.items():
        choose(page, label, column)
    more = page.locator("details", has_text="更多列")
    if more.get_attribute("open") is None:
        more.locator("summary").click()
    pick(page, page.get_by_role("region", name="每一列是什么").get_by_role("combobox", name="群", exact=True), "room")
    expect(page.get_by_text("文件里有 2 个群")).to_be_visible()
    choose(page, "二群 放到", "不导入")
    expect(page.get_by_text("1 个群不导入")).to_be_visible()
    if page.get_by_role("textbox", name="新社群的名称").count() == 0:
        choose(page, "社群", "新建社群")
    page.get_by_role("textbox", name="新社群的名称").fill("表格社群")
    visit.check()
    checked(page)
    start = page.get_by_role("button", name=re.compile("^开始导入"))
    expect(start).to_be_disabled()
    table = page.get_by_role("region", name="1 处读不出").get_by_role("table")
    expect(table.locator("tr[data-row-key]")).to_have_count(1)
    expect(table).to_contain_text("not a time")
    with page.expect_download() as expected:
        page.get_by_role("link", name="下载全部（CSV）").click()
    expected.value.save_as(tmp_path / "rejects.csv")
    assert "not a time" in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    page.get_by_role("checkbox", name="跳过这些内容，导入其余部分").check()
    expect(start).to_be_enabled()
    visit.check()
    imported(page)
    assert figures(page)["新增"] == "2"
    assert [(one["name"], one["members"]) for one in own.get("/groups")["items"]] == [("一群", 1)]
    # The same header is remembered.
    page = visit.open("/communities/import", heading=TITLES["zh"])
    drop(page, file)
    expect(page.get_by_text("按上次同样表头的选择。")).to_be_visible()


def test_what_cannot_be_read_is_said_and_nothing_kept(visit: Visit, own: Staff, tmp_path: Path) -> None:
    before = own.get("/imports")["items"]
    file = tmp_path / "图.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    page = visit.open("/communities/import", heading=TITLES["zh"])
    page.locator("input[type=file]").set_input_files(str(file))
    expect(page.get_by_role("alert").filter(has_text="不是文本文件")).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(1)
    assert visit.violations() == []
    assert own.get("/imports")["items"] == before
    empty = tmp_path / "空.txt"
    empty.write_bytes(b"")
    page.locator("input[type=file]").set_input_files(str(empty))
    expect(page.get_by_text("空.txt 是空文件。")).to_be_visible()


def test_a_phone_follows_what_a_desk_began(chromium: Browser, visit: Visit, own: Staff, tmp_path: Path) -> None:
    file = tmp_path / "大群.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number in range(60_000):
            one = {"time": 1_700_000_000 + number * 30, "sender": f"成员{number % 400}", "text": f"第 {number} 条"}
            out.write(json.dumps(one, ensure_ascii=False) + "\n")
    page = visit.open("/communities/import", heading=TITLES["zh"])
    made = drop(page, file)
    if page.get_by_role("textbox", name="新社群的名称").count() == 0:
        choose(page, "社群", "新建社群")
    page.get_by_role("textbox", name="新社群的名称").fill("大社群")
    checked(page)
    page.get_by_role("button", name="开始导入（60,000）").click()
    page.get_by_role("heading", name=re.compile("正在导入|正在整理")).wait_for()
    page.goto("about:blank")  # leaving does not stop it
    phone = Visit(chromium, own.address, width=390).sign_in()
    screen = phone.open(f"/communities/import/{made}")
    phone.check()
    screen.get_by_role("button", name="撤销导入").wait_for(timeout=WORK_MILLISECONDS_MAX)
    assert figures(screen)["新增"] == "60,000"
    assert figures(screen)["人"] == "400"
    phone.check()
    phone.close()


@pytest.mark.skipif(not (LOGS / "zig_irc.csv.gz").exists(), reason="the real logs are not on this machine")
def test_a_real_log(visit: Visit, own: Staff) -> None:
    page = visit.open("/communities/import", heading=TITLES["zh"])
    drop(page, LOGS / "zig_irc.csv.gz")
    if page.get_by_role("textbox", name="新社群的名称").count() == 0:
        choose(page, "社群", "新建社群")
    page.get_by_role("textbox", name="新社群的名称").fill("zig")
    checked(page)
    assert figures(page)["消息"] == "303,896"
    assert figures(page)["人"] == "2,231"
    imported(page)
    page.get_by_role("link", name="看成员").click()
    expect(page.get_by_text("共 2,231 位成员")).to_be_visible()
    assert visit.complaints == []


@pytest.mark.skipif(not (LOGS / "raw" / "qtox").exists(), reason="the real logs are not on this machine")
def test_many_real_files_at_once(visit: Visit, own: Staff) -> None:
    files = sorted(path for path in (LOGS / "raw" / "qtox").rglob("*") if path.is_file())[:40]
    page = visit.open("/communities/import", heading=TITLES["zh"])
    made = drop(page, *files)
    detail = own.get(f"/imports/{made}")
    assert detail["file_count"] == len(files)
    if page.get_by_role("textbox", name="新社群的名称").count() == 0:
        choose(page, "社群", "新建社群")
    page.get_by_role("textbox", name="新社群的名称").fill("qtox")
    checked(page)
    shown = figures(page)
    counted = own.get(f"/imports/{made}")["checked"]
    names = {"消息": "messages", "人": "members", "加入": "joins", "离开": "leaves", "改名": "renames", "读不出": "rejected"}
    assert {name: value for name, value in shown.items() if name in names} == {
        name: f"{counted[key]:,}" for name, key in names.items() if counted[key] or key in ("messages", "members", "rejected")
    }
    visit.check()
