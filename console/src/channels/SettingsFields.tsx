/** The form in which an account is set up, made from what its connector says. */
import { Form, Input, InputNumber, Switch } from "antd";
import { useTranslation } from "react-i18next";

import type { Language } from "../i18n/language";
import { useLanguage } from "../i18n/useLanguage";
import { Select } from "../kit/Select";
import type { PlatformField } from "./queries";

interface SettingsFieldsProps {
  fields: readonly PlatformField[];
  /** Secrets that are there already may stay empty. */
  keepsSecrets?: boolean;
}

// An element, not a component: the form gives value, id and change to its own child.
function entry(field: PlatformField, language: Language) {
  switch (field.kind) {
    case "secret":
      return <Input.Password maxLength={field.length_max} autoComplete="new-password" />;
    case "boolean":
      return <Switch />;
    case "number":
      return <InputNumber precision={0} className="ht-channel-number" />;
    case "choice":
      return <Select options={field.choices.map((choice) => ({ value: choice.value, label: choice[language] }))} />;
    default:
      return <Input maxLength={field.length_max} autoComplete="off" spellCheck={false} inputMode={field.kind === "url" ? "url" : "text"} />;
  }
}

export function SettingsFields({ fields, keepsSecrets = false }: SettingsFieldsProps) {
  const { t } = useTranslation(["channels", "common"]);
  const language = useLanguage();
  return fields.map((field) => {
    const help = language === "zh" ? field.help_zh : field.help_en;
    const stays = keepsSecrets && field.kind === "secret";
    return (
      <Form.Item
        key={field.name}
        name={field.name}
        label={field[language]}
        extra={stays ? t("wizard.secretStays") : help || undefined}
        initialValue={field.kind === "boolean" ? field.default === true : field.default === "" ? undefined : field.default}
        valuePropName={field.kind === "boolean" ? "checked" : "value"}
        rules={field.required && !stays && field.kind !== "boolean" ? [{ required: true, message: t("wizard.needed") }] : []}
      >
        {entry(field, language)}
      </Form.Item>
    );
  });
}
