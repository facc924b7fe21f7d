import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { show } from "../testing/render";
import { sparklinePath } from "./Sparkline";
import { changeText, StatCard } from "./StatCard";

const definition = { text: "在当天至少发过一条消息的成员数。", formula: "count(distinct member)", href: "/docs/metrics#dau" };

test("a number says how much, against what, which way, and what it means", async () => {
  const { user, container } = show(
    <StatCard
      label="日活"
      value={12_847}
      comparison={{ value: 11_439, against: "前 30 天" }}
      better="up"
      trend={[1, 2, 3]}
      definition={definition}
    />,
  );
  expect(screen.getByRole("heading", { name: "日活" })).toBeTruthy();
  expect(container.querySelector(".ht-stat-value")?.textContent).toBe("1.28\u00A0万");
  expect(container.querySelector(".ht-stat-value")?.getAttribute("title")).toBe("12,847");
  expect(container.querySelector(".ht-stat-comparison")?.textContent).toBe("▲ +12.3% 较前 30 天");
  expect(container.querySelector(".ht-change")?.getAttribute("data-tone")).toBe("good");
  expect(screen.getByRole("img", { name: "日活的走势" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "指标说明：日活" }));
  expect(await screen.findByText("在当天至少发过一条消息的成员数。")).toBeTruthy();
  expect(screen.getByRole("link", { name: /查看说明/ }).getAttribute("href")).toBe("/docs/metrics#dau");
});

test("less of what should be little is good, and nothing to compare with is said", () => {
  const { container, rerender } = show(
    <StatCard label="离开" value={3} comparison={{ value: 6, against: "上周" }} better="down" definition={definition} />,
  );
  expect(container.querySelector(".ht-stat-comparison")?.textContent).toBe("▼ −50.0% 较上周");
  expect(container.querySelector(".ht-change")?.getAttribute("data-tone")).toBe("good");
  rerender(<StatCard label="离开" value={3} comparison={{ value: null, against: "上周" }} definition={definition} />);
  expect(container.querySelector(".ht-stat-comparison")?.textContent).toBe("没有可比的数据");
  rerender(<StatCard label="离开" value={3} comparison={{ value: 0, against: "上周" }} definition={definition} />);
  expect(container.querySelector(".ht-stat-comparison")?.textContent).toBe("没有可比的数据");
});

test("shares differ in percentage points", () => {
  expect(changeText(0.342, 0.361, "percent", "zh")).toBe("−1.9\u00A0个百分点");
  expect(changeText(110, 100, "count", "en")).toBe("+10.0%");
});

test("a sparkline leaves gaps and draws a flat line in the middle", () => {
  expect(sparklinePath([0, null, 10], 96, 28)).toBe("M2.0 26.0M94.0 2.0");
  expect(sparklinePath([5, 5], 96, 28)).toBe("M2.0 14.0L94.0 14.0");
  expect(sparklinePath([null], 96, 28)).toBe("");
});
