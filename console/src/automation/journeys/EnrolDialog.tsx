/** Letting people in by hand: one member, or everybody in a segment. Many are let in by and by; the page can be left. */
import { Button, Modal, Progress, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../../app/session";
import { formatCount } from "../../format/numbers";
import { ErrorState } from "../../kit/ErrorState";
import { plainText } from "../../kit/safeText";
import { Select } from "../../kit/Select";
import { MemberSearch } from "../../members/MemberSearch";
import { useSegments } from "../../segments/queries";
import { useEnrol, useJourneysChanged, useStart, type Journey } from "./queries";
import { Refused } from "./refused";

type Who = "member" | "segment";

export function EnrolDialog({ journey, onClose }: { journey: Journey; onClose: () => void }) {
  const { t } = useTranslation(["journeys", "common"]);
  const path = useWorkspacePath();
  const changed = useJourneysChanged();
  const [who, setWho] = useState<Who>("member");
  const [member, setMember] = useState<string | undefined>(undefined);
  const [segment, setSegment] = useState<string | null>(null);
  const segments = useSegments(who === "segment");
  const enrol = useEnrol();
  const start = useStart(enrol.data?.id ?? null);
  const now = start.data ?? enrol.data;
  const ready = who === "member" ? member !== undefined : segment !== null;
  const go = () => {
    const body = { member_ids: who === "member" ? [member ?? ""] : [], segment_id: who === "segment" ? segment : null, properties: {}, key: "" };
    enrol.mutate({ params: { path: { ...path, journey_id: journey.id } }, body }, { onSuccess: changed });
  };
  return (
    <Modal
      open
      title={t("enrol.title")}
      onCancel={onClose}
      destroyOnHidden
      footer={
        now
          ? [<Button key="close" type="primary" onClick={onClose}>{t("enrol.close")}</Button>]
          : [<Button key="cancel" onClick={onClose}>{t("common:cancel")}</Button>, <Button key="go" type="primary" disabled={!ready} loading={enrol.isPending} onClick={go}>{t("enrol.action")}</Button>]
      }
    >
      {now ? (
        <div className="ht-je" role="status">
          {now.state === "running" ? <Progress percent={now.people > 0 ? Math.floor((now.seen / now.people) * 99) : 0} /> : null}
          <p>{t(now.state === "running" ? "enrol.running" : "enrol.done", { count: now.entered, shown: formatCount(now.entered), people: formatCount(now.people) })}</p>
          <Refused refused={now.refused} />
          {now.state === "running" ? <p className="ht-secondary">{t("enrol.goesOn")}</p> : null}
        </div>
      ) : (
        <div className="ht-je">
          <Segmented<Who> block aria-label={t("enrol.who")} value={who} options={(["member", "segment"] as const).map((value) => ({ value, label: t(`enrol.by.${value}`) }))} onChange={setWho} />
          {who === "member" ? (
            <MemberSearch except="" value={member} onChange={setMember} label={t("enrol.member")} />
          ) : (
            <Select className="ht-wide" aria-label={t("enrol.segment")} placeholder={t("enrol.segment")} loading={segments.isPending} value={segment} options={(segments.data ?? []).map(({ id, name }) => ({ value: id, label: plainText(name) }))} showSearch={{ optionFilterProp: "label" }} onChange={setSegment} />
          )}
          <p className="ht-secondary">{t("enrol.rules")}</p>
          {enrol.error ? <ErrorState error={enrol.error} compact /> : null}
        </div>
      )}
    </Modal>
  );
}
