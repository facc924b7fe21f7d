/** Calls that work when pasted: a read with an API key, events with a write key. */

/** The first of these that the key's rights allow. */
const READS = [
  ["members.read", "/members?limit=1"],
  ["reports.read", "/reports/overview"],
  ["communities.read", "/communities?limit=10"],
  ["events.read", "/events?limit=1"],
  ["workspace.read", ""],
] as const;

export function keyCall(origin: string, workspace_id: string, scopes: readonly string[], secret: string): string | null {
  const read = READS.find(([scope]) => scopes.includes(scope));
  if (!read) return null;
  return [`curl '${origin}/api/workspaces/${workspace_id}${read[1]}' \\`, `  -H 'Authorization: Bearer ${secret}'`].join("\n");
}

export function curlCall(origin: string, write_key: string): string {
  const call = { userId: "u-42", event: "order_paid", properties: { amount: 3800, currency: "CNY" } };
  return [
    `curl '${origin}/v1/track' \\`,
    `  -u '${write_key}:' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${JSON.stringify(call)}'`,
  ].join("\n");
}

/** For a page of any site: the lane answers every origin. `messageId` makes a repeated call count once. */
export function scriptCall(origin: string, write_key: string): string {
  return `const hutong = (type, call) =>
  fetch("${origin}/v1/" + type, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json", Authorization: "Basic " + btoa("${write_key}:") },
    body: JSON.stringify({
      messageId: Date.now().toString(36) + "-" + Math.random().toString(36).slice(2),
      timestamp: new Date().toISOString(),
      ...call,
    }),
  }).then((answer) => answer.json());

hutong("identify", { userId: "u-42", traits: { name: "李雷", city: "北京" } });
hutong("page", { userId: "u-42", name: "菜单", properties: { path: location.pathname, title: document.title } });
hutong("track", { userId: "u-42", event: "order_paid", properties: { amount: 3800, currency: "CNY" } });`;
}
