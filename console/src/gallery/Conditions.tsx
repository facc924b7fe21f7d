/** The condition editor over a made-up vocabulary: empty, in use, with problems, and not to be changed. */
import { Button } from "antd";
import { useState } from "react";

import type { Language } from "../i18n/language";
import { useLanguage } from "../i18n/useLanguage";
import { ConditionEditor } from "../segments/editor/ConditionEditor";
import type { ValueSource } from "../segments/editor/context";
import type { Condition } from "../segments/editor/language";
import type { Problem } from "../segments/editor/problems";
import { conditions, vocabulary } from "./conditionSamples";
import { ZONE } from "./samples";

const words: Record<Language, (zh: string, en: string) => string> = { zh: (zh) => zh, en: (_zh, en) => en };

const values: ValueSource = (of, q) =>
  Promise.resolve(
    ("attribute" in of && of.attribute === "city" ? ["北京", "上海", "广州", "成都"] : ["打卡", "拿铁", "冷萃"]).filter((one) => one.includes(q)).map((value, index) => ({ value, count: 1_204 - index * 317 })),
  );

export function Conditions() {
  const language = useLanguage();
  const w = words[language];
  const [condition, setCondition] = useState<Condition>(conditions.nested);
  const [empty, setEmpty] = useState<Condition>({ kind: "all", of: [] });
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [attention, setAttention] = useState(0);
  return (
    <>
      <section className="ht-card" id="editor">
        <h2>{w("条件", "Condition")}</h2>
        <ConditionEditor value={condition} onChange={setCondition} vocabulary={vocabulary} problems={problems} attention={attention} values={values} zone={ZONE} />
        <p>
          <Button
            onClick={() => {
              setProblems([
                { field: "/of/0/value", message: w("应为 0 到 1,000,000 的次数。", "Must be a number of times from 0 to 1,000,000.") },
                { field: "/of/3/tag", message: w("没有这个标签，可能已被删除。", "There is no such tag; it may have been deleted.") },
              ]);
              setAttention(attention + 1);
            }}
          >
            {w("报错", "Refuse")}
          </Button>
        </p>
        <pre id="json" hidden>{JSON.stringify(condition)}</pre>
      </section>
      <section className="ht-card">
        <ConditionEditor value={empty} onChange={setEmpty} vocabulary={vocabulary} values={values} zone={ZONE} />
      </section>
      <section className="ht-card">
        <ConditionEditor value={conditions.short} onChange={() => undefined} vocabulary={vocabulary} disabled zone={ZONE} />
      </section>
    </>
  );
}
