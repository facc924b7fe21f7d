/** Whose a conversation is and how it stands: assigned, put off, closed, opened again. */
import { App, Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { ApiProblem } from "../api/problem";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { ONE, useInboxChanged, useStaff, type Detail } from "./queries";

const HOUR_MILLISECONDS = 3_600_000;
const SNOOZES = [1, 4, 24, 168] as const;

type Change = components["schemas"]["ConversationChange"];

export function useChange(conversation_id: string | undefined) {
  const { t } = useTranslation(["inbox", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const changed = useInboxChanged();
  const change = $api.useMutation("patch", ONE, {
    onSuccess: changed,
    onError(problem) {
      void message.error(problem instanceof ApiProblem ? (problem.errors[0]?.message ?? problem.detail) : t("act.failed"));
    },
  });
  return (body: Change, then?: () => void) => {
    if (conversation_id !== undefined) change.mutate({ params: { path: { ...path, conversation_id } }, body }, { onSuccess: then });
  };
}

interface ActsProps {
  of: Detail;
  snoozing: boolean;
  setSnoozing: (open: boolean) => void;
  /** It left the list of what is open. */
  onClosed: () => void;
}

export function Acts({ of, snoozing, setSnoozing, onClosed }: ActsProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const { user } = useSession();
  const mayAnswer = useMay("inbox.answer");
  const staff = useStaff();
  const change = useChange(of.id);
  if (!mayAnswer) return null;
  const people = staff.data?.items ?? [];
  return (
    <div className="ht-inbox-acts">
      <Select
        aria-label={t("act.assignee")}
        size="small"
        value={of.assignee?.id ?? ""}
        popupMatchSelectWidth={false}
        options={[{ value: "", label: t("act.nobody") }, ...people.map(({ id, name }) => ({ value: id, label: id === user.id ? t("act.me", { name: plainText(name) }) : plainText(name) }))]}
        onChange={(id) => { change({ assignee_id: id === "" ? null : id }); }}
      />
      {of.state === "closed" || of.state === "snoozed" ? (
        <Button size="small" onClick={() => { change({ state: "open" }); }}>{t("act.reopen")}</Button>
      ) : (
        <Dropdown
          open={snoozing}
          onOpenChange={setSnoozing}
          trigger={["click"]}
          menu={{
            items: SNOOZES.map((hours) => ({
              key: hours,
              label: t(`act.hours.${hours}`),
              onClick: () => {
                setSnoozing(false);
                change({ state: "snoozed", snoozed_until: new Date(Date.now() + hours * HOUR_MILLISECONDS).toISOString() }, onClosed);
              },
            })),
          }}
        >
          <Button size="small">{t("act.snooze")}</Button>
        </Dropdown>
      )}
      {of.state === "closed" ? null : <Button size="small" onClick={() => { change({ state: "closed" }, onClosed); }}>{t("act.close")}</Button>}
    </div>
  );
}
