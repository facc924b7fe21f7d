import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ApiProblem, networkProblem, type Problem } from "../api/problem";
import { show } from "../testing/render";
import { ConfirmDanger } from "./ConfirmDanger";
import { CopyField } from "./CopyField";
import { NothingMatches, NothingYet } from "./EmptyState";
import { errorKind, ErrorState } from "./ErrorState";
import { ProgressPanel } from "./ProgressPanel";
import { Reckoning } from "./Reckoning";
import { RelativeTime } from "./RelativeTime";
import { SafeText } from "./SafeText";
import { UploadDrop } from "./UploadDrop";

const problem = (over: Partial<Problem>) =>
  new ApiProblem({ type: "about:blank", title: "", status: 500, detail: "", code: "x", params: {}, request_id: null, errors: [], ...over });

test("an error says what happened, what is safe, what to do, and the request id", async () => {
  let tries = 0;
  const { user } = show(<ErrorState error={problem({ status: 503, request_id: "r-77" })} onRetry={() => (tries += 1)} />);
  const alert = screen.getByRole("alert");
  expect(alert.textContent).toContain("服务器出错了");
  expect(alert.textContent).toContain("没有处理完的改动不会生效。");
  expect(alert.textContent).toContain("重试一次");
  expect(screen.getByLabelText<HTMLInputElement>("请求编号").value).toBe("r-77");
  await user.click(screen.getByRole("button", { name: "重试" }));
  expect(tries).toBe(1);
});

test.each([
  [networkProblem(null), "network"],
  [problem({ status: 403 }), "forbidden"],
  [problem({ status: 404 }), "notFound"],
  [problem({ status: 409 }), "conflict"],
  [problem({ status: 422 }), "invalid"],
  [problem({ status: 429 }), "tooMany"],
  [problem({ status: 500 }), "server"],
  [problem({ status: 507 }), "storage"],
  [new RangeError("x"), "unknown"],
])("%s is of kind %s", (error, kind) => {
  expect(errorKind(error)).toBe(kind);
});

test("the server's own words come before the general ones", () => {
  show(<ErrorState error={problem({ status: 422, title: "时区不存在", errors: [{ field: "time_zone", message: "请从列表中选择" }] })} />);
  expect(screen.getByRole("heading").textContent).toBe("时区不存在");
  expect(screen.getByRole("listitem").textContent).toBe("time_zone 请从列表中选择");
  expect(screen.queryByRole("button", { name: "重试" })).toBeNull();
});

test("nothing yet and nothing matches are different", async () => {
  let cleared = 0;
  const { user, rerender } = show(<NothingYet title="还没有社群" body="导入即可。" guide="import" />);
  expect(screen.getByRole("link", { name: /查看说明/ }).getAttribute("href")).toBe("/guide/import");
  rerender(<NothingMatches onClear={() => (cleared += 1)} />);
  expect(screen.getByRole("status").textContent).toContain("没有符合条件的内容");
  await user.click(screen.getByRole("button", { name: "清除筛选" }));
  expect(cleared).toBe(1);
});

test("progress never claims 100 % before it is done", () => {
  const { rerender, container } = show(
    <ProgressPanel title="导入" state="running" done={999_999} total={1_000_000} unit="条消息" rate_per_second={27_400} left_seconds={64} onCancel={() => undefined} />,
  );
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("99");
  expect(container.querySelector(".ht-progress-figures")?.textContent).toBe("999,999 / 1,000,000 条消息每秒 27,400 条消息大约还要 1 分钟");
  expect(screen.getByRole("button", { name: "取消" })).toBeTruthy();
  rerender(<ProgressPanel title="导入" state="cancelling" done={1} total={10} unit="条消息" onCancel={() => undefined} />);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "取消" }).disabled).toBe(true);
  rerender(<ProgressPanel title="导入" state="done" done={10} total={10} unit="条消息" />);
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("100");
  expect(screen.queryByRole("button")).toBeNull();
});

