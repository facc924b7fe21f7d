/** One to-do in the list: finished by its box, opened by its title. */
import { BellOutlined, UserOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Checkbox } from "antd";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../app/session";
import { useNow } from "../inbox/Waits";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import type { Todo } from "./queries";

function When({ todo }: { todo: Todo }) {
  const { t } = useTranslation(["todos", "common"]);
  const zone = useSession().workspace.time_zone;
  const now = useNow();
  if (todo.done_at)
    return <span>{t("row.doneBy")} <SafeText text={todo.done_by} /> · <RelativeTime at={todo.done_at} zone={zone} /></span>;
  const isLate = todo.due_at !== null && Date.parse(todo.due_at) < now;
  return (
    <>
      {todo.due_at === null ? (
        <span className="ht-secondary">{t("row.noDate")}</span>
      ) : (
        <span className={isLate ? "ht-todo-late" : undefined}>
          {isLate ? <strong>{t("row.late")}</strong> : t("row.due")} <RelativeTime at={todo.due_at} zone={zone} />
        </span>
      )}
      {todo.remind_at !== null && Date.parse(todo.remind_at) > now ? (
        <span className="ht-secondary"><BellOutlined aria-hidden /> {t("row.reminds")} <RelativeTime at={todo.remind_at} zone={zone} /></span>
      ) : null}
    </>
  );
}

interface TodoRowProps {
  todo: Todo;
  /** As it was asked for, while the answer is on its way. */
  asked: boolean | undefined;
  onFinish: (is_done: boolean) => void;
  onOpen: () => void;
}

export function TodoRow({ todo, asked, onFinish, onOpen }: TodoRowProps) {
  const { t } = useTranslation(["todos", "common"]);
  const { user, workspace } = useSession();
  const mayWrite = useMay("todos.write");
  const title = plainText(todo.title);
  const isDone = asked ?? todo.done_at !== null;
  return (
    <li className="ht-todo" data-done={isDone}>
      <Checkbox
        checked={isDone}
        disabled={!mayWrite}
        aria-label={t("row.finish", { title })}
        onChange={(event) => { if (asked === undefined) onFinish(event.target.checked); }}
      />
      <div className="ht-todo-what">
        <button type="button" className="ht-todo-title" onClick={onOpen}><SafeText text={todo.title} /></button>
        {todo.note ? <p className="ht-todo-note ht-secondary"><SafeText text={todo.note} /></p> : null}
        <p className="ht-todo-about ht-secondary">
          {todo.member ? (
            <span>
              {t("row.member")} <Link to="/members/$memberId" params={{ memberId: todo.member.id }}><SafeText text={todo.member.name} /></Link>
            </span>
          ) : null}
          <span>{t("row.madeBy")} <SafeText text={todo.created_by} /> · <RelativeTime at={todo.created_at} zone={workspace.time_zone} /></span>
        </p>
      </div>
      <div className="ht-todo-when"><When todo={todo} /></div>
      <div className="ht-todo-who">
        <UserOutlined aria-hidden />
        {todo.assignee === null ? (
          <span className="ht-secondary">{t("nobody")}</span>
        ) : todo.assignee.id === user.id ? (
          <span className="ht-clip" title={plainText(todo.assignee.name)}>{t("me", { name: plainText(todo.assignee.name) })}</span>
        ) : (
          <span className="ht-clip" title={plainText(todo.assignee.name)}><SafeText text={todo.assignee.name} /></span>
        )}
        {todo.done_at && mayWrite ? (
          <Button size="small" loading={asked === false} aria-label={t("row.reopenOf", { title })} onClick={() => { onFinish(false); }}>{t("row.reopen")}</Button>
        ) : null}
      </div>
    </li>
  );
}
