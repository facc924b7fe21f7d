/** Saying that a member is a bot, or a person after all; with the way back in the message. */
import { App } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { MEMBER, useMemberChanged, type Member } from "./queries";

export function useMarkAsBot(member: Member) {
  const { t } = useTranslation(["members", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const { show } = useMemberChanged();
  const change = $api.useMutation("patch", MEMBER, {
    onSuccess(changed) {
      show(changed);
      void message.success(changed.is_bot ? t("mark.isBot") : t("mark.isPerson"));
    },
    onError(error) {
      void message.error(error instanceof ApiProblem && error.detail ? error.detail : t("mark.failed"));
    },
  });
  return {
    isPending: change.isPending,
    toggle: () => {
      change.mutate({ params: { path: { ...path, member_id: member.id } }, body: { is_bot: !member.is_bot } });
    },
  };
}
