/** The fields of a community, the same where one is made and where one is changed. */
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { Select } from "../kit/Select";
import { KINDS } from "./filters";

const NAME_LENGTH_MAX = 100;
const DESCRIPTION_LENGTH_MAX = 500;

export function CommunityFields({ autoFocus = false }: { autoFocus?: boolean }) {
  const { t } = useTranslation(["communities", "common"]);
  return (
    <>
      <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true, message: t("nameNeeded") }]}>
        <Input maxLength={NAME_LENGTH_MAX} autoFocus={autoFocus} autoComplete="off" />
      </Form.Item>
      <Form.Item name="kind" label={t("kindLabel")}>
        <Select options={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))} />
      </Form.Item>
      <Form.Item name="description" label={t("description")}>
        <Input.TextArea rows={3} maxLength={DESCRIPTION_LENGTH_MAX} showCount />
      </Form.Item>
    </>
  );
}
