/** Would this message go to this member now, and why not: everything that is asked of it, with its answer. Nothing is sent. */
import { CheckCircleFilled, ClockCircleFilled, CloseCircleFilled } from "@ant-design/icons";
import { Alert, Button, Input, Radio } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { useAccounts } from "../channels/queries";
import { formatDateTime, formatZone } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { MemberSearch } from "../members/MemberSearch";
import { RULES_TESTS, type RulesTest } from "./queries";

const PURPOSES = ["marketing", "service", "reply"] as const;
const TEXT_LENGTH_MAX = 10_000;
const ICONS = { yes: CheckCircleFilled, later: ClockCircleFilled, no: CloseCircleFilled } as const;
const KINDS = { yes: "success", later: "warning", no: "error" } as const;

function Answer({ found }: { found: RulesTest }) {
  const { t } = useTranslation(["sending", "common"]);
  const language = useLanguage();
  const at = (moment: string) => formatDateTime(moment, found.zone, language);
  const title = found.answer === "yes" ? t(found.needs_confirmation ? "test.confirm" : "test.yes") : found.answer === "no" ? t("test.no") : found.until ? t("test.until", { at: at(found.until) }) : t("test.later");
  return (
    <div className="ht-stack" role="status">
      <Alert type={KINDS[found.answer]} showIcon title={title} description={t("test.zone", { zone: formatZone(found.at, found.zone), at: at(found.at) })} />
      <ul className="ht-sending-checks" aria-label={t("test.checks")}>
        {found.checks.map((one) => {
          const Icon = ICONS[one.answer];
          const why = one[language];
          return (
            <li key={one.name} data-answer={one.answer}>
              <Icon aria-label={t(`answer.${one.answer}`)} role="img" />
              <span>
                <strong>{t(`check.${one.name}`)}</strong>
                {why || one.until ? <span className="ht-secondary">{[why, one.until ? t("test.notBefore", { at: at(one.until) }) : ""].filter(Boolean).join(" ")}</span> : null}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export function TestBox() {
  const { t } = useTranslation(["sending", "common"]);
  const id = useId();
  const path = useWorkspacePath();
  const accounts = (useAccounts(true).data?.items ?? []).filter(({ ways }) => ways.includes("send"));
  const [chosen, setChosen] = useState<string | null>(null);
  const [member_id, setMember] = useState<string | null>(null);
  const [purpose, setPurpose] = useState<(typeof PURPOSES)[number]>("marketing");
  const [text, setText] = useState("");
  const test = $api.useMutation("post", RULES_TESTS);
  const account_id = chosen ?? accounts[0]?.id ?? null;
  const ready = account_id !== null && member_id !== null;
  return (
    <section className="ht-card ht-stack ht-sending-test" aria-labelledby={id}>
      <div>
        <h2 id={id} className="ht-form-title">{t("test.title")}</h2>
        <p className="ht-secondary">{t("test.about")}</p>
      </div>
      {accounts.length === 0 ? <p>{t("test.noAccount")}</p> : (
        <form
          className="ht-stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) test.mutate({ params: { path }, body: { account_id, member_id, purpose, text } });
          }}
        >
          <MemberSearch except="" label={t("test.member")} value={member_id ?? undefined} onChange={setMember} />
          <Select
            aria-label={t("test.account")}
            className="ht-wide"
            value={account_id}
            options={accounts.map(({ id: value, name }) => ({ value, label: plainText(name) }))}
            onChange={setChosen}
          />
          <Radio.Group
            aria-label={t("test.purpose")}
            value={purpose}
            options={PURPOSES.map((value) => ({ value, label: t(`purpose.${value}`) }))}
            onChange={(event) => { setPurpose(event.target.value as typeof purpose); }}
          />
          <Input.TextArea
            aria-label={t("test.text")}
            placeholder={t("test.text")}
            autoSize={{ minRows: 3, maxRows: 8 }}
            maxLength={TEXT_LENGTH_MAX}
            value={text}
            onChange={(event) => { setText(event.target.value); }}
          />
          <div><Button type="primary" htmlType="submit" disabled={!ready} loading={test.isPending}>{t("test.do")}</Button></div>
        </form>
      )}
      {test.error ? <ErrorState error={test.error} compact /> : test.data ? <Answer found={test.data} /> : null}
    </section>
  );
}
