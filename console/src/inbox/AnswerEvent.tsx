/** From something that was said in a group to the conversation in which it is answered. */
import { useNavigate } from "@tanstack/react-router";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { plainText } from "../kit/safeText";
import { LIST } from "./queries";

/** Begin a conversation and go there. */
export function useBegin() {
  const { t } = useTranslation(["inbox", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const navigate = useNavigate();
  const begin = $api.useMutation("post", LIST, {
    onSuccess({ id }) {
      void navigate({ to: "/communities/inbox", search: { at: id } });
    },
    onError(problem) {
      void message.error(problem instanceof ApiProblem ? problem.detail : t("act.failed"));
    },
  });
  return {
    isPending: begin.isPending,
    begin: (body: { event_id: string; member_id: string | null; account_id: string | null }) => {
      begin.mutate({ params: { path }, body });
    },
  };
}

export function AnswerEvent({ eventId, text }: { eventId: string; text: string }) {
  const { t } = useTranslation(["inbox", "common"]);
  const { begin, isPending } = useBegin();
  if (!useMay("inbox.answer") || eventId === "") return null;
  return (
    <Button type="link" size="small" loading={isPending} aria-label={t("answerOf", { text: plainText(text) })} onClick={() => { begin({ event_id: eventId, member_id: null, account_id: null }); }}>
      {t("answer")}
    </Button>
  );
}
