/** Two members found to be one person: what both are, what will come of it, why. */
import { SwapOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Input, Modal, Skeleton } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useSession, useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ErrorState } from "../kit/ErrorState";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { MemberSearch } from "./MemberSearch";
import { MergeComparison } from "./MergeComparison";
import { useMember, useMemberChanged, type Member } from "./queries";

const REASON_LENGTH_MAX = 200;

interface MergeDialogProps {
  keptId: string;
  otherId?: string | undefined;
  onClose: () => void;
}

function Consequence({ kept, absorbed }: { kept: Member; absorbed: Member }) {
  const { t } = useTranslation(["members", "common"]);
  const names = [<SafeText key="absorbed" text={absorbed.name} />, <SafeText key="kept" text={kept.name} />];
  return (
    <div className="ht-merge-consequence">
      <p>
        <Phrase
          text={t("merge.consequence", {
            absorbed: slot(0),
            kept: slot(1),
            messages: formatCount(absorbed.messages),
            identities: formatCount(absorbed.identities.length),
          })}
          parts={names}
        />
      </p>
      <p className="ht-secondary">{t("merge.reversible")}</p>
    </div>
  );
}

export function MergeDialog({ keptId, otherId, onClose }: MergeDialogProps) {
  const { t } = useTranslation(["members", "common"]);
  const id = useId();
  const { message } = App.useApp();
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const navigate = useNavigate();
  const { forget } = useMemberChanged();
  const [pair, setPair] = useState<{ kept: string; absorbed: string | undefined }>({ kept: keptId, absorbed: otherId });
  const [reason, setReason] = useState("");
  // Whom the dialog was opened for stays; the other can be chosen again, on whichever side they are.
  const fixed = keptId;
  const other = pair.kept === fixed ? pair.absorbed : pair.kept;
  const kept = useMember(pair.kept);
  const absorbed = useMember(pair.absorbed);
  const merge = $api.useMutation("post", "/api/workspaces/{workspace_id}/merges", {
    async onSuccess() {
      onClose();
      void message.success(t("merge.done"));
      await navigate({ to: "/members/$memberId", params: { memberId: pair.kept }, search: (previous) => ({ ...previous, tab: "merges" as const, peek: undefined }) });
      await forget();
    },
  });
  const error = kept.error ?? absorbed.error;
  return (
    <Modal open title={t("merge.title")} onCancel={onClose} footer={null} width={720} mask={{ closable: false }}>
      <form
        className="ht-stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (pair.absorbed) merge.mutate({ params: { path }, body: { kept_id: pair.kept, absorbed_id: pair.absorbed, reason: reason.trim() } });
        }}
      >
        {otherId === undefined ? (
          <MemberSearch
            label={t("merge.search")}
            except={fixed}
            value={other}
            onChange={(found) => {
              setPair(pair.kept === fixed ? { kept: fixed, absorbed: found } : { kept: found, absorbed: fixed });
            }}
          />
        ) : null}
        {error ? (
          <ErrorState
            error={error}
            compact
            onRetry={() => {
              void kept.refetch();
              if (pair.absorbed) void absorbed.refetch();
            }}
          />
        ) : pair.absorbed === undefined ? (
          <p className="ht-secondary">{t("merge.chooseFirst")}</p>
        ) : kept.data && absorbed.data ? (
          <>
            <MergeComparison kept={kept.data} absorbed={absorbed.data} zone={workspace.time_zone} />
            <div>
              <Button
                icon={<SwapOutlined aria-hidden />}
                onClick={() => {
                  if (pair.absorbed) setPair({ kept: pair.absorbed, absorbed: pair.kept });
                }}
              >
                {t("merge.swap")}
              </Button>
            </div>
            <Consequence kept={kept.data} absorbed={absorbed.data} />
            <div>
              <label htmlFor={id} className="ht-field-label">
                {t("merge.reason")}
              </label>
              <Input
                id={id}
                value={reason}
                maxLength={REASON_LENGTH_MAX}
                placeholder={t("merge.reasonHint")}
                onChange={(event) => {
                  setReason(event.target.value);
                }}
              />
            </div>
          </>
        ) : (
          <div role="status" aria-label={t("common:loading")}>
            <Skeleton active title={false} paragraph={{ rows: 7 }} />
          </div>
        )}
        {merge.error ? <ErrorState error={merge.error} compact /> : null}
        <div className="ht-danger-foot ht-foot-tight">
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={merge.isPending} disabled={!kept.data || !absorbed.data}>
            {t("merge.submit")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
