/** Words that mean the same, a line a group: a keyword that is one of them is found by every other. */
import { App, Button, Input, Skeleton } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { SYNONYMS, useRulesChanged, useSynonyms } from "./queries";

const BETWEEN = /[,，、;；\t]+/u;

const linesOf = (groups: readonly (readonly string[])[]): string => groups.map((words) => words.join("、")).join("\n");
const lines = (text: string): string[][] => text.split("\n").map((line) => line.split(BETWEEN).map((word) => word.trim()).filter((word) => word !== ""));

/** Which line a group came from: empty lines are no groups. */
function lineNumbers(text: string): number[] {
  return lines(text).flatMap((words, index) => (words.length > 0 ? [index + 1] : []));
}

function Editor({ groups }: { groups: readonly (readonly string[])[] }) {
  const { t } = useTranslation(["replies", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const mayManage = useMay("replies.manage");
  const changed = useRulesChanged();
  const id = useId();
  const [text, setText] = useState(() => linesOf(groups));
  const save = $api.useMutation("put", SYNONYMS, {
    async onSuccess(kept) {
      setText(linesOf(kept.groups));
      void message.success(t("synonyms.saved"));
      await changed();
    },
  });
  const failure: unknown = save.error;
  const said = failure instanceof ApiProblem && failure.status === 422 ? failure.errors : [];
  const lonely = lines(text).findIndex((words) => words.length === 1);
  return (
    <section className="ht-card ht-synonyms">
      <label htmlFor={id} className="ht-field-label">{t("synonyms.label")}</label>
      <Input.TextArea
        id={id}
        value={text}
        autoSize={{ minRows: 6, maxRows: 20 }}
        placeholder={t("synonyms.placeholder")}
        readOnly={!mayManage}
        aria-describedby={`${id}-hint`}
        onChange={(event) => { setText(event.target.value); }}
      />
      <p id={`${id}-hint`} className="ht-secondary">{t("synonyms.hint")}</p>
      {lonely >= 0 ? <p className="ht-secondary" role="status">{t("synonyms.lonely", { line: lonely + 1 })}</p> : null}
      {said.map(({ field, message: detail }) => (
        <p key={field} className="ht-field-error" role="alert">
          {t("synonyms.line", { line: lineNumbers(text)[Number(/groups\.(\d+)/u.exec(field)?.[1] ?? 0)] ?? 1, detail })}
        </p>
      ))}
      {failure && said.length === 0 ? <ErrorState error={failure} compact /> : null}
      {mayManage ? (
        <div className="ht-danger-foot ht-foot-tight">
          <Button
            type="primary"
            loading={save.isPending}
            disabled={lonely >= 0}
            onClick={() => { save.mutate({ params: { path }, body: { groups: lines(text).filter((words) => words.length > 0) } }); }}
          >
            {t("synonyms.save")}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

export function SynonymsView() {
  const { t } = useTranslation(["replies", "common"]);
  const { data, error, refetch } = useSynonyms();
  return (
    <>
      <p className="ht-secondary">{t("synonyms.about")}</p>
      {data ? <Editor groups={data.groups} /> : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton active paragraph={{ rows: 6 }} />}
    </>
  );
}
