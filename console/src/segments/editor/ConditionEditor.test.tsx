import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { useEffect, useState } from "react";
import { expect, test } from "vitest";

import { vocabulary } from "../../gallery/conditionSamples";
import { show } from "../../testing/render";
import { ConditionEditor } from "./ConditionEditor";
import type { Condition } from "./language";
import type { Problem } from "./problems";

const tag = (name: string): Condition => ({ kind: "tag", tag: name });
const seen: { latest: Condition | null } = { latest: null };

function Held({ start, problems = [], attention = 0 }: { start: Condition; problems?: readonly Problem[]; attention?: number }) {
  const [value, setValue] = useState(start);
  useEffect(() => {
    seen.latest = value;
  }, [value]);
  return <ConditionEditor value={value} onChange={setValue} vocabulary={vocabulary} problems={problems} attention={attention} zone="Asia/Shanghai" />;
}

const handles = () => [...document.querySelectorAll<HTMLElement>("[data-handle]")].map((one) => one.getAttribute("aria-label"));
const handle = (name: string) => screen.getByRole("button", { name });

test("what is there is named; what is gone says so", () => {
  show(<Held start={{ kind: "all", of: [tag("t1"), { kind: "any", of: [{ kind: "attribute", key: "city", op: "is", value: "北京" }] }, tag("gone")] }} />);
  expect(handles()).toEqual(["第 1 条，铁粉", "第 2 组", "第 2.1 条，所在城市", "第 3 条，gone"]);
});

test("the keys of a handle move, copy, negate, wrap and delete; each can be undone", async () => {
  const { user } = show(<Held start={{ kind: "all", of: [tag("t1"), tag("t2")] }} />);
  handle("第 1 条，铁粉").focus();
  await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
  expect(seen.latest).toEqual({ kind: "all", of: [tag("t2"), tag("t1")] });
  expect(document.activeElement?.getAttribute("aria-label")).toBe("第 2 条，铁粉");
  await user.keyboard("n");
  expect(seen.latest).toEqual({ kind: "all", of: [tag("t2"), { kind: "not", of: tag("t1") }] });
  await user.keyboard("g");
  expect(seen.latest).toEqual({ kind: "all", of: [tag("t2"), { kind: "any", of: [{ kind: "not", of: tag("t1") }] }] });
  await user.keyboard("{Control>}z{/Control}{Control>}z{/Control}");
  expect(seen.latest).toEqual({ kind: "all", of: [tag("t2"), tag("t1")] });
  handle("第 1 条，价格敏感").focus();
  await user.keyboard("{Control>}d{/Control}{Delete}");
  expect(seen.latest).toEqual({ kind: "all", of: [tag("t2"), tag("t1")] });
  expect(screen.getByRole("status").textContent).toContain("已删除");
  await user.click(within(screen.getByRole("status")).getByRole("button", { name: "撤销" }));
  expect(seen.latest).toEqual({ kind: "all", of: [tag("t2"), tag("t2"), tag("t1")] });
});

test("what a row is about is found by typing, the best fit first and taken by Enter", async () => {
  const { user } = show(<Held start={{ kind: "all", of: [{ kind: "unset" }] }} />);
  const field = screen.getByRole("combobox", { name: /第 1 条/ });
  await user.click(field);
  const listed = () => [...document.querySelectorAll(".ant-select-item-option")].map((one) => one.textContent.trim());
  expect(document.querySelectorAll(".ant-select-item-group").length).toBeGreaterThan(1);
  await user.type(field, "会员");
  await waitFor(() => {
    expect(listed()).toEqual(["会员"]);
  });
  await user.clear(field);
  await user.type(field, "群");
  await waitFor(() => {
    expect(listed()).toEqual(["入群", "早起读书会 · 一群", "高价值成员", "早起读书会"]); // the last two are of 分群 and 社群
  });
  fireEvent.keyDown(field, { key: "Enter", keyCode: 13 }); // antd looks at the code, which user events lack
  expect(seen.latest).toMatchObject({ kind: "all", of: [{ kind: "event", event: "member_joined" }] });
});

test("a condition is copied from one editor and pasted into another", async () => {
  const { user, rerender } = show(<Held key="a" start={{ kind: "any", of: [tag("t1"), tag("t2")] }} />);
  await user.click(screen.getByRole("button", { name: "复制全部条件" }));
  rerender(<Held key="b" start={{ kind: "all", of: [] }} />);
  await user.click(screen.getByRole("button", { name: "粘贴到末尾" }));
  expect(seen.latest).toEqual({ kind: "any", of: [tag("t1"), tag("t2")] });
});

test("a problem stands at its row, takes the focus once, and goes when the row is changed", async () => {
  const start: Condition = { kind: "all", of: [tag("t1"), { kind: "any", of: [tag("t2"), { kind: "attribute", key: "age", op: "at_least", value: 3 }] }] };
  const problems = [{ field: "/of/1/of/1/value", message: "太小了。" }];
  const { user, rerender } = show(<Held start={start} />);
  await user.click(screen.getByRole("button", { name: "第 2 组: 收起" }));
  expect(handles()).toEqual(["第 1 条，铁粉", "第 2 组"]);
  rerender(<Held start={start} problems={problems} attention={1} />);
  const field = await screen.findByRole("spinbutton", { name: "第 2.2 条，年龄: 值" });
  await waitFor(() => {
    expect(document.activeElement).toBe(field);
  });
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toBe("太小了。");
  await user.type(field, "0");
  expect(seen.latest).toEqual({ kind: "all", of: [tag("t1"), { kind: "any", of: [tag("t2"), { kind: "attribute", key: "age", op: "at_least", value: 30 }] }] });
  expect(screen.queryByText("太小了。")).toBeNull();
});

test("what comes from outside is shown, and can be undone too", async () => {
  function Outside() {
    const [value, setValue] = useState<Condition>(tag("t1"));
    useEffect(() => {
      seen.latest = value;
    }, [value]);
    return (
      <>
        <button type="button" onClick={() => { setValue(tag("t2")); }}>older</button>
        <ConditionEditor value={value} onChange={setValue} vocabulary={vocabulary} />
      </>
    );
  }
  const { user } = show(<Outside />);
  expect(handles()).toEqual(["第 1 条，铁粉"]);
  await user.click(screen.getByRole("button", { name: "older" }));
  expect(handles()).toEqual(["第 1 条，价格敏感"]);
  await user.click(screen.getByRole("button", { name: "撤销" }));
  expect(handles()).toEqual(["第 1 条，铁粉"]);
  expect(seen.latest).toEqual(tag("t1"));
});

test("groups nest as deep as the server takes them, and no deeper", async () => {
  let start: Condition = { kind: "all", of: [tag("t1")] };
  for (let depth = 1; depth < 9; depth += 1) start = { kind: "any", of: [start] };
  const { user } = show(<Held start={start} />);
  const deepest = handles().at(-1) ?? "";
  handle(deepest).focus();
  await user.keyboard("g");
  const before = seen.latest;
  expect(handles().length).toBe(10);
  await user.keyboard("g");
  expect(seen.latest).toBe(before);
  expect(screen.getByRole("status").textContent).toContain("太深");
});
