/** Adding somebody who is not to be written to, taking a list of them, and lifting one with its reason. */
import { Alert, App, Button, Form, Input, Modal, Radio, Upload } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";
import { MemberSearch } from "../members/MemberSearch";
import { OPT_OUTS, useOptOutsChanged, useReachable, type OptOut } from "./queries";

const NOTE_LENGTH_MAX = 300;
const REF_LENGTH_MAX = 200;
const LINES_MAX = 20_000;
const FILE_BYTES_MAX = 5 * 1024 * 1024;

interface AddFields {
  channel: string;
  by: "member" | "ref";
  member_id?: string;
  user_ref?: string;
  stops: "marketing" | "all";
  note?: string;
}

export function AddOptOut({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["sending", "common"]);
  const path = useWorkspacePath();
  const changed = useOptOutsChanged();
  const { options } = useReachable();
  const [form] = Form.useForm<AddFields>();
  const by = (Form.useWatch("by", form) as AddFields["by"] | undefined) ?? "member";
  const [left, setLeft] = useState<unknown>(null);
  const add = $api.useMutation("post", OPT_OUTS, {
    onMutate() {
      setLeft(null);
    },
    async onSuccess() {
      await changed();
      onClose();
    },
    onError(error) {
      setLeft(placeErrors(form, ["channel", "member_id", "user_ref", "note"], error));
    },
  });
  const needed = [{ required: true, message: t("add.needed") }];
  return (
    <Modal open title={t("add.title")} footer={null} onCancel={onClose} destroyOnHidden>
      <Form<AddFields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ by: "member", stops: "marketing" }}
        onFinish={({ channel, member_id, user_ref, stops, note = "" }) => {
          add.mutate({ params: { path }, body: { channel, stops, note, user_ref: by === "ref" ? (user_ref ?? "") : "", member_id: by === "member" ? (member_id ?? null) : null } });
        }}
      >
        <Form.Item name="channel" label={t("optOut.channel")} rules={needed}>
          <Select options={options} placeholder={t("add.channel")} />
        </Form.Item>
        <Form.Item name="by" label={t("add.by")}>
          <Radio.Group options={(["member", "ref"] as const).map((value) => ({ value, label: t(`add.by_${value}`) }))} />
        </Form.Item>
        {by === "member" ? (
          <Form.Item name="member_id" label={t("test.member")} rules={needed}>
            <Member />
          </Form.Item>
        ) : (
          <Form.Item name="user_ref" label={t("add.ref")} rules={needed}>
            <Input maxLength={REF_LENGTH_MAX} autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item name="stops" label={t("optOut.stops")}>
          <Radio.Group options={(["marketing", "all"] as const).map((value) => ({ value, label: t(`stops.${value}`) }))} />
        </Form.Item>
        <Form.Item name="note" label={t("add.note")}>
          <Input maxLength={NOTE_LENGTH_MAX} autoComplete="off" />
        </Form.Item>
        {left === null ? null : <ErrorState error={left} compact />}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={add.isPending}>{t("add.do")}</Button>
        </div>
      </Form>
    </Modal>
  );
}

/** As a field of a form gives and takes its value. */
function Member({ value, onChange }: { value?: string; onChange?: (id: string) => void }) {
  const { t } = useTranslation(["sending", "common"]);
  return <MemberSearch except="" label={t("test.member")} value={value} onChange={(id) => { onChange?.(id); }} />;
}

type Imported = components["schemas"]["OptOutsImported"];

/** The first column of a line: what tables from elsewhere put there. */
const first = (line: string) => line.split(/[,\t;，；]/u)[0] ?? "";

