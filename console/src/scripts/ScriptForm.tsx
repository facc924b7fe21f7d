/** A script in a drawer: what it is called, its shortcut, its folder, and the message. */
import { App, AutoComplete, Button, Checkbox, Drawer, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem, type FieldError } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { plainText } from "../kit/safeText";
import { MessageEditor } from "../messages/MessageEditor";
import { newPart, partsOf, type Part } from "../messages/parts";
import { SCRIPTS, useScriptsChanged, type Script } from "./queries";

const FIELDS = ["title", "shortcut", "folder"];

interface Values {
  title: string;
  shortcut: string;
  folder: string;
  is_personal: boolean;
}

export function ScriptForm({ script, folders, onClose }: { script: Script | null; folders: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation(["scripts", "common"]);
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const path = useWorkspacePath();
  const mayShare = useMay("scripts.manage");
  const changed = useScriptsChanged();
  const [parts, setParts] = useState<Part[]>(() => (script ? partsOf(script.parts) : [newPart("text")]));
  const [left, setLeft] = useState<unknown>(null);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const outcome = {
    onMutate() {
      setLeft(null);
      setErrors([]);
    },
    async onSuccess() {
      onClose();
      void message.success(t("form.saved"));
      await changed();
    },
    onError(error: unknown) {
      if (error instanceof ApiProblem && error.code === "shortcut_taken") form.setFields([{ name: "shortcut", errors: [error.detail] }]);
      else if (error instanceof ApiProblem && error.errors.some(({ field }) => /(^|\.)parts(\.|$)/.test(field))) setErrors(error.errors);
      else setLeft(placeErrors(form, FIELDS, error));
    },
  };
  const create = $api.useMutation("post", SCRIPTS, outcome);
  const change = $api.useMutation("patch", `${SCRIPTS}/{script_id}`, outcome);
  const initial: Values = script ?? { title: "", shortcut: "", folder: "", is_personal: !mayShare };
  return (
    <Drawer
      open
      onClose={onClose}
      size={560}
      closable={{ "aria-label": t("form.close"), placement: "end" }}
      title={t(script === null ? "form.addTitle" : "form.editTitle")}
      footer={
        <div className="ht-danger-foot ht-foot-tight">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" loading={create.isPending || change.isPending} onClick={() => { form.submit(); }}>
            {t(script === null ? "form.add" : "form.save")}
          </Button>
        </div>
      }
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initial}
        onFinish={({ title, shortcut, folder, is_personal }) => {
          const body = { title, shortcut, folder, parts, is_personal };
          if (script === null) create.mutate({ params: { path }, body });
          else change.mutate({ params: { path: { ...path, script_id: script.id } }, body });
        }}
      >
        <Form.Item name="title" label={t("form.title")} rules={[{ required: true, whitespace: true, message: t("form.titleNeeded") }]}>
          <Input maxLength={100} autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="shortcut" label={t("form.shortcut")} extra={t("form.shortcutHint")}>
          <Input maxLength={30} prefix="/" autoComplete="off" />
        </Form.Item>
        <Form.Item name="folder" label={t("form.folder")}>
          <AutoComplete options={folders.map((value) => ({ value, label: plainText(value) }))} maxLength={60} />
        </Form.Item>
        <MessageEditor value={parts} onChange={setParts} workspaceId={path.workspace_id} errors={errors} mentionsAll={false} />
        <Form.Item name="is_personal" valuePropName="checked" extra={mayShare ? undefined : t("form.onlyPersonal")}>
          <Checkbox disabled={!mayShare}>{t("form.personal")}</Checkbox>
        </Form.Item>
        {left === null ? null : <ErrorState error={left} compact />}
      </Form>
    </Drawer>
  );
}
