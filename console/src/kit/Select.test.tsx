import { screen } from "@testing-library/react";
import { Form } from "antd";
import { expect, test } from "vitest";

import { show } from "../testing/render";
import { Select } from "./Select";

const options = [
  { value: "a", label: "一群" },
  { value: "b", label: "二群" },
];
const list = () => screen.getByRole("listbox", { hidden: true });

test("the open list has the name of its field, be it a label or not to be seen", async () => {
  const { user, rerender } = show(<Select aria-label="群" options={options} />);
  await user.click(screen.getByRole("combobox", { name: "群" }));
  expect(list().getAttribute("aria-label")).toBe("群");
  rerender(
    <Form>
      <Form.Item name="channel" label="渠道">
        <Select options={options} />
      </Form.Item>
    </Form>,
  );
  await user.click(screen.getByRole("combobox", { name: "渠道" }));
  expect(list().getAttribute("aria-label")).toBe("渠道");
});

test("it keeps the name when nothing matches, and when something does again", async () => {
  const { user } = show(
    <Select aria-label="群" options={options} showSearch={{ optionFilterProp: "label" }} notFoundContent="没有" popupMatchSelectWidth={false} />,
  );
  const field = screen.getByRole("combobox", { name: "群" });
  await user.click(field);
  const full = list();
  await user.keyboard("三");
  expect(list()).not.toBe(full);
  expect([list().textContent, list().getAttribute("aria-label")]).toEqual(["没有", "群"]);
  await user.clear(field);
  expect([list().textContent, list().getAttribute("aria-label")]).toEqual(["一群二群", "群"]);
});
