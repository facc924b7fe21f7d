/** To-dos: what the staff is to do, whose it is and until when. */
import { PlusOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { CommunitiesNav } from "../communities/CommunitiesNav";
import { formatCount } from "../format/numbers";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { FilterBar } from "../kit/filters/FilterBar";
import { PageHeader } from "../kit/PageHeader";
import { plainText } from "../kit/safeText";
import { narrowing, parseTodosSearch, SHOWS, type Narrowing, type Show } from "./filters";
import { TODO, useTodoCounts, useTodos, useTodosChanged, useTodoStaff, type Todo } from "./queries";
import { TodoForm } from "./TodoForm";
import { TodoRow } from "./TodoRow";
import "./todos.css";

const UNDO_SECONDS = 6;

/** Finishes and reopens. What was asked for stands from the click on, until the list has the answer. */
function useFinish() {
  const { t } = useTranslation(["todos", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const changed = useTodosChanged();
  const [asked, setAsked] = useState<Readonly<Record<string, boolean>>>({});
  const change = $api.useMutation("patch", TODO);
  async function finish(todo: Todo, is_done: boolean) {
    setAsked((before) => ({ ...before, [todo.id]: is_done }));
    try {
      const answer = await change.mutateAsync({ params: { path: { ...path, todo_id: todo.id } }, body: { version: todo.version, is_done } });
      void message.open({
        key: todo.id,
        type: "success",
        duration: UNDO_SECONDS,
        content: (
          <span className="ht-todo-said">
            {t(is_done ? "finished" : "reopened")}
            <Button type="link" size="small" onClick={() => { message.destroy(todo.id); void finish(answer, !is_done); }}>{t("undo")}</Button>
          </span>
        ),
      });
    } catch (problem) {
      void message.error(problem instanceof ApiProblem && problem.detail ? problem.detail : t("failed"));
    }
    await changed();
    setAsked((before) => Object.fromEntries(Object.entries(before).filter(([id]) => id !== todo.id)));
  }
  return { asked, finish };
}

function Shows({ show, onChange }: { show: Show; onChange: (show: Show) => void }) {
  const { t } = useTranslation(["todos", "common"]);
  const counts = useTodoCounts().data;
  return (
    <nav className="ht-todo-shows" aria-label={t("show.label")}>
      {SHOWS.map((value) => (
        <button key={value} type="button" aria-current={value === show ? "true" : undefined} data-show={value} onClick={() => { onChange(value); }}>
          {t(`show.${value}`)}
          {value === "done" || !counts?.[value] ? null : <span className="ht-number">{formatCount(counts[value])}</span>}
        </button>
      ))}
    </nav>
  );
}

export function TodosPage() {
  const { t } = useTranslation(["todos", "common"]);
  const navigate = useNavigate({ from: "/communities/todos" });
  const { show = "open", ...narrowed } = parseTodosSearch(useSearch({ from: "/_in/communities/todos" }));
  const { user } = useSession();
  const mayWrite = useMay("todos.write");
  const list = useTodos({ show, ...narrowed });
  const staff = useTodoStaff();
  const { asked, finish } = useFinish();
  const [opened, setOpened] = useState<Todo | "new" | null>(null);
  const go = (next: Show, { q, assignee }: Narrowing) => {
    const search = { ...(next === "open" ? {} : { show: next }), ...(q ? { q } : {}), ...(assignee ? { assignee } : {}) };
    void navigate({ search: ({ workspace, community }) => ({ ...(workspace ? { workspace } : {}), ...(community ? { community } : {}), ...search }), replace: true });
  };
  const isWhoseKnown = show === "mine" || show === "unassigned";
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => { setOpened("new"); }}>{t("add")}</Button>
  );
  return (
    <div className="ht-page">
      <PageHeader title={t("title")} description={t("about")} actions={mayWrite ? add : null} />
      <CommunitiesNav />
      <Shows show={show} onChange={(next) => { go(next, next === "mine" || next === "unassigned" ? { ...narrowed, assignee: undefined } : narrowed); }} />
      <FilterBar<typeof narrowing>
        filters={narrowing}
        values={narrowed}
        onChange={(next) => { go(next.assignee && isWhoseKnown ? "open" : show, next); }}
        fields={{
          q: { label: t("filter.q") },
          assignee: {
            label: t("filter.assignee"),
            loading: staff.isPending,
            options: (staff.data?.items ?? []).map(({ id, name }) => ({ value: id, label: id === user.id ? t("me", { name: plainText(name) }) : plainText(name) })),
          },
        }}
      />
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !rows ? (
        <div role="status" aria-label={t("common:loading")} className="ht-card ht-todos">
          {[0, 1, 2, 3].map((one) => (
            <div key={one} className="ht-todo-skeleton"><Skeleton active title={{ width: "40%" }} paragraph={{ rows: 1 }} /></div>
          ))}
        </div>
      ) : rows.length > 0 ? (
        <>
          <ul className="ht-card ht-todos" aria-label={t("title")}>
            {rows.map((todo) => (
              <TodoRow key={todo.id} todo={todo} asked={asked[todo.id]} onFinish={(is_done) => void finish(todo, is_done)} onOpen={() => { setOpened(todo); }} />
            ))}
          </ul>
          {list.hasNextPage ? <Button className="ht-todo-more" block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t("more")}</Button> : null}
        </>
      ) : narrowed.q ?? narrowed.assignee ? (
        <div className="ht-card"><NothingMatches onClear={() => { go(show, {}); }} /></div>
      ) : show === "open" ? (
        <div className="ht-card"><NothingYet title={t("empty.title")} body={t("empty.body")} guide="todos" /></div>
      ) : (
        <div className="ht-card"><div className="ht-empty" role="status"><h2>{t(`none.${show}`)}</h2></div></div>
      )}
      {opened === null ? null : (
        <TodoForm todo={opened === "new" ? null : opened} assignee={show === "mine" ? user.id : (narrowed.assignee ?? null)} onClose={() => { setOpened(null); }} />
      )}
    </div>
  );
}
