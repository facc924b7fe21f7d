/** A message to try: which rule would answer it, the rule being written among them, and why the others would not. */
import { Checkbox, Input, Skeleton, Tag } from "antd";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { api } from "../api/client";
import { useSession, useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";
import { useGroups } from "../reports/ReportFilterBar";
import { useSettled } from "../segments/preview";
import { trialOf, type Draft } from "./draft";
import { TEST, type Tested, type Tried } from "./queries";

const DELAY_MILLISECONDS = 350;
const ANYWHERE = "";
const PRIVATE = "private";

function Found({ one, own }: { one: Tested; own: boolean }) {
  const { t } = useTranslation(["replies", "common"]);
  const answers = one.why === "";
  return (
    <li className="ht-tested" data-answers={answers}>
      <header>
        <strong><SafeText text={one.name} /></strong>
        {own ? <Tag variant="filled">{t("test.own")}</Tag> : null}
        <Tag color={answers ? "success" : "default"} variant="filled">{one.why === "" ? t("test.answers") : t(`test.why.${one.why}`)}</Tag>
      </header>
      <p className="ht-secondary">
        <span>{t("test.keyword")}<SafeText text={one.keyword} /></span>
        <span>{t(`way.${one.way}`)}</span>
        {one.word !== one.keyword ? <span>{t("test.word")}<SafeText text={one.word} /></span> : null}
        <span>{one.steps.length === 0 ? t("test.asWritten") : t("test.steps", { steps: one.steps.map((step) => t(`variant.${step}`)).join(t("separator")) })}</span>
        <span>{t("conflicts.priority", { shown: one.priority })}</span>
      </p>
    </li>
  );
}

export function TestBox({ draft, ruleId }: { draft: Draft; ruleId: string | null }) {
  const { t } = useTranslation(["replies", "common"]);
  const id = useId();
  const { workspace_id } = useWorkspacePath();
  const { communities } = useSession();
  const { groups } = useGroups(undefined);
  const [text, setText] = useState("");
  const [where, setWhere] = useState(ANYWHERE);
  const [mentioned, setMentioned] = useState(false);
  const asked = useMemo(() => JSON.stringify({ text, where, mentioned, rule: trialOf(draft) }), [text, where, mentioned, draft]);
  const settled = useSettled(asked, DELAY_MILLISECONDS);
  const said = useMemo(() => JSON.parse(settled) as { text: string; where: string; mentioned: boolean; rule: ReturnType<typeof trialOf> }, [settled]);
  const found = useQuery<Tried>({
    queryKey: ["post", TEST, workspace_id, ruleId, settled],
    enabled: said.text.trim() !== "",
    placeholderData: keepPreviousData,
    retry: false,
    async queryFn({ signal }) {
      const isGroup = said.where !== ANYWHERE && said.where !== PRIVATE;
      const body = {
        text: said.text,
        group_id: isGroup ? said.where : null,
        member_id: null,
        is_private: said.where === PRIVATE,
        is_mentioned: said.mentioned,
        at: null,
        rule: said.rule,
        rule_id: said.rule === null ? null : ruleId,
      };
      const { data, error } = await api.POST(TEST, { params: { path: { workspace_id } }, body, signal });
      if (data === undefined) throw error as unknown as Error;
      return data;
    },
  });
  const named = (community: string) => communities.find(({ id: one }) => one === community)?.name ?? "";
  const failure: unknown = found.error;
  const problems = found.data?.problems ?? [];
  const items = said.text.trim() === "" ? undefined : found.data?.items;
  return (
    <section className="ht-card ht-stack ht-test-box" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("test.title")}</h2>
      <div>
        <label htmlFor={`${id}-text`} className="ht-field-label">{t("test.text")}</label>
        <Input.TextArea id={`${id}-text`} autoSize={{ minRows: 2, maxRows: 6 }} maxLength={4_000} placeholder={t("test.placeholder")} value={text} onChange={(event) => { setText(event.target.value); }} />
      </div>
      <div>
        <label htmlFor={`${id}-where`} className="ht-field-label">{t("test.where")}</label>
        <Select
          id={`${id}-where`}
          className="ht-wide"
          value={where}
          showSearch={{ optionFilterProp: "label" }}
          options={[
            { value: ANYWHERE, label: t("test.anywhere") },
            { value: PRIVATE, label: t("test.private") },
            ...groups.map((group) => ({ value: group.id, label: plainText(communities.length > 1 ? `${named(group.community_id)} / ${group.name}` : group.name) })),
          ]}
          onChange={setWhere}
        />
      </div>
      <Checkbox checked={mentioned} onChange={(event) => { setMentioned(event.target.checked); }}>{t("test.mentioned")}</Checkbox>
      <div aria-live="polite" className="ht-stack">
        {said.text.trim() === "" ? (
          <p className="ht-secondary">{t("test.write")}</p>
        ) : failure ? (
          <ErrorState error={failure} onRetry={() => void found.refetch()} compact />
        ) : items === undefined ? (
          <Skeleton active paragraph={{ rows: 3 }} title={false} />
        ) : (
          <>
            {problems.length > 0 ? (
              <div className="ht-notice">
                <strong>{t("test.problems")}</strong>
                <ul>{problems.map(({ field, message }) => <li key={field}>{message}</li>)}</ul>
              </div>
            ) : null}
            {items.length === 0 ? <p>{t("test.nothing")}</p> : items.some(({ why }) => why === "") ? null : <p>{t("test.nobody")}</p>}
            <ol className="ht-plain-list">
              {items.map((one, index) => (
                <Found key={index} one={one} own={said.rule !== null && one.rule_id === ruleId} />
              ))}
            </ol>
            {found.data && found.data.answer.length > 0 ? (
              <div className="ht-test-answer">
                <span className="ht-field-label">{t("test.answer")}</span>
                {found.data.answer.map((part, index) => (
                  <p key={index}><SafeText text={part.text || part.title || part.url || part.name || part.kind} /></p>
                ))}
              </div>
            ) : null}
          </>
        )}
      </div>
    </section>
  );
}
