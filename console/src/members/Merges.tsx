/** The merges a member took part in, and taking one back. */
import { App, Button, Skeleton, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useMay, useWorkspacePath } from "../app/session";
import { formatDateTime, formatZone } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { shownId, useChannelName } from "./channels";
import { MemberLink } from "./MemberName";
import { useMemberChanged, type Member } from "./queries";

type Merge = components["schemas"]["MergeOut"];
const MERGE = "/api/workspaces/{workspace_id}/merges/{merge_id}";

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

interface Before {
  messages: number;
  identities: { channel: string; name: string }[];
}

/** How the absorbed member looked at the moment of the merge. */
function before(snapshot: Record<string, unknown>): Before {
  const absorbed = isRecord(snapshot.absorbed) ? snapshot.absorbed : {};
  const identities = Array.isArray(absorbed.identities) ? absorbed.identities.filter(isRecord) : [];
  return {
    messages: typeof absorbed.messages === "number" ? absorbed.messages : 0,
    identities: identities.map(({ channel, name, external_id }) => ({
      channel: typeof channel === "string" ? channel : "",
      name: (typeof name === "string" && name) || (typeof external_id === "string" ? shownId(external_id) : ""),
    })),
  };
}

function UndoConsequence({ merge }: { merge: Merge }) {
  const { t } = useTranslation(["members", "common"]);
  const path = useWorkspacePath();
  const channelName = useChannelName();
  const { data, error, refetch } = $api.useQuery("get", MERGE, { params: { path: { ...path, merge_id: merge.id } } });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} compact />;
  if (!data) return <Skeleton active title={false} paragraph={{ rows: 3 }} />;
  const was = before(data.snapshot);
  return (
    <>
      <p>
        <Phrase
          text={t("undoMerge.restores", { absorbed: slot(0), kept: slot(1), messages: formatCount(was.messages), identities: formatCount(was.identities.length) })}
          parts={[<SafeText key="absorbed" text={merge.absorbed.name} />, <SafeText key="kept" text={merge.kept.name} />]}
        />
      </p>
      <ul className="ht-bullets">
        {was.identities.map(({ channel, name }) => (
          <li key={`${channel} ${name}`}>
            {channelName(channel)} <SafeText text={name} />
          </li>
        ))}
      </ul>
      <p>{t("undoMerge.since")}</p>
      <p className="ht-secondary">{t("undoMerge.again")}</p>
    </>
  );
}

export function Merges({ member, zone }: { member: Member; zone: string }) {
  const { t } = useTranslation(["members", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const path = useWorkspacePath();
  const mayMerge = useMay("members.merge");
  const { forget } = useMemberChanged();
  const [undoing, setUndoing] = useState<Merge | null>(null);
  const undo = $api.useMutation("delete", MERGE, {
    async onSuccess() {
      void message.success(t("undoMerge.done"));
      await forget();
    },
  });
  if (member.merges.length === 0) return <NothingYet title={t("merges.emptyTitle")} body={t("merges.emptyBody")} guide="members" />;
  return (
    <>
      <ul className="ht-merges">
        {member.merges.map((merge) => (
          <li key={merge.id} data-undone={merge.undone_at !== null}>
            <div>
              <p>
                <Phrase
                  text={t("merges.line", { absorbed: slot(0), kept: slot(1) })}
                  parts={[<MemberLink key="absorbed" member={merge.absorbed} />, <MemberLink key="kept" member={merge.kept} />]}
                />{" "}
                {merge.undone_at === null ? null : <Tag variant="outlined">{t("merges.undone")}</Tag>}
              </p>
              {merge.reason ? (
                <p>
                  <SafeText text={merge.reason} />
                </p>
              ) : null}
              <p className="ht-secondary" title={formatZone(merge.at, zone)}>
                <SafeText text={merge.by_name} /> · {formatDateTime(merge.at, zone, language)}
                {merge.undone_at === null ? null : ` · ${t("merges.undoneAt", { at: formatDateTime(merge.undone_at, zone, language) })}`}
              </p>
            </div>
            {merge.undone_at === null && mayMerge ? (
              <Button
                onClick={() => {
                  setUndoing(merge);
                }}
              >
                {t("undoMerge.action")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <ConfirmDanger
        open={undoing !== null}
        title={t("undoMerge.title")}
        consequence={undoing ? <UndoConsequence merge={undoing} /> : null}
        action={t("undoMerge.action")}
        onConfirm={async () => {
          if (undoing) await undo.mutateAsync({ params: { path: { ...path, merge_id: undoing.id } } });
        }}
        onClose={() => {
          setUndoing(null);
        }}
      />
    </>
  );
}
