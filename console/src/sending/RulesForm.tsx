/** The rules of a workspace: quiet hours, how often, which words, and what the law says of minors. */
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, InputNumber, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useSession, useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { RelativeTime } from "../kit/RelativeTime";
import { RULES, type Rules } from "./queries";

const CAP_MAX = 1_000;
const FIELDS = ["quiet_from", "quiet_to", "marketing_per_day", "marketing_per_week", "banned_words", "advertising_words"];
const DEFAULT_FROM = "22:00";
const DEFAULT_TO = "08:00";

interface Fields {
  is_quiet: boolean;
  quiet_from: string;
  quiet_to: string;
  marketing_per_day: number | null;
  marketing_per_week: number | null;
  banned_words: string;
  advertising_words: string;
}

const lines = (text: string) => [...new Set(text.split("\n").map((line) => line.trim()).filter(Boolean))];

export function RulesForm({ rules, disabled }: { rules: Rules; disabled: boolean }) {
  const { t } = useTranslation(["sending", "common"]);
  const { message } = App.useApp();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const [left, setLeft] = useState<unknown>(null);
  const isQuiet = (Form.useWatch("is_quiet", form) as boolean | undefined) ?? rules.quiet_from !== rules.quiet_to;
  const change = $api.useMutation("patch", RULES, {
    onMutate() {
      setLeft(null);
    },
    async onSuccess() {
      void message.success(t("form.saved"));
      await queryClient.invalidateQueries({ queryKey: ["get", RULES] });
    },
    onError(error) {
      setLeft(placeErrors(form, FIELDS, error));
    },
  });
  const save = (fields: Fields) => {
    change.mutate({
      params: { path },
      body: {
        quiet_from: fields.is_quiet ? fields.quiet_from : "00:00",
        quiet_to: fields.is_quiet ? fields.quiet_to : "00:00",
        marketing_per_day: fields.marketing_per_day ?? 0,
        marketing_per_week: fields.marketing_per_week ?? 0,
        banned_words: lines(fields.banned_words),
        advertising_words: lines(fields.advertising_words),
      },
    });
  };
  const never = rules.quiet_from === rules.quiet_to;
  return (
    <section className="ht-card" aria-label={t("tabs.rules")}>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        disabled={disabled}
        initialValues={{
          is_quiet: !never,
          quiet_from: never ? DEFAULT_FROM : rules.quiet_from,
          quiet_to: never ? DEFAULT_TO : rules.quiet_to,
          marketing_per_day: rules.marketing_per_day,
          marketing_per_week: rules.marketing_per_week,
          banned_words: rules.banned_words.join("\n"),
          advertising_words: rules.advertising_words.join("\n"),
        }}
        onFinish={save}
      >
        <h2 className="ht-form-title">{t("quiet.title")}</h2>
        <p className="ht-secondary">{t("quiet.about")}</p>
        <Form.Item name="is_quiet" valuePropName="checked" label={t("quiet.on")}>
          <Switch />
        </Form.Item>
        {isQuiet ? (
          <div className="ht-sending-pair">
            <Form.Item name="quiet_from" label={t("quiet.from")}><Input type="time" /></Form.Item>
            <Form.Item name="quiet_to" label={t("quiet.to")}><Input type="time" /></Form.Item>
          </div>
        ) : null}
        <h2 className="ht-form-title">{t("caps.title")}</h2>
        <p className="ht-secondary">{t("caps.about")}</p>
        <div className="ht-sending-pair">
          <Form.Item name="marketing_per_day" label={t("caps.day")}><InputNumber min={0} max={CAP_MAX} precision={0} className="ht-wide" /></Form.Item>
          <Form.Item name="marketing_per_week" label={t("caps.week")}><InputNumber min={0} max={CAP_MAX} precision={0} className="ht-wide" /></Form.Item>
        </div>
        <h2 className="ht-form-title">{t("words.title")}</h2>
        <Form.Item name="banned_words" label={t("words.banned")} extra={t("words.bannedAbout")}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 10 }} />
        </Form.Item>
        <Form.Item name="advertising_words" label={t("words.advertising")} extra={t("words.advertisingAbout")}>
          <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} />
        </Form.Item>
        <h2 className="ht-form-title">{t("minors.title")}</h2>
        <p className="ht-secondary">{t("minors.about", { minor: rules.minor_years, child: rules.child_years })}</p>
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-sending-foot">
          {disabled ? null : <Button type="primary" htmlType="submit" loading={change.isPending}>{t("form.save")}</Button>}
          <span className="ht-secondary">{rules.updated_at ? <>{t("form.changed")} <RelativeTime at={rules.updated_at} zone={workspace.time_zone} /></> : t("form.defaults")}</span>
        </div>
      </Form>
    </section>
  );
}
