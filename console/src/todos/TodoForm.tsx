/** A to-do in a drawer: what, for whom, until when, reminded of when; somebody else's change in between is told and loses nothing. */
import { Link } from "@tanstack/react-router";
import { App, Button, Drawer, Form, Input } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { $api, api } from "../api/client";
import { newIdempotencyKey } from "../api/middleware";
import { ApiProblem } from "../api/problem";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { formatDateTime, formatZone } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { merged } from "../kit/meanwhile";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";
import { MemberSearch } from "../members/MemberSearch";
import { TODO, TODOS, useTodosChanged, useTodoStaff, type Todo } from "./queries";
import { bodyOf, changesOf, dueOf, EMPTY, PARTS, REMINDERS, remindOf, valuesOf, type Values } from "./values";

const TITLE_LENGTH_MAX = 200;
const NOTE_LENGTH_MAX = 5_000;
const FIELDS = ["title", "note", "assignee_id", "member_id", "due_at", "remind_at"];

const intoView = (place: HTMLElement | null) => { place?.scrollIntoView({ block: "nearest" }); };

function Facts({ todo, zone }: { todo: Todo; zone: string }) {
  const { t } = useTranslation(["todos", "common"]);
  return (
    <dl className="ht-todo-facts">
      <dt>{t("form.madeBy")}</dt>
      <dd><SafeText text={todo.created_by} /> · <RelativeTime at={todo.created_at} zone={zone} /></dd>
      {todo.done_at ? (
        <>
          <dt>{t("form.doneBy")}</dt>
          <dd><SafeText text={todo.done_by} /> · <RelativeTime at={todo.done_at} zone={zone} /></dd>
        </>
      ) : null}
    </dl>
  );
}

interface AboutProps {
  id?: string;
  value?: string | null;
  onChange?: (id: string | null) => void;
  known: Todo["member"];
}

/** The member it is about, if any. */
function About({ id, value, onChange, known }: AboutProps) {
  const { t } = useTranslation(["todos", "common"]);
  const choose = (next: string | null) => { onChange?.(next); };
  return <MemberSearch {...(id ? { id } : {})} except="" label={t("form.member")} placeholder={t("form.noMember")} value={value ?? undefined} known={known} onChange={choose} onClear={() => { choose(null); }} />;
}

interface TodoFormProps {
  todo: Todo | null;
  /** Whose a new one is at first. */
  assignee: string | null;
  onClose: () => void;
}