test("harm is done only after the name is typed, and a failure stays in sight", async () => {
  const confirm = vi.fn(() => Promise.reject(problem({ request_id: "r-9" })));
  let closed = 0;
  const { user } = show(
    <ConfirmDanger open title="删除社群？" consequence="会删除 4 个群。" action="删除" typeName="读书会" onConfirm={confirm} onClose={() => (closed += 1)} />,
  );
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "删除" });
  expect(button.disabled).toBe(true);
  const field = screen.getByRole("textbox", { name: "此操作不能撤销。请输入 读书会 以确认" });
  await user.type(field, "读书{Enter}");
  expect(screen.getByText("与名称不一致")).toBeTruthy();
  expect(confirm).not.toHaveBeenCalled();
  await user.type(field, "会");
  await user.click(button);
  expect(await screen.findByRole("alert")).toBeTruthy();
  expect(confirm).toHaveBeenCalledTimes(1);
  expect(closed).toBe(0);
});

test("what can be undone needs no typing", async () => {
  let closed = 0;
  const { user } = show(
    <ConfirmDanger open title="移除员工？" consequence="她将不能登录。" action="移除" onConfirm={() => Promise.resolve()} onClose={() => (closed += 1)} />,
  );
  await user.click(screen.getByRole("button", { name: "移除" }));
  await waitFor(() => {
    expect(closed).toBe(1);
  });
});

test("a value can be copied, and without a clipboard it is selected", async () => {
  const { user } = show(<CopyField label="密钥" value="wk_123" />);
  await user.click(screen.getByRole("button", { name: "复制 密钥" }));
  expect(await navigator.clipboard.readText()).toBe("wk_123");
  expect(screen.getByRole("status").textContent).toBe("已复制");
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new DOMException("no", "NotAllowedError"));
  await user.click(screen.getByRole("button", { name: "复制 密钥" }));
  await waitFor(() => {
    expect(screen.getByRole("status").textContent).toBe("浏览器不允许复制。内容已选中，请按 Ctrl+C。");
  });
  const field = screen.getByLabelText<HTMLInputElement>("密钥");
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, 6]);
});

test("files are taken by button, and refused with the reason", async () => {
  const taken: string[][] = [];
  const { user } = show(<UploadDrop label="聊天记录" size_bytes_max={4} onFiles={(files) => taken.push(files.map((file) => file.name))} />);
  const input = screen.getByLabelText("聊天记录");
  await user.upload(input, new File(["abc"], "a.json"));
  expect(taken).toEqual([["a.json"]]);
  await user.upload(input, new File(["abcde"], "b.json"));
  expect(screen.getByRole("alert").textContent).toBe("b.json 有 5\u00A0B，超过上限 4\u00A0B。请拆分后再试。");
  await user.upload(input, new File([], "c\u202E.json"));
  expect(screen.getByRole("alert").textContent).toBe("c·.json 是空文件。");
  expect(taken).toHaveLength(1);
});

test("names are text, isolated, with hidden marks in sight", () => {
  const { container } = show(<SafeText text={"<img src=x onerror=alert(1)>\u202Egnp"} />);
  expect(container.querySelector("img")).toBeNull();
  expect(container.querySelector("bdi")?.textContent).toBe("<img src=x onerror=alert(1)>gnp");
  expect(screen.getByRole("img", { name: "不可见字符 U+202E" })).toBeTruthy();
});

test("a name of nothing is said to be none", () => {
  const { container } = show(<SafeText text="  " />);
  expect(container.textContent).toBe("（无名）");
});

test("a recent time is relative and holds the exact one", () => {
  const at = new Date(Date.now() - 5 * 60_000);
  show(<RelativeTime at={at} zone="Asia/Shanghai" />);
  const time = screen.getByText("5分钟前");
  expect(time.tagName).toBe("TIME");
  expect(time.getAttribute("datetime")).toBe(at.toISOString());
});

test("what takes longer than two seconds says so and can be stopped and begun again", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const onStop = vi.fn();
  const onStart = vi.fn();
  const { user, rerender } = show(<Reckoning rows={3} running onStop={onStop} onStart={onStart} />);
  expect(screen.getByRole("status").textContent).toBe("");
  await vi.advanceTimersByTimeAsync(2600);
  await waitFor(() => { expect(screen.getByRole("status").textContent).toContain("正在统计，已用 2 秒"); });
  await user.click(screen.getByRole("button", { name: "取消" }));
  expect(onStop).toHaveBeenCalledOnce();
  rerender(<Reckoning rows={3} running={false} onStop={onStop} onStart={onStart} />);
  await user.click(screen.getByRole("button", { name: "重新统计" }));
  expect(onStart).toHaveBeenCalledOnce();
  vi.useRealTimers();
});
