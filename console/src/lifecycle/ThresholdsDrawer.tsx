/** Where stages begin and end: before they are saved it is shown whom they would move. */
import { keepPreviousData } from "@tanstack/react-query";
import { App, Button, Drawer, Form, Input, InputNumber, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { LIFE_CYCLE, PREVIEW, useForgetLifeCycle, type LifeCycle, type Thresholds } from "./queries";

const ACTIVITY = ["new_days", "active_days", "lapsed_days", "returned_days"] as const;
const PURCHASE = ["repeat_orders", "value_days", "high_value_amount"] as const;
const FIELDS = [...ACTIVITY, ...PURCHASE, "currency"].map((name) => name);
const REST_MILLISECONDS = 400;
const DIGITS: Record<string, number> = { high_value_amount: 2 };

type Draft = { [Key in keyof Thresholds]?: Thresholds[Key] | null };

/** What was typed, once the typing rests; null while a field is empty. */
function useRested(draft: Draft, at: Thresholds): Thresholds | null {
  const [rested, setRested] = useState<Thresholds | null>(at);
  useEffect(() => {
    const timer = setTimeout(() => {
      const complete = { ...at, ...draft };
      setRested(Object.values(complete).some((value) => value === null || value === "") ? null : (complete as Thresholds));
    }, REST_MILLISECONDS);
    return () => { clearTimeout(timer); };
  }, [draft, at]);
  return rested;
}

function Moves({ cycle, thresholds }: { cycle: LifeCycle; thresholds: Thresholds | null }) {
  const { t } = useTranslation(["lifecycle", "common"]);
  const language = useLanguage();
  const path = useWorkspacePath();
  const same = thresholds !== null && FIELDS.every((name) => thresholds[name as keyof Thresholds] === cycle.thresholds[name as keyof Thresholds]);
  const preview = $api.useQuery(
    "post",
    PREVIEW,
    { params: { path }, body: { community_id: cycle.community.id, thresholds: thresholds ?? cycle.thresholds } },
    { enabled: thresholds !== null && !same, placeholderData: keepPreviousData, retry: false },
  );
  const name = (kind: "activity" | "purchase", stage: string) => cycle.kinds[kind].find((one) => one.stage === stage)?.[language] ?? stage;
  const body = () => {
    if (same) return <p className="ht-secondary">{t("preview.same")}</p>;
    if (thresholds === null) return <p className="ht-secondary">{t("preview.incomplete")}</p>;
    if (preview.error) return <ErrorState error={preview.error} compact />;
    if (!preview.data) return <Skeleton active title={false} paragraph={{ rows: 3 }} />;
    if (preview.data.moves.length === 0) return <p>{t("preview.nobody")}</p>;
    return (
      <table className="ht-plain-table">
        <thead>
          <tr>
            <th scope="col">{t("preview.kind")}</th>
            <th scope="col">{t("flow.from")}</th>
            <th scope="col">{t("flow.to")}</th>
            <th scope="col" className="ht-number">{t("flow.count")}</th>
          </tr>
        </thead>
        <tbody>
          {preview.data.moves.map((move) => (
            <tr key={`${move.kind} ${move.from} ${move.to}`}>
              <td>{t(`kind.${move.kind}`)}</td>
              <td>{name(move.kind, move.from)}</td>
              <td>{name(move.kind, move.to)}</td>
              <td className="ht-number">{formatCount(move.members)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    );
  };
  return (
    <section className="ht-life-moves" aria-labelledby="life-moves" aria-live="polite" aria-busy={preview.isFetching}>
      <h3 id="life-moves" className="ht-form-title">{t("preview.title")}</h3>
      {body()}
    </section>
  );
}

function Body({ cycle, onClose }: { cycle: LifeCycle; onClose: () => void }) {
  const { t } = useTranslation(["lifecycle", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const forget = useForgetLifeCycle();
  const [form] = Form.useForm<Thresholds>();
  const [left, setLeft] = useState<unknown>(null);
  const [draft, setDraft] = useState<Draft>({});
  const thresholds = useRested(draft, cycle.thresholds);
  const change = $api.useMutation("put", LIFE_CYCLE, {
    onMutate() {
      setLeft(null);
    },
    async onSuccess() {
      void message.success(t("thresholds.saved"));
      onClose();
      await forget();
    },
    onError(error) {
      setLeft(placeErrors(form, FIELDS, error));
    },
  });
  const number = (field: (typeof ACTIVITY | typeof PURCHASE)[number]) => (
    <Form.Item key={field} name={field} label={t(`thresholds.${field}`)} extra={t(`thresholds.hint.${field}`)} rules={[{ required: true, message: t("thresholds.needed") }]}>
      <InputNumber min={field === "high_value_amount" ? 0.01 : 1} precision={DIGITS[field] ?? 0} className="ht-life-number" />
    </Form.Item>
  );
  return (
    <Form<Thresholds>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={cycle.thresholds}
      onValuesChange={(_, all) => { setDraft(all); }}
      onFinish={(values) => { change.mutate({ params: { path }, body: { community_id: cycle.community.id, thresholds: { ...cycle.thresholds, ...values } } }); }}
    >
      <h3 className="ht-form-title">{t("kind.activity")}</h3>
      <div className="ht-life-fields">{ACTIVITY.map(number)}</div>
      <h3 className="ht-form-title">{t("kind.purchase")}</h3>
      <div className="ht-life-fields">
        {PURCHASE.map(number)}
        <Form.Item name="currency" label={t("thresholds.currency")} extra={t("thresholds.hint.currency")} rules={[{ required: true, pattern: /^[A-Z]{3}$/, message: t("thresholds.currencyRule") }]}>
          <Input maxLength={3} className="ht-life-number" autoComplete="off" spellCheck={false} />
        </Form.Item>
      </div>
      <Moves cycle={cycle} thresholds={thresholds} />
      <p className="ht-secondary">{t("thresholds.silent")}</p>
      {left === null ? null : <ErrorState error={left} compact />}
      <div className="ht-danger-foot">
        <Button
          onClick={() => {
            form.setFieldsValue(cycle.defaults);
            setDraft(cycle.defaults);
          }}
        >
          {t("thresholds.reset")}
        </Button>
        <Button onClick={onClose}>{t("common:cancel")}</Button>
        <Button type="primary" htmlType="submit" loading={change.isPending}>{t("save")}</Button>
      </div>
    </Form>
  );
}

export function ThresholdsDrawer({ cycle, open, onClose }: { cycle: LifeCycle; open: boolean; onClose: () => void }) {
  const { t } = useTranslation(["lifecycle", "common"]);
  return (
    <Drawer open={open} onClose={onClose} size={560} title={t("thresholds.title")} destroyOnHidden>
      <Body cycle={cycle} onClose={onClose} />
    </Drawer>
  );
}
