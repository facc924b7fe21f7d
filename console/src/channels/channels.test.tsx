import { screen } from "@testing-library/react";
import { Form } from "antd";
import { expect, test, vi } from "vitest";

import { show } from "../testing/render";
import { parseAccountSearch } from "./filters";
import { conditionOf, lagParts } from "./health";
import type { Account, PlatformField } from "./queries";
import { SettingsFields } from "./SettingsFields";

const health: Account["health"] = {
  holds_connection: true,
  alive_at: null, connected_at: "2026-11-02T04:00:00Z",
  last_event_at: null,
  lag_ms: 0,
  received: 0,
  sent: 0,
  errors: 0,
  last_error_at: null,
  error_zh: "",
  error_en: "",
  waits_until: null,
  limits: [],
};

test("the worst that is true is what an account's tag says", () => {
  expect(conditionOf({ state: "active", health })).toBe("well");
  expect(conditionOf({ state: "active", health: { ...health, connected_at: null } })).toBe("connecting");
  expect(conditionOf({ state: "active", health: { ...health, connected_at: null, holds_connection: false } })).toBe("well");
  expect(conditionOf({ state: "active", health: { ...health, waits_until: "2026-11-02T05:00:00Z", connected_at: null } })).toBe("waiting");
  expect(conditionOf({ state: "active", health: { ...health, errors: 2, waits_until: "2026-11-02T05:00:00Z" } })).toBe("failing");
  expect(conditionOf({ state: "paused", health: { ...health, errors: 2 } })).toBe("paused");
  expect(conditionOf({ state: "needs_reconnect", health })).toBe("needsReconnect");
});

test("a lag is told in the unit that fits", () => {
  expect([0, 999, 1_000, 59_999, 60_000, 3_600_000].map(lagParts)).toEqual([
    { value: 0, unit: "ms" },
    { value: 999, unit: "ms" },
    { value: 1, unit: "s" },
    { value: 60, unit: "s" },
    { value: 1, unit: "min" },
    { value: 60, unit: "min" },
  ]);
});

test("an address names a tab or none", () => {
  expect(parseAccountSearch({ tab: "outbox" })).toEqual({ tab: "outbox" });
  expect(parseAccountSearch({ tab: "health" })).toEqual({});
  expect(parseAccountSearch({ tab: "nonsense", other: 1 })).toEqual({});
});

const field = (name: string, more: Partial<PlatformField> = {}): PlatformField => ({
  name, kind: "text", zh: name, en: name, help_zh: "", help_en: "", required: true, default: "", choices: [], length_max: 100, ...more,
});
const FIELDS = [
  field("地址", { kind: "url", help_zh: "以 https 开头" }),
  field("令牌", { kind: "secret" }),
  field("端口", { kind: "number", default: 993 }),
  field("加密", { kind: "boolean", default: true }),
];

test("the form is made from the manifest, and asks for what is needed", async () => {
  const finish = vi.fn();
  const { user } = show(
    <Form onFinish={finish}>
      <SettingsFields fields={FIELDS} />
      <button type="submit">好</button>
    </Form>,
  );
  expect(screen.getByText("以 https 开头")).toBeTruthy();
  expect(screen.getByLabelText("令牌").getAttribute("type")).toBe("password");
  await user.click(screen.getByRole("button", { name: "好" }));
  await vi.waitFor(() => {
    expect(screen.getAllByText("请填写")).toHaveLength(2); // each field says so in its own time
  });
  await user.type(screen.getByLabelText("地址"), "https://a.cn");
  await user.type(screen.getByLabelText("令牌"), "秘密");
  await user.click(screen.getByRole("button", { name: "好" }));
  await vi.waitFor(() => {
    expect(finish).toHaveBeenCalledWith({ 地址: "https://a.cn", 令牌: "秘密", 端口: 993, 加密: true });
  });
});

test("a secret that is there may stay empty", async () => {
  const finish = vi.fn();
  const { user } = show(
    <Form onFinish={finish}>
      <SettingsFields fields={[field("令牌", { kind: "secret" })]} keepsSecrets />
      <button type="submit">好</button>
    </Form>,
  );
  expect(screen.getByText("留空则沿用现有的。")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "好" }));
  await vi.waitFor(() => {
    expect(finish).toHaveBeenCalledTimes(1);
  });
});