function Taken({ found }: { found: Imported }) {
  const { t } = useTranslation(["sending", "common"]);
  return (
    <div className="ht-stack" role="status">
      <Alert type={found.refused.length > 0 ? "warning" : "success"} showIcon title={t("import.done", { added: formatCount(found.added), known: formatCount(found.known) })} />
      {found.refused.length > 0 ? (
        <ul className="ht-sending-refused">
          {found.refused.map(({ line, value }) => (
            <li key={line}>{t("import.refused", { line })} <SafeText text={value} clip /></li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

export function ImportOptOuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["sending", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const changed = useOptOutsChanged();
  const { options } = useReachable();
  const [channel, setChannel] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const take = $api.useMutation("post", "/api/workspaces/{workspace_id}/channels/opt-outs/import", { onSuccess: changed });
  const lines = text.split(/\r?\n/u).map(first);
  const count = lines.filter((line) => line.trim() !== "").length;
  const tooMany = lines.length > LINES_MAX;
  const read = async (file: File) => {
    if (file.size > FILE_BYTES_MAX) void message.error(t("import.tooLarge"));
    else setText((await file.text()).replace(/^\uFEFF/u, ""));
  };
  return (
    <Modal open title={t("import.title")} footer={null} onCancel={onClose} destroyOnHidden>
      {take.data ? (
        <div className="ht-stack">
          <Taken found={take.data} />
          <div className="ht-danger-foot"><Button type="primary" onClick={onClose}>{t("import.close")}</Button></div>
        </div>
      ) : (
        <form
          className="ht-stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (channel !== null && count > 0 && !tooMany) take.mutate({ params: { path }, body: { channel, lines, note } });
          }}
        >
          <p className="ht-secondary">{t("import.about", { limit: formatCount(LINES_MAX) })}</p>
          <Select aria-label={t("optOut.channel")} placeholder={t("add.channel")} className="ht-wide" options={options} value={channel} onChange={setChannel} />
          <Upload accept=".txt,.csv,text/plain,text/csv" maxCount={1} showUploadList={false} beforeUpload={(file) => { void read(file); return false; }}>
            <Button>{t("import.file")}</Button>
          </Upload>
          <Input.TextArea aria-label={t("import.list")} placeholder={t("import.list")} autoSize={{ minRows: 6, maxRows: 14 }} value={text} onChange={(event) => { setText(event.target.value); }} />
          <Input aria-label={t("add.note")} placeholder={t("add.note")} maxLength={NOTE_LENGTH_MAX} value={note} onChange={(event) => { setNote(event.target.value); }} />
          {tooMany ? <p className="ht-field-error" role="alert">{t("import.tooMany", { limit: formatCount(LINES_MAX) })}</p> : null}
          {take.error ? <ErrorState error={take.error} compact /> : null}
          <div className="ht-danger-foot">
            <Button onClick={onClose}>{t("common:cancel")}</Button>
            <Button type="primary" htmlType="submit" disabled={channel === null || count === 0 || tooMany} loading={take.isPending}>{t("import.take", { count, shown: formatCount(count) })}</Button>
          </div>
        </form>
      )}
    </Modal>
  );
}

export function LiftOptOut({ one, onClose }: { one: OptOut; onClose: () => void }) {
  const { t } = useTranslation(["sending", "common"]);
  const path = useWorkspacePath();
  const changed = useOptOutsChanged();
  const [note, setNote] = useState("");
  const lift = $api.useMutation("post", "/api/workspaces/{workspace_id}/channels/opt-outs/{opt_out_id}/lifting", {
    async onSuccess() {
      await changed();
      onClose();
    },
  });
  const why = note.trim();
  return (
    <Modal open title={t("lift.title", { name: plainText(one.member?.name ?? one.user_ref) })} footer={null} onCancel={onClose} destroyOnHidden width={480}>
      <form
        className="ht-stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (why) lift.mutate({ params: { path: { ...path, opt_out_id: one.id } }, body: { note: why } });
        }}
      >
        <p>{t(one.stops === "all" ? "lift.all" : "lift.marketing")}</p>
        <Input aria-label={t("lift.why")} placeholder={t("lift.why")} maxLength={NOTE_LENGTH_MAX} value={note} autoComplete="off" onChange={(event) => { setNote(event.target.value); }} />
        {lift.error ? <ErrorState error={lift.error} compact /> : null}
        <div className="ht-danger-foot">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" danger htmlType="submit" disabled={!why} loading={lift.isPending}>{t("lift.do")}</Button>
        </div>
      </form>
    </Modal>
  );
}
