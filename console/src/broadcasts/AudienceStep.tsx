/** Whom it is for, and which accounts it goes from, in which order. */
import { Radio } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../app/session";
import { useAccounts, usePlatforms } from "../channels/queries";
import { useLanguage } from "../i18n/useLanguage";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { useGroups } from "../reports/ReportFilterBar";
import { useSegments } from "../segments/queries";
import type { Audience } from "./queries";
import type { StepProps } from "./Wizard";

const KINDS = ["groups", "segment", "communities"] as const;

function Problem({ errors, field }: Pick<StepProps, "errors"> & { field: string }) {
  const said = errors.find((one) => one.field.endsWith(field))?.message;
  return said === undefined ? null : <p className="ht-field-error" role="alert">{said}</p>;
}

export function AudienceStep({ draft, errors, onChange }: StepProps) {
  const { t } = useTranslation(["broadcasts", "common"]);
  const language = useLanguage();
  const id = useId();
  const { communities } = useSession();
  const accounts = useAccounts(true);
  const platforms = usePlatforms();
  const segments = useSegments();
  const { groups, loading } = useGroups(undefined);
  const { audience } = draft;
  const set = (change: Partial<Audience>) => {
    onChange({ audience: { ...audience, ...change } });
  };
  const named = new Map(platforms.data?.items.map((one) => [one.platform, one[language]]));
  const sending = (accounts.data?.items ?? []).filter((one) => one.ways.includes("send"));
  const channels = new Set(sending.map(({ channel }) => channel));
  return (
    <div className="ht-broadcast-fields">
      <span id={`${id}-kind`}>{t("whom.title")}</span>
      <Radio.Group aria-labelledby={`${id}-kind`} value={audience.kind} options={KINDS.map((value) => ({ value, label: t(`whom.kind.${value}`) }))} onChange={(event) => { set({ kind: event.target.value as Audience["kind"] }); }} />
      <p className="ht-secondary">{t(`whom.hint.${audience.kind}`)}</p>
      {audience.kind === "groups" ? (
        <>
          <label htmlFor={`${id}-groups`}>{t("whom.kind.groups")}</label>
          <Select id={`${id}-groups`} mode="multiple" loading={loading} showSearch={{ optionFilterProp: "label" }} placeholder={t("whom.chooseGroups")} value={audience.groups} options={groups.filter(({ channel }) => channels.has(channel)).map((one) => ({ value: one.id, label: plainText(one.name) }))} onChange={(next: string[]) => { set({ groups: next }); }} />
          <Problem errors={errors} field="audience.groups" />
        </>
      ) : audience.kind === "segment" ? (
        <>
          <label htmlFor={`${id}-segment`}>{t("whom.kind.segment")}</label>
          <Select id={`${id}-segment`} loading={segments.isPending} showSearch={{ optionFilterProp: "label" }} placeholder={t("whom.chooseSegment")} value={audience.segment ?? null} options={(segments.data ?? []).map((one) => ({ value: one.id, label: plainText(one.name) }))} onChange={(next: string | null) => { set({ segment: next }); }} />
          <Problem errors={errors} field="audience.segment" />
        </>
      ) : (
        <>
          <label htmlFor={`${id}-communities`}>{t("whom.kind.communities")}</label>
          <Select id={`${id}-communities`} mode="multiple" showSearch={{ optionFilterProp: "label" }} placeholder={t("whom.chooseCommunities")} value={audience.communities} options={communities.map((one) => ({ value: one.id, label: plainText(one.name) }))} onChange={(next: string[]) => { set({ communities: next }); }} />
          <Problem errors={errors} field="audience.communities" />
        </>
      )}
      <label htmlFor={`${id}-accounts`}>{t("from.title")}</label>
      <Select id={`${id}-accounts`} mode="multiple" loading={accounts.isPending} placeholder={t("from.choose")} value={audience.accounts} options={sending.map((one) => ({ value: one.id, label: `${plainText(one.name)} (${named.get(one.platform) ?? one.platform})` }))} onChange={(next: string[]) => { set({ accounts: next }); }} />
      <p className="ht-secondary">{t("from.hint")}</p>
      <Problem errors={errors} field="audience.accounts" />
    </div>
  );
}
