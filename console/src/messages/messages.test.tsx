import { screen, within } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test, vi } from "vitest";

import type { FieldError } from "../api/problem";
import { show } from "../testing/render";
import { MessageEditor } from "./MessageEditor";
import { MessagePreview } from "./MessagePreview";
import { isComplete, moved, newPart, partsOf, PARTS_MAX, written, type Part } from "./parts";

const text = (said: string) => newPart("text", { text: said });
const answer = (body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } }));

function Held({ first, onParts, errors }: { first: Part[]; onParts?: (parts: Part[]) => void; errors?: FieldError[] }) {
  const [parts, setParts] = useState(first);
  return (
    <MessageEditor
      workspaceId="w"
      value={parts}
      errors={errors}
      onChange={(next) => {
        setParts(next);
        onParts?.(next);
      }}
    />
  );
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("a part moves to a place that exists", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
});

test("a field is written as the server reads it", () => {
  expect(written("name", "朋友")).toBe("{{name|朋友}}");
  expect(written("attribute.city", "  ")).toBe("{{attribute.city}}");
  expect(written("name", "a}}|{{b")).toBe("{{name|ab}}");
});

test("only a whole message is looked at", () => {
  expect(isComplete([])).toBe(false);
  expect(isComplete([text(" ")])).toBe(false);
  expect(isComplete([text("好"), newPart("mention_all")])).toBe(true);
  expect(isComplete([newPart("link", { url: "https://" })])).toBe(false);
  expect(isComplete([newPart("link", { url: "https://a.cn" })])).toBe(true);
  expect(isComplete([newPart("image")])).toBe(false);
});

test("what only the server knows of a kept message stays there", () => {
  const kept = { ...newPart("image", { file: "f", name: "n" }), content_type: "image/png", size_bytes: 3 };
  expect(partsOf([kept])).toEqual([newPart("image", { file: "f", name: "n" })]);
});

test("parts are added, moved with the keyboard and removed, and the focus follows", async () => {
  const onParts = vi.fn<(parts: Part[]) => void>();
  const { user } = show(<Held first={[text("一"), text("二"), text("三")]} onParts={onParts} />);
  screen.getByRole("button", { name: "下移第 1 段（文字）" }).focus();
  await user.keyboard("{Enter}");
  expect(onParts.mock.lastCall?.[0].map((part) => part.text)).toEqual(["二", "一", "三"]);
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "下移第 2 段（文字）" }));
  await user.keyboard("{Enter}");
  expect(onParts.mock.lastCall?.[0].map((part) => part.text)).toEqual(["二", "三", "一"]);
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "上移第 3 段（文字）" }));
  await user.click(screen.getByRole("button", { name: "删除第 3 段（文字）" }));
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "删除第 2 段（文字）" }));
  await user.click(screen.getByRole("button", { name: /链接卡片/ }));
  await user.keyboard("https://a.cn");
  expect(onParts.mock.lastCall?.[0]).toEqual([text("二"), text("三"), newPart("link", { url: "https://a.cn" })]);
});

test("a field goes in where the cursor is", async () => {
  vi.spyOn(window, "fetch").mockImplementation(() => answer({ items: [{ name: "name", zh: "成员名称", en: "Member's name" }] }));
  const onParts = vi.fn<(parts: Part[]) => void>();
  const { user } = show(<Held first={[text("你好，欢迎")]} onParts={onParts} />);
  const area = screen.getByLabelText<HTMLTextAreaElement>("内容");
  area.setSelectionRange(3, 3);
  await user.click(screen.getByRole("button", { name: "在第 1 段（文字）插入字段" }));
  await user.click(await screen.findByRole("combobox", { name: "字段" }));
  await user.click(await screen.findByTitle("成员名称"));
  await user.type(screen.getByLabelText("没有值时用"), "朋友");
  await user.click(screen.getByRole("button", { name: "插入" }));
  expect(onParts.mock.lastCall?.[0]).toEqual([text("你好，{{name|朋友}}欢迎")]);
});

test("what the server said stands at its field", () => {
  const errors = [
    { field: "body.parts.1.text", message: "没有名为「x」的字段。" },
    { field: "body.parts.11.text", message: "别处" },
  ];
  show(<Held first={[text("一"), text("{{x}}")]} errors={errors} />);
  const parts = screen.getAllByRole("listitem");
  expect(within(parts[0]!).queryByRole("alert")).toBeNull();
  expect(within(parts[1]!).getByRole("alert").textContent).toBe("没有名为「x」的字段。");
  expect(within(parts[1]!).getByRole("textbox").getAttribute("aria-invalid")).toBe("true");
});

test("no more parts than a message may have", () => {
  show(<Held first={Array.from({ length: PARTS_MAX }, () => text("一"))} />);
  expect(screen.getByText("一条消息最多 20 段")).toBeTruthy();
  for (const button of within(screen.getByRole("group", { name: "添加内容" })).getAllByRole("button")) expect((button as HTMLButtonElement).disabled).toBe(true);
});

test("a file that is too large is not sent", async () => {
  const { user } = show(<Held first={[]} />);
  const file = new File(["x"], "大.zip");
  Object.defineProperty(file, "size", { value: 21 * 1024 * 1024 });
  await user.upload(screen.getByLabelText("选择图片或文件"), file);
  expect((await screen.findByRole("alert")).textContent).toContain("「大.zip」有");
});

test("the preview says what is shown, and what is left out and why", async () => {
  vi.spyOn(window, "fetch").mockImplementation(() =>
    answer({
      parts: [],
      platforms: [
        { platform: "webhook", zh: "网络钩子", en: "Webhook", parts: [{ ...text("小明，你好"), content_type: "", size_bytes: null }], left_out: [{ zh: "附件没有发出。", en: "Left out." }], problem: null, characters: 5, characters_max: 2000 },
      ],
    }),
  );
  show(<MessagePreview workspaceId="w" parts={[text("{{name}}，你好")]} withMember={false} />);
  expect(await screen.findByText("小明，你好")).toBeTruthy();
  expect(screen.getByText("附件没有发出。")).toBeTruthy();
  expect(screen.getByText("5 个字，最多 2,000")).toBeTruthy();
});
