/** Accepting or ignoring an event nobody declared. Both can be taken back, so nothing is asked. */
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { useMay, useWorkspacePath } from "../../app/session";
import { plainText } from "../../kit/safeText";
import { EVENT_TYPES, type EventType } from "./queries";

export function ReviewButtons({ type }: { type: EventType }) {
  const { t } = useTranslation(["settings", "errors", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const may = useMay("events.manage");
  const name = plainText(type.name);
  const review = $api.useMutation("patch", "/api/workspaces/{workspace_id}/event-types/{name}", {
    async onSuccess(changed) {
      if (changed.review !== "declared") void message.success(t(`eventTypes.done.${changed.review}`, { name }));
      await queryClient.invalidateQueries({ queryKey: ["get", EVENT_TYPES] });
    },
    onError(error) {
      void message.error(error instanceof ApiProblem && error.detail ? error.detail : t("errors:unknown.detail"));
    },
  });
  if (!may || type.is_declared) return null;
  const set = (verdict: "unreviewed" | "accepted" | "ignored") => {
    review.mutate({ params: { path: { ...path, name: type.name } }, body: { review: verdict } });
  };
  return (
    <span className="ht-row-actions">
      {type.review === "unreviewed" ? (
        <>
          <Button type="link" size="small" disabled={review.isPending} aria-label={t("eventTypes.acceptOf", { name })} onClick={() => { set("accepted"); }}>
            {t("eventTypes.accept")}
          </Button>
          <Button type="link" size="small" disabled={review.isPending} aria-label={t("eventTypes.ignoreOf", { name })} onClick={() => { set("ignored"); }}>
            {t("eventTypes.ignore")}
          </Button>
        </>
      ) : (
        <Button type="link" size="small" disabled={review.isPending} aria-label={t("eventTypes.reopenOf", { name })} onClick={() => { set("unreviewed"); }}>
          {t("eventTypes.reopen")}
        </Button>
      )}
    </span>
  );
}
