import { expect, test } from "vitest";

import { orderExamples } from "./dateOrder";
import { suggestedName } from "./names";
import type { ImportDetail } from "./queries";

type Preview = ImportDetail["preview"];
const refused = (message: string): Preview => ({ records: [], rejects: [{ file: "a.txt", line: 1, code: "date_order_ambiguous", message, excerpt: "" }] });
const read = (...moments: string[]): Preview => ({
  records: moments.map((at) => ({ line: 1, kind: "message", at, sender: "a", text: "", group: "", subject: "", reply_to: "", attachments: [] })),
  rejects: [],
});
const batch = (name: string, groups: string[]) => ({ files: [{ name, bytes: 1, sha256: "" }], detection: { groups } }) as unknown as ImportDetail;

test("a date that can be read both ways is shown in both", () => {
  expect(orderExamples({ preview: refused("看不出 3/4/24 是「日/月」还是「月/日」。") }, "dmy", "UTC")).toEqual({ written: "3/4/24", dmy: "2024-04-03", mdy: "2024-03-04" });
  expect(orderExamples({ preview: refused("It cannot be told whether 03.04.1999 is day/month.") }, "dmy", "UTC")).toEqual({
    written: "03.04.1999",
    dmy: "1999-04-03",
    mdy: "1999-03-04",
  });
});

test("once an order is chosen the example comes from a row that could be read the other way", () => {
  const preview = read("2024-05-05T10:00:00Z", "2024-05-20T10:00:00Z", "2024-04-02T18:00:00Z");
  expect(orderExamples({ preview }, "dmy", "Asia/Shanghai")).toEqual({ written: "3/4/2024", dmy: "2024-04-03", mdy: "2024-03-04" });
  expect(orderExamples({ preview }, "mdy", "Asia/Shanghai")).toEqual({ written: "4/3/2024", dmy: "2024-03-04", mdy: "2024-04-03" });
  expect(orderExamples({ preview: read("2024-05-05T10:00:00Z") }, "dmy", "UTC")).toBeNull();
});

test("a name is offered from the group, else from the file without its endings", () => {
  expect(suggestedName(batch("zig_irc.csv.gz", []))).toBe("zig_irc");
  expect(suggestedName(batch("result.json", ["胡同读书会"]))).toBe("胡同读书会");
  expect(suggestedName(batch("v1.2 聊天.txt", ["a", "b"]))).toBe("v1.2 聊天");
  expect(suggestedName(batch(".gz", []))).toBe("");
});
