/** Who is told: myself, and chats of the team. */
import { PlusOutlined } from "@ant-design/icons";
import { App, Button, Drawer, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem, type FieldError } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { MINE, SUBSCRIPTION, SUBSCRIPTIONS, useAlertsChanged, useMine, useSubscriptions, type Subscription } from "./queries";
import { bodyOf, draftOf, SubscriptionFields } from "./SubscriptionFields";

/** What the server said, at its fields; the rest to be shown beside the button. */
function useSaid() {
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [failure, setFailure] = useState<unknown>(null);
  return {
    errors,
    failure,
    clear: () => {
      setErrors([]);
      setFailure(null);
    },
    take: (error: unknown) => {
      if (error instanceof ApiProblem && error.errors.length > 0) setErrors(error.errors.map(({ field, message }) => ({ field: field.replace(/^body\.(?:body\.)?/u, ""), message })));
      else setFailure(error);
    },
  };
}

function Myself({ mine }: { mine: Subscription }) {
  const { t } = useTranslation(["alerts", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const changed = useAlertsChanged();
  const [draft, setDraft] = useState(() => draftOf(mine));
  const said = useSaid();
  const save = $api.useMutation("patch", MINE, {
    onMutate: said.clear,
    async onSuccess() {
      void message.success(t("told.saved"));
      await changed();
    },
    onError: said.take,
  });
  return (
    <section className="ht-card ht-stack" aria-labelledby="alerts-mine">
      <h2 id="alerts-mine">{t("told.mine")}</h2>
      <p className="ht-secondary">{t("told.mineAbout")}</p>
      <SubscriptionFields draft={draft} kept={mine} errors={said.errors} ways={["console", "chat", "email"]} edit={(change) => { setDraft((had) => ({ ...had, ...change })); }} />
      {said.failure ? <ErrorState error={said.failure} compact /> : null}
      <div>
        <Button type="primary" loading={save.isPending} onClick={() => { save.mutate({ params: { path }, body: bodyOf(draft, mine) }); }}>{t("told.save")}</Button>
      </div>
    </section>
  );
}

function ChatForm({ kept, onClose }: { kept: Subscription | null; onClose: () => void }) {
  const { t } = useTranslation(["alerts", "common"]);
  const path = useWorkspacePath();
  const changed = useAlertsChanged();
  const [draft, setDraft] = useState(() => draftOf(kept));
  const said = useSaid();
  const outcome = {
    onMutate: said.clear,
    async onSuccess() {
      onClose();
      await changed();
    },
    onError: said.take,
  };
  const create = $api.useMutation("post", SUBSCRIPTIONS, outcome);
  const change = $api.useMutation("patch", SUBSCRIPTION, outcome);
  return (
    <Drawer
      open
      onClose={onClose}
      size={440}
      closable={{ "aria-label": t("common:cancel"), placement: "end" }}
      title={t(kept === null ? "told.addTitle" : "told.changeTitle")}
      footer={
        <div className="ht-danger-foot ht-foot-tight">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button
            type="primary"
            loading={create.isPending || change.isPending}
            onClick={() => {
              const body = bodyOf(draft, kept);
              if (kept === null) create.mutate({ params: { path }, body });
              else change.mutate({ params: { path: { ...path, subscription_id: kept.id } }, body });
            }}
          >
            {t("told.save")}
          </Button>
        </div>
      }
    >
      <SubscriptionFields draft={draft} kept={kept} errors={said.errors} ways={["chat", "email"]} edit={(next) => { setDraft((had) => ({ ...had, ...next })); }} />
      {said.failure ? <ErrorState error={said.failure} compact /> : null}
    </Drawer>
  );
}

function Chats() {
  const { t } = useTranslation(["alerts", "common"]);
  const path = useWorkspacePath();
  const mayManage = useMay("alerts.manage");
  const changed = useAlertsChanged();
  const { data, error, refetch } = useSubscriptions();
  const [form, setForm] = useState<{ kept: Subscription | null } | null>(null);
  const [deleting, setDeleting] = useState<Subscription | null>(null);
  const remove = $api.useMutation("delete", SUBSCRIPTION, { onSuccess: changed });
  const about = ({ kinds, digest_at, quiet_from, quiet_to }: Subscription) =>
    [
      kinds.length === 0 ? t("told.allKinds") : kinds.map((kind) => t(`kind.${kind}`)).join(t("separator")),
      ...(digest_at ? [t("told.digestSaid", { at: digest_at })] : quiet_from ? [t("told.quietSaid", { from: quiet_from, to: quiet_to })] : []),
    ].join(" · ");
  return (
    <section className="ht-card ht-stack" aria-labelledby="alerts-chats">
      <h2 id="alerts-chats">{t("told.chats")}</h2>
      <p className="ht-secondary">{t("told.chatsAbout")}</p>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} compact />
      ) : !data ? (
        <Skeleton active paragraph={{ rows: 2 }} />
      ) : data.items.length === 0 ? (
        <p className="ht-secondary">{t("told.noChats")}</p>
      ) : (
        <ul className="ht-alert-chats">
          {data.items.map((one) => (
            <li key={one.id}>
              <strong><SafeText text={one.chat_name} /></strong>
              <span className="ht-secondary">{one.account ? <SafeText text={one.account.name} /> : t("told.accountGone")}</span>
              <span className="ht-secondary">{about(one)}</span>
              {mayManage ? (
                <span className="ht-alert-acts">
                  <Button type="link" size="small" aria-label={t("told.changeOf", { name: plainText(one.chat_name) })} onClick={() => { setForm({ kept: one }); }}>{t("told.change")}</Button>
                  <Button type="link" size="small" danger aria-label={t("told.removeOf", { name: plainText(one.chat_name) })} onClick={() => { setDeleting(one); }}>{t("told.remove")}</Button>
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {mayManage ? <div><Button icon={<PlusOutlined aria-hidden />} onClick={() => { setForm({ kept: null }); }}>{t("told.add")}</Button></div> : null}
      {form ? <ChatForm kept={form.kept} onClose={() => { setForm(null); }} /> : null}
      <ConfirmDanger
        open={deleting !== null}
        title={t("told.removeTitle")}
        consequence={<p>{t("told.removeBody")}</p>}
        action={t("told.remove")}
        onConfirm={async () => {
          if (deleting) await remove.mutateAsync({ params: { path: { ...path, subscription_id: deleting.id } } });
        }}
        onClose={() => { setDeleting(null); }}
      />
    </section>
  );
}

export function ToldTab() {
  const { t } = useTranslation(["alerts", "common"]);
  const { data, error, refetch } = useMine();
  return (
    <>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Myself key={data.way + data.chat_name} mine={data} />
      ) : (
        <div className="ht-card" role="status" aria-label={t("common:loading")}><Skeleton active paragraph={{ rows: 6 }} /></div>
      )}
      <Chats />
    </>
  );
}
