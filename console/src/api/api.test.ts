import createClient from "openapi-fetch";
import { beforeEach, expect, test } from "vitest";

import { changeLanguage } from "../i18n";
import { apiMiddleware, csrfToken, newIdempotencyKey, onSignedOut } from "./middleware";
import { ApiProblem, NETWORK, UNREADABLE } from "./problem";
import type { paths } from "./schema.gen";

let seen: Request[] = [];
let answer: () => Promise<Response>;

const client = createClient<paths>({
  baseUrl: "http://127.0.0.1",
  fetch: (request) => {
    seen.push(request);
    return answer();
  },
});
client.use(apiMiddleware);

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => () =>
  Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json", ...headers } }));

beforeEach(() => {
  seen = [];
  answer = json(200, {});
  document.cookie = "csrftoken=; max-age=0";
});

async function refusal(promise: Promise<unknown>): Promise<ApiProblem> {
  const error: unknown = await promise.then(() => null, (cause: unknown) => cause);
  expect(error).toBeInstanceOf(ApiProblem);
  return error as ApiProblem;
}

test("a write carries the CSRF token, an idempotency key and the language; a read only the language", async () => {
  document.cookie = "csrftoken=abc%20d";
  await client.POST("/api/session", { body: { email: "a@b.cn", password: "x" } });
  await client.GET("/api/session");
  const [write, read] = seen as [Request, Request];
  expect(write.headers.get("X-CSRFToken")).toBe("abc d");
  expect(write.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(write.headers.get("Accept-Language")).toBe("zh-CN");
  expect(read.headers.get("X-CSRFToken")).toBeNull();
  expect(read.headers.get("Idempotency-Key")).toBeNull();
  await changeLanguage("en");
  await client.GET("/api/session");
  expect(seen[2]?.headers.get("Accept-Language")).toBe("en");
});

test("the host-only cookie is preferred, and keys differ", () => {
  expect(csrfToken("csrftoken=plain; __Host-csrftoken=secure")).toBe("secure");
  expect(csrfToken("other=1; csrftoken=plain=")).toBe("plain=");
  expect(csrfToken("")).toBeNull();
  expect(newIdempotencyKey()).not.toBe(newIdempotencyKey());
});

test("a problem document becomes a typed error", async () => {
  answer = json(409, {
    type: "about:blank",
    title: "名称已被使用",
    status: 409,
    detail: "已有一个叫「读书会」的社群。",
    code: "name_taken",
    params: { name: "读书会" },
    request_id: "r-1",
    errors: [{ field: "body.name", message: "换一个名称" }],
  });
  const problem = await refusal(client.GET("/api/session"));
  expect(problem).toMatchObject({
    name: "ApiProblem",
    message: "409 name_taken: 已有一个叫「读书会」的社群。",
    type: "about:blank",
    title: "名称已被使用",
    status: 409,
    code: "name_taken",
    params: { name: "读书会" },
    request_id: "r-1",
    errors: [{ field: "body.name", message: "换一个名称" }],
  });
  expect(problem.fieldMessage("name")).toBe("换一个名称");
  expect(problem.fieldMessage("other")).toBeUndefined();
  expect(problem.temporary).toBe(false);
});

test("an answer that is no problem document keeps its status and request id", async () => {
  answer = () => Promise.resolve(new Response("<html>bad gateway", { status: 502, headers: { "X-Request-ID": "r-2" } }));
  const problem = await refusal(client.GET("/api/session"));
  expect([problem.status, problem.code, problem.request_id, problem.temporary]).toEqual([502, UNREADABLE, "r-2", true]);
});

test("a dead network is a problem of its own; a cancelled request is none", async () => {
  answer = () => Promise.reject(new TypeError("Failed to fetch"));
  const problem = await refusal(client.GET("/api/session"));
  expect([problem.status, problem.code, problem.temporary]).toEqual([0, NETWORK, true]);
  answer = () => Promise.reject(new DOMException("gone", "AbortError"));
  await expect(client.GET("/api/session")).rejects.toMatchObject({ name: "AbortError" });
});

test("being logged out is announced once per refusal", async () => {
  let count = 0;
  const stop = onSignedOut(() => (count += 1));
  answer = json(401, { code: "no_session", status: 401 });
  await refusal(client.GET("/api/session"));
  stop();
  await refusal(client.GET("/api/session"));
  expect(count).toBe(1);
});
