/** Questions from groups that no rule and nobody answered within an hour; each can become a rule. */
import { useNavigate, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { AnswerEvent } from "../inbox/AnswerEvent";
import { NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { morePages } from "../workspaces/settings/queries";
import { QUESTION, useQuestions, useRulesChanged, type Question } from "./queries";

export function QuestionsView() {
  const { t } = useTranslation(["replies", "common"]);
  const navigate = useNavigate();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const mayManage = useMay("replies.manage");
  const mayAnswer = useMay("inbox.answer");
  const changed = useRulesChanged();
  const list = useQuestions();
  const dismiss = $api.useMutation("delete", QUESTION, { onSuccess: changed });
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const columns: DataColumn<Question>[] = [
    { key: "text", title: t("questions.text"), width: 380, fixed: true, render: ({ text }) => <span className="ht-clamp"><SafeText text={text} /></span> },
    {
      key: "where",
      title: t("questions.where"),
      width: 200,
      render: (one) => (
        <div className="ht-pair">
          <SafeText text={one.group_name} clip />
          <span className="ht-secondary"><SafeText text={one.community_name} clip /></span>
        </div>
      ),
    },
    { key: "who", title: t("questions.who"), width: 140, render: (one) => <Link to="/members/$memberId" params={{ memberId: one.member_id }}><SafeText text={one.member_name} clip /></Link> },
    { key: "at", title: t("questions.at"), width: 140, render: ({ asked_at }) => <RelativeTime at={asked_at} zone={workspace.time_zone} /> },
  ];
  if (mayManage || mayAnswer)
    columns.push({
      key: "actions",
      title: t("list.actions"),
      width: 240,
      render: (one) => (
        <span className="ht-row-actions">
          <AnswerEvent eventId={one.event_id} text={one.text} />
          {mayManage ? (
            <>
              <Button type="link" size="small" aria-label={t("questions.makeOf", { text: plainText(one.text) })} onClick={() => void navigate({ to: "/automation/replies/new", search: { question: one.text } })}>
                {t("questions.make")}
              </Button>
              <Button type="link" size="small" aria-label={t("questions.dismissOf", { text: plainText(one.text) })} onClick={() => { dismiss.mutate({ params: { path: { ...path, reply_question_id: one.id } } }); }}>
                {t("questions.dismiss")}
              </Button>
            </>
          ) : null}
        </span>
      ),
    });
  return (
    <>
      <p className="ht-secondary">{t("questions.about")}</p>
      {dismiss.error ? <ErrorState error={dismiss.error} compact /> : null}
      <DataTable
        id="reply-questions"
        label={t("views.questions")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        empty={<NothingYet title={t("questions.none")} body={t("questions.noneBody")} guide="keyword-replies" />}
      />
    </>
  );
}
