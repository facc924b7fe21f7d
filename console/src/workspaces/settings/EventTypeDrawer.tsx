/** One kind of event: its properties, and a sentence on what it is. */
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useMay, useSession, useWorkspacePath } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { placeErrors } from "../../kit/formErrors";
import { SafeText } from "../../kit/SafeText";
import { plainText } from "../../kit/safeText";
import { EVENT_TYPES, type EventType } from "./queries";
import { ReviewButtons } from "./ReviewButtons";

const DESCRIPTION_LENGTH_MAX = 300;

function DescriptionForm({ type }: { type: EventType }) {
  const { t } = useTranslation(["settings", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<{ description: string }>();
  const [left, setLeft] = useState<unknown>(null);
  const describe = $api.useMutation("patch", "/api/workspaces/{workspace_id}/event-types/{name}", {
    onMutate() {
      setLeft(null);
    },
    async onSuccess() {
      void message.success(t("saved"));
      await queryClient.invalidateQueries({ queryKey: ["get", EVENT_TYPES] });
    },
    onError(error) {
      setLeft(placeErrors(form, ["description"], error));
    },
  });
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ description: type.description }}
      onFinish={({ description }: { description: string }) => { describe.mutate({ params: { path: { ...path, name: type.name } }, body: { description } }); }}
    >
      <Form.Item name="description" label={t("eventTypes.description")}>
        <Input.TextArea rows={3} maxLength={DESCRIPTION_LENGTH_MAX} showCount placeholder={t("eventTypes.descriptionHint")} />
      </Form.Item>
      {left === null ? null : <ErrorState error={left} compact />}
      <Button type="primary" htmlType="submit" loading={describe.isPending}>
        {t("save")}
      </Button>
    </Form>
  );
}

function Facts({ type }: { type: EventType }) {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  const { workspace } = useSession();
  const mayManage = useMay("events.manage");
  const zone = workspace.time_zone;
  return (
    <div className="ht-stack">
      <dl className="ht-facts">
        <dt>{t("eventTypes.inCode")}</dt>
        <dd><code>{plainText(type.name)}</code></dd>
        <dt>{t("eventTypes.review")}</dt>
        <dd>{t(`eventTypes.reviews.${type.review}`)} <ReviewButtons type={type} /></dd>
        <dt>{t("eventTypes.activity")}</dt>
        <dd>{type.is_activity ? t("eventTypes.countsLong") : t("eventTypes.countsNot")}</dd>
        {type.events === null ? null : (
          <>
            <dt>{t("eventTypes.events")}</dt>
            <dd>{formatCount(type.events)}</dd>
            <dt>{t("eventTypes.firstSeen")}</dt>
            <dd>{formatDateTime(type.first_seen_at, zone, language)}</dd>
            <dt>{t("eventTypes.seen")}</dt>
            <dd>{formatDateTime(type.last_seen_at, zone, language)}</dd>
          </>
        )}
      </dl>
      {type.is_declared ? null : mayManage ? (
        <DescriptionForm key={type.name} type={type} />
      ) : type.description ? (
        <p><SafeText text={type.description} /></p>
      ) : null}
      <section aria-labelledby="properties">
        <h3 id="properties" className="ht-form-title">{t("eventTypes.propertyList")}</h3>
        {type.properties.length === 0 ? (
          <p className="ht-secondary">{t("eventTypes.noProperties")}</p>
        ) : (
          <div className="ht-scroll">
            <table className="ht-plain-table">
              <thead>
                <tr>
                  <th scope="col">{t("eventTypes.property")}</th>
                  <th scope="col">{t("eventTypes.propertyType")}</th>
                  <th scope="col">{t("eventTypes.meaning")}</th>
                </tr>
              </thead>
              <tbody>
                {type.properties.map((one) => (
                  <tr key={one.name}>
                    <td><code>{plainText(one.name)}</code></td>
                    <td>{one.type}</td>
                    <td><SafeText text={(language === "zh" ? one.name_zh : one.name_en) || "–"} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </div>
  );
}

export function EventTypeDrawer({ type, onClose }: { type: EventType | undefined; onClose: () => void }) {
  const language = useLanguage();
  return (
    <Drawer open={type !== undefined} onClose={onClose} size={480} title={type ? <SafeText text={language === "zh" ? type.name_zh : type.name_en} /> : null} destroyOnHidden>
      {type ? <Facts type={type} /> : null}
    </Drawer>
  );
}
