/** Who is at a node, passed it, failed at it or ended there; and one person's way, shown on the canvas. */
import { ArrowLeftOutlined, CloseOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Segmented, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useSession, useWorkspacePath } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { ConfirmDanger } from "../../kit/ConfirmDanger";
import { ErrorState } from "../../kit/ErrorState";
import { Phrase, slot } from "../../kit/Phrase";
import { SafeText } from "../../kit/SafeText";
import { plainText } from "../../kit/safeText";
import type { Drawing, JourneyNode } from "./graph";
import { useJourneysChanged, usePeople, useTakeOut, type PeopleState, type Enrolment } from "./queries";
import { StepTimeline } from "./StepTimeline";
import { titleOf, type Lexicon } from "./words";

const STATES = ["waiting", "passed", "failed", "ended"] as const satisfies readonly PeopleState[];
const ENDS = ["finished", "goal", "exit", "left", "stopped", "failed", "merged", "removed"] as const;

function EndedAs({ how }: { how: string }) {
  const { t } = useTranslation(["journeys", "common"]);
  const known = ENDS.find((one) => one === how);
  return known ? <>{t(`ended.${known}`)}</> : null;
}

interface PeoplePanelProps {
  journey_id: string;
  version: number | null;
  node: JourneyNode;
  lexicon: Lexicon;
  onPerson: (enrolment: string) => void;
  onClose: () => void;
}

export function PeoplePanel({ journey_id, version, node, lexicon, onPerson, onClose }: PeoplePanelProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const { workspace } = useSession();
  const [state, setState] = useState<PeopleState>(node.kind === "exit" ? "ended" : node.kind === "entry" || node.kind === "split" || node.kind === "branch" ? "passed" : "waiting");
  const list = usePeople(journey_id, { node: node.id, show: state, ...(version === null ? {} : { version }) });
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <div className="ht-jd">
      <header className="ht-jd-head">
        <h2>{titleOf(node, lexicon)}</h2>
        <Button type="text" icon={<CloseOutlined />} aria-label={t("panel.close")} onClick={onClose} />
      </header>
      <div className="ht-jd-body">
        <Segmented<PeopleState> block aria-label={t("people.state")} value={state} options={STATES.map((value) => ({ value, label: t(`people.states.${value}`) }))} onChange={setState} />
        {list.error && !rows ? <ErrorState error={list.error} onRetry={() => void list.refetch()} compact /> : null}
        {!rows && !list.error ? <Skeleton active title={false} paragraph={{ rows: 6 }} /> : null}
        {rows?.length === 0 ? <p className="ht-secondary" role="status">{t(`people.none.${state}`)}</p> : null}
        {rows && rows.length > 0 ? (
          <ul className="ht-jr" aria-label={t(`people.states.${state}`)}>
            {rows.map((one) => (
              <li key={one.enrolment}>
                <button type="button" onClick={() => { onPerson(one.enrolment); }}>
                  <SafeText text={one.member.name} clip />
                  <span className="ht-secondary">
                    {formatDateTime(one.since, workspace.time_zone, lexicon.language)}
                    {one.due_at && one.state === "waiting" ? ` · ${t("people.until", { at: formatDateTime(one.due_at, workspace.time_zone, lexicon.language) })}` : null}
                    {one.state === "ended" && one.ended_as ? <> · <EndedAs how={one.ended_as} /></> : null}
                  </span>
                  {one.detail?.[lexicon.language] ? <span className="ht-jr-detail">{one.detail[lexicon.language]}</span> : null}
                </button>
              </li>
            ))}
          </ul>
        ) : null}
        {list.hasNextPage ? <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t("people.more")}</Button> : null}
      </div>
    </div>
  );
}

interface PersonPanelProps {
  enrolment: string;
  found: Enrolment | undefined;
  error: unknown;
  drawing: Drawing;
  lexicon: Lexicon;
  onStep: (node: string) => void;
  onBack: () => void;
}

export function PersonPanel({ enrolment, found, error, drawing, lexicon, onStep, onBack }: PersonPanelProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const { workspace } = useSession();
  const path = useWorkspacePath();
  const mayEnrol = useMay("automations.enrol");
  const changed = useJourneysChanged();
  const takeOut = useTakeOut();
  const [asking, setAsking] = useState(false);
  return (
    <div className="ht-jd">
      <header className="ht-jd-head">
        <Button type="text" icon={<ArrowLeftOutlined />} aria-label={t("people.back")} onClick={onBack} />
        <h2>{found ? <SafeText text={found.member.name} clip /> : t("common:loading")}</h2>
      </header>
      <div className="ht-jd-body">
        {error && !found ? <ErrorState error={error} compact /> : null}
        {found ? (
          <>
            <p className="ht-secondary">
              {t("people.entered", { at: formatDateTime(found.entered_at, workspace.time_zone, lexicon.language), version: found.version })}
              {" · "}
              {found.state === "waiting" ? t("people.onTheWay") : <EndedAs how={found.ended_as} />}
            </p>
            <StepTimeline steps={found.steps.map((step) => ({ ...step, said: step.detail }))} drawing={drawing} lexicon={lexicon} label={t("people.way", { name: plainText(found.member.name) })} onStep={onStep} />
            <div className="ht-jf-actions">
              <Link to="/members/$memberId" params={{ memberId: found.member.id }}>{t("people.member")}</Link>
              {mayEnrol && found.state === "waiting" ? <Button danger type="text" size="small" onClick={() => { setAsking(true); }}>{t("people.takeOut")}</Button> : null}
            </div>
            <ConfirmDanger
              open={asking}
              title={t("people.takeOutTitle")}
              consequence={<p><Phrase text={t("people.takeOutBody", { name: slot(0) })} parts={[<SafeText key="name" text={found.member.name} />]} /></p>}
              action={t("people.takeOut")}
              onConfirm={async () => {
                await takeOut.mutateAsync({ params: { path: { ...path, enrolment_id: enrolment } } });
                await changed();
                onBack();
              }}
              onClose={() => { setAsking(false); }}
            />
          </>
        ) : null}
      </div>
    </div>
  );
}