export function TodoForm({ todo, assignee, onClose }: TodoFormProps) {
  const { t } = useTranslation(["todos", "common"]);
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const language = useLanguage();
  const { user, workspace: { time_zone: zone } } = useSession();
  const path = useWorkspacePath();
  const mayWrite = useMay("todos.write");
  const changed = useTodosChanged();
  const staff = useTodoStaff();
  const [key] = useState(newIdempotencyKey);
  const [read, setRead] = useState(todo);
  const [conflict, setConflict] = useState<{ said: string; contested: readonly (keyof Values)[] } | null>(null);
  const [left, setLeft] = useState<unknown>(null);
  const [deleting, setDeleting] = useState(false);
  const [initial] = useState<Values>(() => (todo ? valuesOf(todo, zone) : { ...EMPTY, assignee_id: assignee }));
  const values = { ...initial, ...(Form.useWatch([], form) as Partial<Values> | undefined) };

  async function settle(problem: ApiProblem, before: Todo) {
    try {
      const { data: latest } = await api.GET(TODO, { params: { path: { ...path, todo_id: before.id } } });
      if (!latest) return;
      const { both, contested } = merged(form.getFieldsValue(), valuesOf(before, zone), valuesOf(latest, zone), PARTS);
      form.setFieldsValue(both);
      setRead(latest);
      setConflict({ said: problem.detail, contested });
      await changed();
    } catch (error) {
      setLeft(error);
    }
  }

  const outcome = {
    onMutate() {
      setLeft(null);
      setConflict(null);
    },
    async onSuccess() {
      onClose();
      void message.success(t("form.saved"));
      await changed();
    },
    async onError(error: unknown) {
      if (read && error instanceof ApiProblem && error.code === "todo_changed") await settle(error, read);
      else setLeft(placeErrors(form, FIELDS, error));
    },
  };
  const create = $api.useMutation("post", TODOS, outcome);
  const change = $api.useMutation("patch", TODO, outcome);
  const remove = $api.useMutation("delete", TODO);
  const pending = create.isPending || change.isPending;

  function save(filled: Values) {
    if (read === null) {
      create.mutate({ params: { path }, body: { ...bodyOf(filled, zone, null), key } });
      return;
    }
    const changes = changesOf(filled, read, zone);
    if (Object.keys(changes).length === 0) onClose();
    else change.mutate({ params: { path: { ...path, todo_id: read.id } }, body: { version: read.version, ...changes } });
  }

  const people = [...(staff.data?.items ?? []), ...(read?.assignee && staff.data?.items.every(({ id }) => id !== read.assignee?.id) ? [read.assignee] : [])];
  const nameOf = (id: string, name: string) => (id === user.id ? t("me", { name: plainText(name) }) : plainText(name));
  const moment = (at: string | null) => (at === null ? t("form.noDate") : formatDateTime(at, zone, language));
  const reminderName = (one: Values["remind_at"]) => (one === "kept" ? moment(read?.remind_at ?? null) : t(`remind.${one}`));
  const reminders = [...REMINDERS, ...(initial.remind_at === "kept" || values.remind_at === "kept" ? (["kept"] as const) : [])];
  const reminds = remindOf(values, zone, read?.remind_at ?? null);
  const theirs = (part: keyof Values, text: string | undefined, otherwise?: ReactNode) =>
    conflict?.contested.includes(part) ? <span className="ht-todo-theirs">{t("conflict.theirs")} <SafeText text={text} /></span> : otherwise;

  return (
    <Drawer
      open
      onClose={onClose}
      size={520}
      closable={{ "aria-label": t("form.close"), placement: "end" }}
      title={t(todo === null ? "add" : mayWrite ? "form.change" : "form.one")}
      footer={
        mayWrite ? (
          <div className="ht-todo-foot">
            {todo === null ? null : <Button danger type="text" onClick={() => { setDeleting(true); }}>{t("delete.action")}</Button>}
            <span>
              <Button onClick={onClose}>{t("common:cancel")}</Button>
              <Button type="primary" loading={pending} onClick={() => { form.submit(); }}>{t("form.save")}</Button>
            </span>
          </div>
        ) : null
      }
    >
      {conflict ? (
        <div className="ht-todo-conflict" role="alert" ref={intoView}>
          <p>{conflict.said}</p>
          <p>{t("conflict.kept")}</p>
        </div>
      ) : null}
      <Form<Values> form={form} layout="vertical" requiredMark={false} disabled={!mayWrite} initialValues={initial} onFinish={save}>
        <Form.Item
          name="title"
          label={t("form.title")}
          normalize={(text: string) => text.replace(/[\r\n]+/g, " ")}
          rules={[{ required: true, whitespace: true, message: t("form.titleNeeded") }]}
          extra={theirs("title", read?.title)}
        >
          <Input.TextArea
            autoFocus={todo === null}
            autoSize={{ minRows: 1, maxRows: 6 }}
            maxLength={TITLE_LENGTH_MAX}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
              event.preventDefault();
              if (!pending) form.submit();
            }}
          />
        </Form.Item>
        <Form.Item name="note" label={t("form.note")} extra={theirs("note", read?.note)}>
          <Input.TextArea autoSize={{ minRows: 3, maxRows: 12 }} maxLength={NOTE_LENGTH_MAX} />
        </Form.Item>
        <Form.Item name="assignee_id" label={t("form.assignee")} extra={theirs("assignee_id", read?.assignee?.name ?? t("nobody"))} normalize={(id: string | undefined) => id ?? null}>
          <Select
            allowClear
            placeholder={t("nobody")}
            loading={staff.data === undefined && !staff.error}
            showSearch={{ optionFilterProp: "label" }}
            options={people.map(({ id, name }) => ({ value: id, label: nameOf(id, name) }))}
          />
        </Form.Item>
        <Form.Item
          name="member_id"
          label={t("form.member")}
          extra={theirs(
            "member_id",
            read?.member?.name ?? t("form.noMember"),
            values.member_id ? <Link to="/members/$memberId" params={{ memberId: values.member_id }}>{t("form.openMember")}</Link> : undefined,
          )}
        >
          <About known={read?.member ?? null} />
        </Form.Item>
        <div className="ht-todo-due">
          <Form.Item name="due_at" label={t("form.due")} extra={theirs("due_at", moment(read?.due_at ?? null), t("form.zone", { zone: formatZone(dueOf(values, zone) ?? new Date(), zone) }))}>
            <Input type="date" />
          </Form.Item>
          <Form.Item
            name="due_time"
            label={t("form.dueTime")}
            dependencies={["due_at"]}
            rules={[({ getFieldValue }) => ({ required: Boolean(getFieldValue("due_at")), message: t("form.dueTimeNeeded") })]}
          >
            <Input type="time" disabled={!mayWrite || !values.due_at} />
          </Form.Item>
        </div>
        <Form.Item
          name="remind_at"
          label={t("form.remind")}
          extra={theirs(
            "remind_at",
            read ? reminderName(valuesOf(read, zone).remind_at) : "",
            !values.due_at && values.remind_at !== "kept" ? t("form.remindNeedsDate") : reminds === null ? undefined : t(values.assignee_id ? "form.reminds" : "form.remindsAll", { at: moment(reminds) }),
          )}
        >
          <Select disabled={!mayWrite || (!values.due_at && values.remind_at !== "kept")} options={reminders.map((value) => ({ value, label: reminderName(value) }))} />
        </Form.Item>
        {todo ? <Facts todo={todo} zone={zone} /> : null}
        {left === null ? null : <ErrorState error={left} compact />}
      </Form>
      {todo ? (
        <ConfirmDanger
          open={deleting}
          title={t("delete.title")}
          consequence={<p className="ht-todo-words">{t("delete.body")}<br /><SafeText text={todo.title} /></p>}
          action={t("delete.action")}
          onConfirm={async () => {
            await remove.mutateAsync({ params: { path: { ...path, todo_id: todo.id } } });
            onClose();
            await changed();
          }}
          onClose={() => { setDeleting(false); }}
        />
      ) : null}
    </Drawer>
  );
}
