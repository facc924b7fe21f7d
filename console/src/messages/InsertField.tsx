/** Puts a personal field into a text: which one, and what stands there for those of whom it is not known. */
import { Button, Input, Popover } from "antd";
import { useContext, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { MoreFields } from "./moreFields";
import { FALLBACK_LENGTH_MAX, written } from "./parts";
import { useFields } from "./queries";

interface InsertFieldProps {
  workspaceId: string;
  /** Of which part, for those who do not see it. */
  label: string;
  onInsert: (text: string) => void;
}

function Choose({ workspaceId, onInsert }: Omit<InsertFieldProps, "label">) {
  const { t } = useTranslation(["messages", "common"]);
  const language = useLanguage();
  const id = useId();
  const { data, error, refetch } = useFields(workspaceId);
  const [name, setName] = useState<string | null>(null);
  const [fallback, setFallback] = useState("");
  const more = useContext(MoreFields).map((one) => ({ value: one.name, label: one.label }));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} compact />;
  return (
    <form
      className="ht-field-choice"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation(); // a form around the editor is not sent by this one
        if (name !== null) onInsert(written(name, fallback));
      }}
    >
      <label htmlFor={`${id}-field`}>{t("field.which")}</label>
      <Select
        id={`${id}-field`}
        autoFocus
        loading={!data}
        placeholder={t("field.choose")}
        showSearch={{ optionFilterProp: "label" }}
        value={name}
        options={[...more, ...(data?.items ?? []).map((one) => ({ value: one.name, label: plainText(one[language]) }))]}
        onChange={setName}
      />
      <label htmlFor={`${id}-fallback`}>{t("field.fallback")}</label>
      <Input
        id={`${id}-fallback`}
        value={fallback}
        maxLength={FALLBACK_LENGTH_MAX}
        placeholder={t("field.fallbackExample")}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          setFallback(event.target.value);
        }}
      />
      <span id={`${id}-hint`} className="ht-secondary">
        {t("field.fallbackHint")}
      </span>
      <Button type="primary" htmlType="submit" disabled={name === null}>
        {t("field.insert")}
      </Button>
    </form>
  );
}

export function InsertField({ workspaceId, label, onInsert }: InsertFieldProps) {
  const { t } = useTranslation(["messages", "common"]);
  const [open, setOpen] = useState(false);
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      placement="bottomLeft"
      title={t("field.title")}
      content={
        <Choose
          workspaceId={workspaceId}
          onInsert={(text) => {
            setOpen(false);
            onInsert(text);
          }}
        />
      }
    >
      <Button size="small" aria-label={label} aria-expanded={open}>
        {t("field.title")}
      </Button>
    </Popover>
  );
}
