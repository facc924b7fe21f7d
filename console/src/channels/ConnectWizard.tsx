/** Connecting an account, or connecting it anew: platform, settings, a live test, then it is kept. */
import { Alert, Button, Checkbox, Form, Input, Modal, Radio, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { SafeText } from "../kit/SafeText";
import { ACCOUNTS, usePlatforms, useRefresh, type Account, type Platform } from "./queries";
import { SettingsFields } from "./SettingsFields";
import { ChatPreview, SITE_PLATFORM } from "./SiteChat";

const NAME_LENGTH_MAX = 100;
const HOST_UNCONFIRMED = "host_unconfirmed";

type Values = Record<string, string | number | boolean | null | undefined>;

const filled = (values: Values) =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, value] as const])));

interface WizardProps {
  /** The account that is connected anew; null for a new one. */
  account: Account | null;
  onClose: (made?: string) => void;
}

function ChoosePlatform({ platforms, onChoose }: { platforms: readonly Platform[]; onChoose: (platform: Platform) => void }) {
  const { t } = useTranslation(["channels", "common"]);
  const language = useLanguage();
  return (
    <Radio.Group
      className="ht-channel-platforms"
      aria-label={t("wizard.platform")}
      onChange={(event) => {
        const found = platforms.find(({ platform }) => platform === event.target.value);
        if (found) onChoose(found);
      }}
    >
      {platforms.map((one) => (
        <Radio key={one.platform} value={one.platform}>
          <strong>{one[language]}</strong>
          <span className="ht-secondary">{language === "zh" ? one.about_zh : one.about_en}</span>
        </Radio>
      ))}
    </Radio.Group>
  );
}

function Setup({ platform, account, onClose }: WizardProps & { platform: Platform }) {
  const { t } = useTranslation(["channels", "common"]);
  const language = useLanguage();
  const path = useWorkspacePath();
  const refresh = useRefresh();
  const mayConfirm = useMay("channels.private_hosts");
  const [form] = Form.useForm<Values>();
  const values = Form.useWatch<Values | undefined>([], form);
  const [hosts, setHosts] = useState<string[]>(account?.private_hosts ?? []);
  const [unconfirmed, setUnconfirmed] = useState<string | null>(null);
  const [left, setLeft] = useState<unknown>(null);
  const fields = [...platform.fields.map(({ name }) => name), "name"];
  const prepared = $api.useQuery(
    "post",
    "/api/workspaces/{workspace_id}/channels/preparations",
    { params: { path }, body: { platform: platform.platform } },
    { enabled: account === null, staleTime: Infinity, gcTime: 0 },
  );
  const fail = (error: unknown) => {
    const host = error instanceof ApiProblem && error.code === HOST_UNCONFIRMED ? error.params["host"] : null;
    setUnconfirmed(typeof host === "string" ? host : null);
    setLeft(placeErrors(form, fields, error));
  };
  const test = $api.useMutation("post", "/api/workspaces/{workspace_id}/channels/tests", { onError: fail });
  const connect = $api.useMutation("post", ACCOUNTS, { onError: fail });
  const reconnect = $api.useMutation("put", "/api/workspaces/{workspace_id}/channels/accounts/{account_id}/connection", { onError: fail });
  const found = test.data;
  const busy = test.isPending || connect.isPending || reconnect.isPending;

  async function next(values: Values) {
    setLeft(null);
    setUnconfirmed(null);
    const { name, ...given } = values;
    const settings = filled(given);
    if (!found) {
      const body = { platform: platform.platform, settings, private_hosts: hosts, account_id: account?.id ?? null };
      await test.mutateAsync({ params: { path }, body }).catch(() => undefined);
      return;
    }
    if (account) await reconnect.mutateAsync({ params: { path: { ...path, account_id: account.id } }, body: { settings, private_hosts: hosts } });
    const made = account ?? (await connect.mutateAsync({ params: { path }, body: { platform: platform.platform, name: String(name), settings, private_hosts: hosts } }));
    await refresh();
    onClose(made.id);
  }

  if (account === null && prepared.isPending) return <Skeleton active title={false} paragraph={{ rows: 6 }} />;
  const risk = language === "zh" ? platform.risk_zh : platform.risk_en;
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={account ? account.settings : (prepared.data?.made ?? {})}
      onValuesChange={(changed: Values) => {
        if (!("name" in changed)) test.reset();
      }}
      onFinish={(values) => void next(values).catch(() => undefined)}
    >
      {risk ? <Alert type="warning" showIcon title={risk} className="ht-field-gap" /> : null}
      <SettingsFields fields={platform.fields} keepsSecrets={account !== null} />
      {platform.platform === SITE_PLATFORM ? <ChatPreview settings={values} /> : null}
      {unconfirmed !== null && mayConfirm ? (
        <Checkbox
          className="ht-field-gap"
          checked={hosts.includes(unconfirmed)}
          onChange={(event) => { setHosts(event.target.checked ? [...hosts, unconfirmed] : hosts.filter((host) => host !== unconfirmed)); }}
        >
          {t("wizard.confirmHost", { host: unconfirmed })}
        </Checkbox>
      ) : null}
      {left === null ? null : <ErrorState error={left} compact />}
      {found ? (
        <Alert
          type="success"
          showIcon
          className="ht-field-gap"
          title={<>{t("wizard.reached")} <SafeText text={found.name} /></>}
          description={found.notes.length > 0 ? found.notes.map((note) => <p key={note.en} className="ht-channel-note">{note[language]}</p>) : undefined}
        />
      ) : null}
      {found && account === null ? (
        <Form.Item name="name" label={t("wizard.name")} extra={t("wizard.nameHint")} rules={[{ required: true, whitespace: true, message: t("wizard.needed") }]}>
          <Input maxLength={NAME_LENGTH_MAX} autoFocus autoComplete="off" />
        </Form.Item>
      ) : null}
      <div className="ht-danger-foot">
        <Button onClick={() => { onClose(); }}>{t("common:cancel")}</Button>
        <Button type="primary" htmlType="submit" loading={busy}>
          {!found ? t("wizard.test") : account ? t("wizard.reconnect") : t("wizard.connect")}
        </Button>
      </div>
    </Form>
  );
}

export function ConnectWizard({ account, onClose }: WizardProps) {
  const { t } = useTranslation(["channels", "common"]);
  const language = useLanguage();
  const { data, error, refetch } = usePlatforms();
  const [chosen, setChosen] = useState<Platform | null>(null);
  const platform = account ? (data?.items.find((one) => one.platform === account.platform) ?? null) : chosen;
  const title = account ? t("wizard.reconnectTitle") : platform ? t("wizard.titleOf", { platform: platform[language] }) : t("wizard.title");
  return (
    <Modal open title={title} onCancel={() => { onClose(); }} footer={null} width={560} mask={{ closable: false }} destroyOnHidden>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} compact />
      ) : !data ? (
        <Skeleton active title={false} paragraph={{ rows: 6 }} />
      ) : platform ? (
        <Setup platform={platform} account={account} onClose={onClose} />
      ) : (
        <ChoosePlatform platforms={data.items} onChoose={setChosen} />
      )}
    </Modal>
  );
}
