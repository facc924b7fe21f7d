/** A condition that may be left out, written with the editor of segments. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { ErrorState } from "../../kit/ErrorState";
import { ConditionEditor } from "../../segments/editor/ConditionEditor";
import type { Condition } from "../../segments/editor/language";
import { useValueSource, useVocabulary } from "../../segments/queries";
import { NO_ERRORS, pointer, type Errors } from "./errors";
import "./shared.css";

interface ConditionFieldProps {
  /** null: everybody. */
  value: Condition | null;
  onChange: (condition: Condition | null) => void;
  /** As seen from the condition: `/of/0/value` or `of.0.value`. */
  errors?: Errors;
  /** A new number sends the focus to the first error. */
  attention?: number;
  disabled?: boolean;
  /** Must be there: it cannot be taken away. */
  required?: boolean;
  zone?: string;
}

const BEGUN: Condition = { kind: "all", of: [{ kind: "unset" }] };

export function ConditionField({ value, onChange, errors = NO_ERRORS, attention = 0, disabled = false, required = false, zone }: ConditionFieldProps) {
  const { t } = useTranslation(["automation", "common"]);
  const { workspace } = useSession();
  const { data: vocabulary, error, refetch } = useVocabulary();
  const values = useValueSource();
  const problems = useMemo(() => errors.map(({ field, message }) => ({ field: pointer(field), message })), [errors]);
  const shown = value ?? (required ? BEGUN : null);
  if (shown === null)
    return (
      <div className="ht-auto-none">
        <span className="ht-secondary">{t("condition.none")}</span>
        {disabled ? null : <Button icon={<PlusOutlined aria-hidden />} onClick={() => { onChange(BEGUN); }}>{t("condition.add")}</Button>}
      </div>
    );
  if (!vocabulary) return error ? <ErrorState error={error} onRetry={() => void refetch()} compact /> : <Skeleton active title={false} paragraph={{ rows: 3 }} />;
  return (
    <div className="ht-auto-form">
      <ConditionEditor value={shown} onChange={onChange} vocabulary={vocabulary} problems={problems} attention={attention} disabled={disabled} values={values} zone={zone ?? workspace.time_zone} />
      {required || disabled ? null : (
        <div><Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} onClick={() => { onChange(null); }}>{t("condition.remove")}</Button></div>
      )}
    </div>
  );
}
