import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";

import { show } from "../../testing/render";
import { FilterBar } from "./FilterBar";
import { days, oneOf, text, type FilterValues } from "./schema";

const filters = { q: text(), state: oneOf(["active", "silent"]), days: days() };
type Values = FilterValues<typeof filters>;

function Page({ onValues, start = {} }: { onValues: (values: Values) => void; start?: Values }) {
  const [values, setValues] = useState<Values>(start);
  return (
    <FilterBar
      filters={filters}
      fields={{
        q: { label: "搜索成员" },
        state: { label: "状态", options: [{ value: "active", label: "活跃" }, { value: "silent", label: "沉默" }] },
        days: { label: "日期" },
      }}
      values={values}
      onChange={(next) => {
        setValues(next);
        onValues(next);
      }}
    />
  );
}

test("typing searches once, after a pause; Enter searches at once", async () => {
  const seen: Values[] = [];
  const { user } = show(<Page onValues={(values) => seen.push(values)} />);
  const field = screen.getByRole("textbox", { name: "搜索成员" });
  await user.type(field, "小满");
  expect(seen).toEqual([]);
  await vi.waitFor(() => {
    expect(seen).toEqual([{ q: "小满" }]);
  });
  await user.type(field, "1{Enter}");
  await vi.waitFor(() => {
    expect(seen.at(-1)).toEqual({ q: "小满1" });
  });
});

test("half-typed pinyin is no search", async () => {
  const seen: Values[] = [];
  show(<Page onValues={(values) => seen.push(values)} />);
  const field = screen.getByRole("textbox", { name: "搜索成员" });
  fireEvent.compositionStart(field);
  fireEvent.change(field, { target: { value: "xiao" } });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(seen).toEqual([]);
  fireEvent.change(field, { target: { value: "小" } });
  fireEvent.compositionEnd(field);
  await vi.waitFor(() => {
    expect(seen).toEqual([{ q: "小" }]);
  });
});

test("a choice is set, and all are cleared together", async () => {
  const seen: Values[] = [];
  const { user } = show(<Page onValues={(values) => seen.push(values)} start={{ days: "7d" }} />);
  await user.click(screen.getByRole("combobox", { name: "状态" }));
  await user.click(await screen.findByTitle("沉默"));
  expect(seen.at(-1)).toEqual({ days: "7d", state: "silent" });
  await user.click(screen.getByRole("button", { name: "清除筛选" }));
  expect(seen.at(-1)).toEqual({});
  expect(screen.queryByRole("button", { name: "清除筛选" })).toBeNull();
});
