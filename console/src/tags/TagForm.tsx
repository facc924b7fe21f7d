/** A tag in a drawer: its name, colour and group, what it means, and the segment it may follow. */
import { App, Button, Checkbox, Drawer, Form, Input, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { ColorDot } from "./TagChip";
import { COLORS, TAGS, useTagsChanged, type Color, type Tag, type TagGroup } from "./queries";

const FIELDS = ["name", "color", "group_id", "description", "segment_id"];
const NAME_LENGTH_MAX = 60;
const DESCRIPTION_LENGTH_MAX = 300;

interface Values {
  name: string;
  color: Color;
  group_id?: string | null;
  description?: string;
  segment_id?: string | null;
  is_removed_on_leave: boolean;
}

interface TagFormProps {
  tag: Tag | null;
  groups: readonly TagGroup[];
  group_id?: string | null;
  onClose: () => void;
}

export function TagForm({ tag, groups, group_id = null, onClose }: TagFormProps) {
  const { t } = useTranslation(["tags", "common"]);
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const path = useWorkspacePath();
  const changed = useTagsChanged();
  const [left, setLeft] = useState<unknown>(null);
  const segment_id = Form.useWatch("segment_id", form);
  const segments = $api.useQuery("get", "/api/workspaces/{workspace_id}/segments", { params: { path } });
  const outcome = {
    onMutate() {
      setLeft(null);
    },
    async onSuccess() {
      onClose();
      void message.success(t("form.saved"));
      await changed();
    },
    onError(error: unknown) {
      if (error instanceof ApiProblem && error.code === "tag_name_taken") form.setFields([{ name: "name", errors: [error.detail] }]);
      else if (error instanceof ApiProblem && error.code === "tag_rule_circular") form.setFields([{ name: "segment_id", errors: [error.detail] }]);
      else setLeft(placeErrors(form, FIELDS, error));
    },
  };
  const create = $api.useMutation("post", TAGS, outcome);
  const change = $api.useMutation("patch", `${TAGS}/{tag_id}`, outcome);
  const initial: Values = tag
    ? { ...tag, segment_id: tag.segment?.id ?? null }
    : { name: "", color: "teal", group_id, description: "", segment_id: null, is_removed_on_leave: true };
  return (
    <Drawer
      open
      onClose={onClose}
      size={440}
      closable={{ "aria-label": t("form.close"), placement: "end" }}
      title={t(tag === null ? "form.addTitle" : "form.editTitle")}
      footer={
        <div className="ht-danger-foot ht-foot-tight">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button
            type="primary"
            loading={create.isPending || change.isPending}
            onClick={() => {
              form.submit();
            }}
          >
            {t(tag === null ? "form.add" : "form.save")}
          </Button>
        </div>
      }
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initial}
        onFinish={({ name, color, group_id: group = null, description = "", segment_id: segment = null, is_removed_on_leave }) => {
          const body = { name, color, group_id: group, description, segment_id: segment, is_removed_on_leave };
          if (tag === null) create.mutate({ params: { path }, body });
          else change.mutate({ params: { path: { ...path, tag_id: tag.id } }, body });
        }}
      >
        <Form.Item name="name" label={t("form.name")} rules={[{ required: true, whitespace: true, message: t("form.nameNeeded") }]}>
          <Input maxLength={NAME_LENGTH_MAX} autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="color" label={t("form.color")}>
          <Radio.Group
            className="ht-tag-colors"
            options={COLORS.map((color) => ({
              value: color,
              label: (
                <span className="ht-tag">
                  <ColorDot color={color} />
                  {t(`color.${color}`)}
                </span>
              ),
            }))}
          />
        </Form.Item>
        <Form.Item name="group_id" label={t("form.group")}>
          <Select allowClear placeholder={t("form.noGroup")} options={groups.map(({ id, name }) => ({ value: id, label: plainText(name) }))} />
        </Form.Item>
        <Form.Item name="description" label={t("form.description")}>
          <Input.TextArea maxLength={DESCRIPTION_LENGTH_MAX} autoSize={{ minRows: 2, maxRows: 5 }} />
        </Form.Item>
        <Form.Item name="segment_id" label={t("form.rule")} extra={t("form.ruleHint")}>
          <Select
            allowClear
            placeholder={t("form.noRule")}
            loading={segments.isPending}
            showSearch={{ optionFilterProp: "label" }}
            notFoundContent={t("form.noSegments")}
            options={(segments.data?.items ?? []).map(({ id, name }) => ({ value: id, label: plainText(name) }))}
          />
        </Form.Item>
        <Form.Item name="is_removed_on_leave" valuePropName="checked" hidden={!segment_id}>
          <Checkbox>{t("form.removedOnLeave")}</Checkbox>
        </Form.Item>
        {left === null ? null : <ErrorState error={left} compact />}
      </Form>
    </Drawer>
  );
}
