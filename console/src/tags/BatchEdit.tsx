/** Changing the chosen members at once: what, how many, and then how far it is. */
import { Link } from "@tanstack/react-router";
import { Button, Form, Modal, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { AttributeInput } from "../members/AttributeInput";
import { attributeName } from "../members/attributeValue";
import { useAttributes } from "../members/queries";
import { EditOutcome } from "./EditOutcome";
import { TagsSelect } from "./TagSelect";
import { EDITS, said, useEditActs, type Change, type Whom } from "./queries";
import "./tags.css";

export type BatchKind = "add" | "remove" | "set" | "clear";

const NOTHING: Change = { add_tags: [], remove_tags: [], set: {}, clear: [] };

function Count({ whom }: { whom: Whom }) {
  const { t } = useTranslation(["tags", "common"]);
  const path = useWorkspacePath();
  const { data, error, refetch } = $api.useQuery("post", `${EDITS}/preview`, { params: { path }, body: { members: said(whom) } }, { staleTime: 0 });
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} compact />;
  if (!data) return <Skeleton active title={false} paragraph={{ rows: 1 }} />;
  return <p role="status" className="ht-batch-count">{t("batch.count", { count: data.count, shown: formatCount(data.count) })}</p>;
}

export function BatchEdit({ kind, whom, onClose }: { kind: BatchKind; whom: Whom; onClose: () => void }) {
  const { t } = useTranslation(["tags", "common"]);
  const language = useLanguage();
  const acts = useEditActs();
  const attributes = useAttributes(kind === "set" || kind === "clear");
  const [tag_ids, setTags] = useState<string[]>([]);
  const [keys, setKeys] = useState<string[]>([]);
  const [value, setValue] = useState<unknown>(undefined);
  const [edit_id, setEdit] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const kinds = attributes.data?.items ?? [];
  const options = kinds.map((one) => ({ value: one.key, label: plainText(attributeName(one, language)) }));
  const key = keys[0];
  const chosen = kinds.find((one) => one.key === key);
  const change: Change =
    kind === "add"
      ? { ...NOTHING, add_tags: tag_ids }
      : kind === "remove"
        ? { ...NOTHING, remove_tags: tag_ids }
        : kind === "set"
          ? { ...NOTHING, set: key !== undefined && value !== undefined ? { [key]: value } : {} }
          : { ...NOTHING, clear: keys };
  const ready = change.add_tags.length + change.remove_tags.length + Object.keys(change.set).length + change.clear.length > 0;
  const said = error instanceof ApiProblem && key !== undefined ? error.fieldMessage(`change.set.${key}`) : undefined;
  const start = async () => {
    setError(null);
    try {
      setEdit((await acts.start(whom, change)).id);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal open title={t(`batch.${kind}`)} onCancel={onClose} footer={null} width={520} mask={{ closable: false }}>
      {edit_id === null ? (
        <Form layout="vertical" requiredMark={false} onFinish={() => void start()}>
          <Count whom={whom} />
          {kind === "add" || kind === "remove" ? (
            <Form.Item label={t("title")} htmlFor="batch-tags" extra={kind === "remove" ? t("batch.removeHint") : null}>
              <TagsSelect id="batch-tags" label={t("title")} autoFocus value={tag_ids} onChange={setTags} />
            </Form.Item>
          ) : (
            <Form.Item label={t("batch.attribute")} htmlFor="batch-attributes">
              {kind === "clear" ? (
                <Select id="batch-attributes" mode="multiple" className="ht-wide" autoFocus placeholder={t("batch.chooseAttributes")} loading={attributes.isPending} showSearch={{ optionFilterProp: "label" }} value={keys} options={options} onChange={setKeys} />
              ) : (
                <Select
                  id="batch-attributes"
                  className="ht-wide"
                  autoFocus
                  placeholder={t("batch.chooseAttribute")}
                  loading={attributes.isPending}
                  showSearch={{ optionFilterProp: "label" }}
                  value={key ?? null}
                  options={options}
                  onChange={(next: string | null) => {
                    setKeys(next === null ? [] : [next]);
                    setValue(undefined);
                  }}
                />
              )}
            </Form.Item>
          )}
          {kind === "set" && chosen ? (
            <Form.Item label={t("batch.value")} htmlFor="batch-value" {...(said ? { validateStatus: "error", help: said } : {})}>
              <AttributeInput key={chosen.key} id="batch-value" type={chosen.type} options={chosen.options} label={t("batch.value")} value={value} onChange={setValue} />
            </Form.Item>
          ) : null}
          {error === null || said ? null : <ErrorState error={error} compact />}
          <p className="ht-secondary">{t("batch.reversible")}</p>
          <div className="ht-danger-foot">
            <Button onClick={onClose}>{t("common:cancel")}</Button>
            <Button type="primary" htmlType="submit" disabled={!ready} loading={acts.isPending}>
              {t(`batch.${kind}`)}
            </Button>
          </div>
        </Form>
      ) : (
        <div className="ht-edit-pair">
          <EditOutcome edit_id={edit_id} />
          <div className="ht-danger-foot ht-foot-tight">
            <Link to="/members/edits">{t("batch.history")}</Link>
            <Button onClick={onClose}>{t("batch.close")}</Button>
          </div>
        </div>
      )}
    </Modal>
  );
}
