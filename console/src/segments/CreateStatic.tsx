/** A list of members that no condition keeps: named here, filled on its page; or a snapshot of another segment. */
import { useNavigate } from "@tanstack/react-router";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { useCopySegment, useCreateSegment, type Segment } from "./queries";

interface Values {
  name: string;
  description: string;
}

const FIELDS = ["name", "description"] as const;

interface NamingProps {
  title: string;
  about: string;
  submit: string;
  initial: Values;
  withDescription: boolean;
  save: (values: Values) => Promise<{ id: string }>;
  onClose: () => void;
}

/** A name, and on to the page of what was made. */
function Naming({ title, about, submit, initial, withDescription, save, onClose }: NamingProps) {
  const { t } = useTranslation(["segments", "common"]);
  const navigate = useNavigate();
  const [form] = Form.useForm<Values>();
  const [left, setLeft] = useState<unknown>(null);
  const [pending, setPending] = useState(false);
  async function finish(values: Values) {
    setPending(true);
    setLeft(null);
    try {
      const made = await save({ ...initial, ...values });
      onClose();
      await navigate({ to: "/members/segments/$segmentId", params: { segmentId: made.id } });
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "segment_name_taken") form.setFields([{ name: "name", errors: [error.detail] }]);
      else setLeft(placeErrors(form, FIELDS, error));
    } finally {
      setPending(false);
    }
  }
  return (
    <Modal open title={title} footer={null} onCancel={onClose} destroyOnHidden width={480}>
      <p className="ht-secondary ht-field-hint">{about}</p>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={initial} onFinish={(values) => void finish(values)}>
        <Form.Item name="name" label={t("edit.name")} rules={[{ required: true, whitespace: true, message: t("edit.nameNeeded") }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        {withDescription ? (
          <Form.Item name="description" label={t("edit.description")}>
            <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} maxLength={300} />
          </Form.Item>
        ) : null}
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={pending}>{submit}</Button>
        </div>
      </Form>
    </Modal>
  );
}

export function CreateStatic({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const path = useWorkspacePath();
  const create = useCreateSegment();
  return (
    <Naming
      title={t("create.static")}
      about={t("create.staticAbout")}
      submit={t("create.submit")}
      initial={{ name: "", description: "" }}
      withDescription
      save={(body) => create.mutateAsync({ params: { path }, body: { ...body, member_ids: [] } })}
      onClose={onClose}
    />
  );
}

export function CopySegment({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const path = useWorkspacePath();
  const copy = useCopySegment();
  return (
    <Naming
      title={t("copy.title")}
      about={t("copy.about")}
      submit={t("create.submit")}
      initial={{ name: t("copy.name", { name: segment.name }).slice(0, 60), description: "" }}
      withDescription={false}
      save={({ name }) => copy.mutateAsync({ params: { path: { ...path, segment_id: segment.id } }, body: { name } })}
      onClose={onClose}
    />
  );
}

export function SnapshotSegment({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const path = useWorkspacePath();
  const create = useCreateSegment();
  return (
    <Naming
      title={t("copy.snapshot")}
      about={t("copy.snapshotAbout")}
      submit={t("create.submit")}
      initial={{ name: t("copy.snapshotName", { name: segment.name }).slice(0, 60), description: segment.description }}
      withDescription
      save={(values) => create.mutateAsync({ params: { path }, body: { ...values, from_segment_id: segment.id, member_ids: [] } })}
      onClose={onClose}
    />
  );
}
