/** Seeing a welcome before newcomers do: sent into a chat of ours, filled for an example member. */
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { ChatSelect } from "../channels/ChatSelect";
import { MemberSearch } from "../members/MemberSearch";
import { bodyOf, type Draft } from "./draft";
import { TRIALS } from "./queries";

export function TryOut({ draft }: { draft: Draft }) {
  const { t } = useTranslation(["welcomes", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const maySeeChats = useMay("channels.read");
  const [chat, setChat] = useState<string | null>(null);
  const [member, setMember] = useState<string | undefined>(undefined);
  const send = $api.useMutation("post", TRIALS, {
    onSuccess({ messages }) {
      void message.success(t("try.sent", { count: messages }));
    },
  });
  if (!maySeeChats) return null;
  return (
    <section className="ht-card ht-stack" aria-labelledby="welcome-try">
      <h2 id="welcome-try">{t("try.title")}</h2>
      <p className="ht-secondary">{t("try.about")}</p>
      <ChatSelect label={t("try.chat")} value={chat} onChange={setChat} />
      <MemberSearch except="" label={t("try.member")} value={member} onChange={setMember} />
      {send.error ? <ErrorState error={send.error} compact /> : null}
      <Button
        disabled={chat === null || draft.messages.length === 0}
        loading={send.isPending}
        onClick={() => {
          if (chat !== null)
            send.mutate({ params: { path }, body: { messages: bodyOf(draft).messages, chat_id: chat, member_id: member ?? null, key: crypto.randomUUID() } });
        }}
      >
        {t("try.send")}
      </Button>
    </section>
  );
}
