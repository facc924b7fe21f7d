/** The fields of an account, the same wherever one is made. */
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { Select } from "../kit/Select";

const PASSWORD_LENGTH_MIN = 10;
const PASSWORD_LENGTH_MAX = 200;
const NAME_LENGTH_MAX = 100;

export function NameField({ name = "name", label, autoComplete = "name", autoFocus = false }: { name?: string; label: string; autoComplete?: string; autoFocus?: boolean }) {
  const { t } = useTranslation(["entry", "common"]);
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, whitespace: true, message: t("field.needed") }]}>
      <Input maxLength={NAME_LENGTH_MAX} autoComplete={autoComplete} autoFocus={autoFocus} />
    </Form.Item>
  );
}

export function EmailField({ disabled = false }: { disabled?: boolean }) {
  const { t } = useTranslation(["entry", "common"]);
  return (
    <Form.Item name="email" label={t("field.email")} rules={[{ required: true, whitespace: true, message: t("field.emailNeeded") }]}>
      <Input type="email" autoComplete="username" inputMode="email" maxLength={254} disabled={disabled} />
    </Form.Item>
  );
}

export function NewPasswordField({ name = "password", label }: { name?: string; label: string }) {
  const { t } = useTranslation(["entry", "common"]);
  const rule = t("field.passwordRule", { length: PASSWORD_LENGTH_MIN });
  return (
    <Form.Item
      name={name}
      label={label}
      extra={rule}
      rules={[
        { required: true, message: t("field.passwordNeeded") },
        { min: PASSWORD_LENGTH_MIN, message: rule },
      ]}
      validateTrigger="onBlur"
    >
      <Input.Password autoComplete="new-password" maxLength={PASSWORD_LENGTH_MAX} />
    </Form.Item>
  );
}

export function LanguageField() {
  const { t } = useTranslation(["entry", "common"]);
  return (
    <Form.Item name="language" label={t("field.language")}>
      <Select
        options={[
          { value: "zh", label: "简体中文" },
          { value: "en", label: "English" },
        ]}
      />
    </Form.Item>
  );
}
