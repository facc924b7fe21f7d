/** A vocabulary and conditions that use every kind of row. */
import type { Condition, Vocabulary } from "../segments/editor/language";

export const vocabulary: Vocabulary = {
  events: [
    { name: "message_sent", zh: "发言", en: "Sent a message", is_declared: true, properties: [] },
    { name: "member_joined", zh: "入群", en: "Joined a group", is_declared: true, properties: [] },
    {
      name: "order_paid",
      zh: "支付订单",
      en: "Paid an order",
      is_declared: true,
      properties: [
        { name: "amount", type: "number", zh: "金额", en: "Amount" },
        { name: "product", type: "text", zh: "商品", en: "Product" },
        { name: "products", type: "list", zh: "商品清单", en: "Products" },
      ],
    },
    { name: "page_viewed", zh: "浏览页面", en: "Viewed a page", is_declared: true, properties: [{ name: "path", type: "text", zh: "路径", en: "Path" }] },
  ],
  attributes: [
    { key: "city", zh: "所在城市", en: "City", type: "text", is_standard: true, is_built_in: false, options: [] },
    { key: "birthday", zh: "生日", en: "Birthday", type: "birthday", is_standard: true, is_built_in: false, options: [] },
    { key: "age", zh: "年龄", en: "Age", type: "number", is_standard: false, is_built_in: false, options: [] },
    { key: "likes", zh: "爱好", en: "Likes", type: "list", is_standard: false, is_built_in: false, options: ["咖啡", "跑步", "读书"] },
    { key: "vip", zh: "会员", en: "Paying member", type: "boolean", is_standard: false, is_built_in: false, options: [] },
    { key: "$first_seen", zh: "首次出现", en: "First seen", type: "date", is_standard: false, is_built_in: true, options: [] },
  ],
  built_in_properties: [
    { name: "$text", type: "text", zh: "消息文字", en: "message text" },
    { name: "$channel", type: "text", zh: "渠道", en: "channel" },
    { name: "$characters", type: "number", zh: "字数", en: "characters" },
    { name: "$is_reply", type: "boolean", zh: "是回复", en: "is a reply" },
    { name: "$is_question", type: "boolean", zh: "是提问", en: "is a question" },
  ],
  tags: [
    { id: "t1", name: "铁粉", color: "teal", group: "关系" },
    { id: "t2", name: "价格敏感", color: "red", group: null },
  ],
  segments: [{ id: "s1", name: "高价值成员", kind: "live" }],
  communities: [{ id: "c1", name: "早起读书会" }],
  groups: [{ id: "g1", name: "一群", community_id: "c1" }],
  scores: [{ name: "recency", zh: "最近一次 R", en: "Recency R" }],
  purposes: [{ name: "marketing", zh: "营销消息", en: "marketing messages" }],
  limits: { nodes: 200, depth: 10, values: 1_000, days: 3_650, times: 1_000_000 },
};

const nested: Condition = {
  kind: "all",
  of: [
    { kind: "event", event: "message_sent", where: [{ property: "$text", type: "text", op: "contains", value: "打卡" }], op: "at_least", value: 3, window: { kind: "last_days", days: 30 }, community: "c1" },
    {
      kind: "any",
      of: [
        { kind: "attribute", key: "city", op: "in", value: ["北京", "上海"] },
        { kind: "attribute", key: "birthday", op: "in_next_days", value: 7 },
        { kind: "event", event: "order_paid", measure: { of: "sum", property: "amount" }, op: "between", value: [199.5, 1_000], window: { kind: "since", date: "2026-09-01" } },
      ],
    },
    { kind: "not", of: { kind: "any", of: [{ kind: "attribute", key: "likes", op: "has_all", value: ["咖啡", "跑步"] }, { kind: "attribute", key: "age", op: "between", value: [18, 25] }] } },
    { kind: "not", of: { kind: "tag", tag: "t2" } },
    { kind: "sequence", first: { event: "member_joined" }, then: { event: "order_paid", where: [{ property: "amount", type: "number", op: "at_least", value: 100 }] }, within_minutes: 4_320, window: { kind: "last_days", days: 90 } },
    { kind: "event", event: "order_paid", measure: { of: "last", property: "product", type: "text" }, op: "is", value: "拿铁", window: { kind: "between", first: "2026-01-01", last: "2026-06-30" } },
    { kind: "score", score: "recency", op: "at_least", value: 4 },
    { kind: "consent", purpose: "marketing" },
  ],
};

export const conditions = {
  nested,
  short: { kind: "event", event: "message_sent", op: "exactly", value: 0, window: { kind: "last_days", days: 14 } } satisfies Condition,
};
