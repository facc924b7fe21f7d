/** Of what somebody is told, by which way, and when. */
import { Checkbox, Input, Radio } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import type { FieldError } from "../api/problem";
import { useMay, useSession } from "../app/session";
import { ChatSelect } from "../channels/ChatSelect";
import { useAccounts } from "../channels/queries";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";
import { KINDS, type Kind } from "./filters";
import type { Subscription, SubscriptionBody } from "./queries";

export interface Draft {
  kinds: Kind[];
  community_ids: string[];
  way: "console" | "chat" | "email";
  /** Empty while the kept place stays. */
  chat_id: string | null;
  account_id: string | null;
  address: string;
  time: "once" | "digest";
  quiet_from: string;
  quiet_to: string;
  digest_at: string;
}

export const draftOf = (kept: Subscription | null): Draft => ({
  kinds: kept?.kinds ?? [],
  community_ids: kept?.community_ids ?? [],
  way: kept?.way ?? "chat",
  chat_id: null,
  account_id: kept?.way === "email" ? (kept.account?.id ?? null) : null,
  address: kept?.way === "email" ? kept.chat_name : "",
  time: kept?.digest_at ? "digest" : "once",
  quiet_from: kept?.quiet_from ?? "",
  quiet_to: kept?.quiet_to ?? "",
  digest_at: kept?.digest_at ?? "",
});

/** What is sent; the place only where it is chosen anew. */
export function bodyOf(draft: Draft, kept: Subscription | null): SubscriptionBody {
  const { kinds, community_ids, way, chat_id, account_id, address, time, quiet_from, quiet_to, digest_at } = draft;
  const staysInChat = way === "chat" && kept?.way === "chat" && chat_id === null;
  return {
    kinds,
    community_ids,
    address,
    ...(staysInChat ? {} : { way, ...(way === "chat" && chat_id ? { chat_id } : {}), ...(way === "email" && account_id ? { account_id } : {}) }),
    quiet_from: time === "once" ? quiet_from : "",
    quiet_to: time === "once" ? quiet_to : "",
    digest_at: time === "digest" ? digest_at || "09:00" : "",
  };
}

interface FieldsProps {
  draft: Draft;
  kept: Subscription | null;
  edit: (change: Partial<Draft>) => void;
  errors: readonly FieldError[];
  ways: readonly Draft["way"][];
}

export function SubscriptionFields({ draft, kept, edit, errors, ways }: FieldsProps) {
  const { t } = useTranslation(["alerts", "common"]);
  const id = useId();
  const { communities } = useSession();
  const maySeeChats = useMay("channels.read");
  const accounts = useAccounts(maySeeChats);
  const mail = (accounts.data?.items ?? []).filter(({ platform }) => platform === "email");
  const offered = ways.filter((way) => way === "console" || (maySeeChats && (way === "chat" || mail.length > 0 || draft.way === "email")));
  const errorOf = (field: string) => {
    const said = errors.find((one) => one.field === field)?.message;
    return said ? <p className="ht-field-error" role="alert">{said}</p> : null;
  };
  return (
    <div className="ht-alert-fields">
      <fieldset className="ht-alert-fieldset">
        <legend className="ht-field-label">{t("told.way")}</legend>
        <Radio.Group value={draft.way} options={offered.map((value) => ({ value, label: t(`way.${value}`) }))} onChange={(event) => { edit({ way: event.target.value as Draft["way"] }); }} />
      </fieldset>
      {draft.way === "chat" ? (
        <div>
          {kept?.way === "chat" && draft.chat_id === null ? <p className="ht-secondary">{t("told.now", { name: plainText(kept.chat_name) })}</p> : null}
          <ChatSelect label={t("told.chat")} value={draft.chat_id} onChange={(chat_id) => { edit({ chat_id }); }} />
          {errorOf("chat_id")}
        </div>
      ) : null}
      {draft.way === "email" ? (
        <div className="ht-alert-mail">
          <Select
            aria-label={t("told.mailAccount")}
            placeholder={t("told.mailAccount")}
            value={draft.account_id}
            options={mail.map(({ id: value, name }) => ({ value, label: plainText(name) }))}
            onChange={(account_id) => { edit({ account_id }); }}
          />
          <Input aria-label={t("told.address")} placeholder={t("told.address")} type="email" value={draft.address} maxLength={200} onChange={(event) => { edit({ address: event.target.value }); }} />
          {errorOf("account_id") ?? errorOf("address")}
        </div>
      ) : null}
      <fieldset className="ht-alert-fieldset">
        <legend className="ht-field-label">{t("told.kinds")}</legend>
        <Checkbox.Group<Kind>
          value={draft.kinds.length === 0 ? [...KINDS] : draft.kinds}
          options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          onChange={(kinds) => { if (kinds.length > 0) edit({ kinds: kinds.length === KINDS.length ? [] : kinds }); }}
        />
      </fieldset>
      <div>
        <label htmlFor={`${id}-communities`} className="ht-field-label">{t("told.communities")}</label>
        <Select
          id={`${id}-communities`}
          className="ht-wide"
          mode="multiple"
          value={draft.community_ids}
          placeholder={t("told.allCommunities")}
          showSearch={{ optionFilterProp: "label" }}
          options={communities.map(({ id: value, name }) => ({ value, label: plainText(name) }))}
          onChange={(community_ids) => { edit({ community_ids }); }}
        />
      </div>
      {draft.way === "console" ? null : (
        <>
          <fieldset className="ht-alert-fieldset">
            <legend className="ht-field-label">{t("told.when")}</legend>
            <Radio.Group value={draft.time} options={(["once", "digest"] as const).map((value) => ({ value, label: t(`time.${value}`) }))} onChange={(event) => { edit({ time: event.target.value as Draft["time"] }); }} />
          </fieldset>
          {draft.time === "digest" ? (
            <span className="ht-alert-minutes">
              <label htmlFor={`${id}-digest`}>{t("told.digestAt")}</label>
              <Input id={`${id}-digest`} type="time" value={draft.digest_at || "09:00"} onChange={(event) => { edit({ digest_at: event.target.value }); }} />
            </span>
          ) : (
            <span className="ht-alert-minutes">
              <span className="ht-alert-time">
                <label htmlFor={`${id}-from`}>{t("told.quietFrom")}</label>
                <Input id={`${id}-from`} type="time" value={draft.quiet_from} onChange={(event) => { edit({ quiet_from: event.target.value }); }} />
              </span>
              <span className="ht-alert-time">
                <label htmlFor={`${id}-to`}>{t("told.quietTo")}</label>
                <Input id={`${id}-to`} type="time" value={draft.quiet_to} onChange={(event) => { edit({ quiet_to: event.target.value }); }} />
              </span>
            </span>
          )}
          {errorOf("quiet_to") ?? errorOf("digest_at")}
        </>
      )}
    </div>
  );
}
