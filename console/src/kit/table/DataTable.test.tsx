import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { show } from "../../testing/render";
import { NothingMatches } from "../EmptyState";
import { DataTable, type DataColumn, type Sort } from "./DataTable";

interface Row {
  id: string;
  name: string;
  messages: number;
}

const rows: Row[] = [
  { id: "1", name: "林小满", messages: 3 },
  { id: "2", name: "王小明", messages: 2 },
];
const columns: DataColumn<Row>[] = [
  { key: "name", title: "成员", fixed: true, render: (row) => <a href={`/members/${row.id}`}>{row.name}</a> },
  { key: "messages", title: "消息", align: "right", sortable: true, render: (row) => row.messages },
  { key: "city", title: "城市", hidden: true, render: () => "北京" },
];
const base = { id: "members", label: "成员列表", columns, rows, rowKey: (row: Row) => row.id, empty: <NothingMatches /> };

const headers = () => screen.getAllByRole("columnheader").map((cell) => cell.textContent);

test("rows open by click and Enter, arrows move, links do their own work", async () => {
  const opened: string[] = [];
  const { user } = show(<DataTable<Row> {...base} onOpen={(row) => opened.push(row.id)} />);
  const [first, second] = screen.getAllByRole("row").filter((row) => row.hasAttribute("data-row-key")) as [HTMLElement, HTMLElement];
  first.focus();
  await user.keyboard("{ArrowDown}");
  expect(document.activeElement).toBe(second);
  await user.keyboard("{Enter}{ArrowUp}");
  expect(document.activeElement).toBe(first);
  fireEvent.click(within(first).getByText("3"));
  const link = within(first).getByRole("link");
  link.addEventListener("click", (event) => {
    event.preventDefault(); // jsdom does not navigate
  });
  fireEvent.click(link);
  expect(opened).toEqual(["2", "1"]);
});

test("columns are chosen, remembered and reset; the name stays", async () => {
  const { user } = show(<DataTable<Row> {...base} />);
  expect(headers()).toEqual(["成员", "消息"]);
  await user.click(screen.getByRole("button", { name: "列" }));
  expect((await screen.findByRole<HTMLInputElement>("checkbox", { name: "成员" })).disabled).toBe(true);
  await user.click(screen.getByRole("checkbox", { name: "城市" }));
  await user.click(screen.getByRole("checkbox", { name: "消息" }));
  expect(headers()).toEqual(["成员", "城市"]);
  expect(window.localStorage.getItem("hutong.columns.members")).toBe('{"city":true,"messages":false}');
  await user.click(screen.getByRole("button", { name: "恢复默认" }));
  expect(headers()).toEqual(["成员", "消息"]);
  expect(window.localStorage.getItem("hutong.columns.members")).toBeNull();
});

test("what is remembered may be broken", () => {
  window.localStorage.setItem("hutong.columns.members", "{not json");
  show(<DataTable<Row> {...base} />);
  expect(headers()).toEqual(["成员", "消息"]);
});

test("sorting, choosing and paging are the page's to do", async () => {
  const sorts: (Sort | undefined)[] = [];
  const chosen: string[][] = [];
  let more = 0;
  const { user } = show(
    <DataTable<Row>
      {...base}
      total={12_847}
      sort={undefined}
      onSort={(sort) => sorts.push(sort)}
      selection={{ keys: ["1"], onChange: (keys) => chosen.push(keys), actions: <button type="button">加标签</button> }}
      pages={{ kind: "more", hasMore: true, loadingMore: false, onMore: () => (more += 1) }}
    />,
  );
  expect(screen.getByRole("toolbar", { name: "已选 1 项" })).toBeTruthy();
  await user.click(screen.getByRole("columnheader", { name: "消息" }));
  expect(sorts).toEqual([{ key: "messages", descending: false }]);
  const boxes = screen.getAllByRole("checkbox");
  await user.click(boxes.at(-1)!);
  expect(chosen).toEqual([["1", "2"]]);
  await user.click(screen.getByRole("button", { name: "加载更多" }));
  expect(more).toBe(1);
});

test("loading, empty and failed are three different things", () => {
  const { rerender } = show(<DataTable<Row> {...base} rows={undefined} />);
  expect(screen.getByRole("status", { name: "正在加载" })).toBeTruthy();
  rerender(<DataTable<Row> {...base} rows={[]} />);
  expect(screen.getByRole("status").textContent).toContain("没有符合条件的内容");
  rerender(<DataTable<Row> {...base} rows={undefined} error={new Error("x")} />);
  expect(screen.getByRole("alert").textContent).toContain("这一步没有完成");
});
