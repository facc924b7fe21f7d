/** Beside a member: the journeys they are or were in, where they are in each and until when; they are put in and taken out here too. */
import { Link } from "@tanstack/react-router";
import { Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../../app/session";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { Phrase, slot } from "../../kit/Phrase";
import { RelativeTime } from "../../kit/RelativeTime";
import { SafeText } from "../../kit/SafeText";
import { plainText } from "../../kit/safeText";
import { EndedAs } from "./ended";
import { PutInDialog } from "./PutInDialog";
import { useMemberJourneys, type MemberJourney } from "./queries";
import { StateTag } from "./StateTag";
import { TakeOutDialog } from "./TakeOutDialog";
import "./member.css";

interface WayProps {
  one: MemberJourney;
  zone: string;
  /** When it was asked for, in epoch milliseconds. */
  asked: number;
}

/** Until when they stay where they are; who is due is about to go on. Who is in a paused journey stays until it goes on. */
function Until({ one, zone, asked }: WayProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const language = useLanguage();
  const names = one.waits_for.map((event) => event[language]).join(t("said.or"));
  if (one.journey_state !== "on") return one.journey_state === "paused" ? <p>{t("member.paused")}</p> : null;
  if (one.due_at === null || Date.parse(one.due_at) <= asked) return null;
  const parts = [<SafeText key="names" text={names} />, <RelativeTime key="at" at={one.due_at} zone={zone} />];
  return <p><Phrase text={t(names === "" ? "member.until" : "member.waits", { names: slot(0), at: slot(1) })} parts={parts} /></p>;
}

function Way({ one, zone, asked, onTakeOut }: WayProps & { onTakeOut: (() => void) | null }) {
  const { t } = useTranslation(["journeys", "common"]);
  const language = useLanguage();
  const goals = one.goals.map((goal) => goal[language]).join(t("said.and"));
  return (
    <li>
      <div className="ht-jm-head">
        <Link to="/automation/journeys/$journeyId" params={{ journeyId: one.journey.id }} search={{ view: "numbers", person: one.enrolment }}><SafeText text={one.journey.name} clip /></Link>
        {one.state === "waiting" && one.journey_state !== "on" ? <StateTag state={one.journey_state} /> : null}
      </div>
      {one.state === "waiting" ? (
        <>
          <p><Phrase text={t("member.at", { node: slot(0), since: slot(1) })} parts={[<SafeText key="node" text={one.node[language]} />, <RelativeTime key="since" at={one.since} zone={zone} />]} /></p>
          <Until one={one} zone={zone} asked={asked} />
        </>
      ) : (
        <p className="ht-secondary">
          <EndedAs how={one.ended_as} /> · <RelativeTime at={one.ended_at ?? one.since} zone={zone} />
          {one.detail ? <><br /><SafeText text={one.detail[language]} /></> : null}
        </p>
      )}
      {goals === "" ? null : <p className="ht-secondary"><Phrase text={t("member.goals", { names: slot(0) })} parts={[<SafeText key="names" text={goals} />]} /></p>}
      {onTakeOut ? <Button type="link" danger size="small" aria-label={t("member.takeOutOf", { name: plainText(one.journey.name) })} onClick={onTakeOut}>{t("people.takeOut")}</Button> : null}
    </li>
  );
}

export function MemberJourneys({ memberId, name, zone }: { memberId: string; name: string; zone: string }) {
  const { t } = useTranslation(["journeys", "common"]);
  const maySee = useMay("automations.read");
  const mayEnrol = useMay("automations.enrol");
  const list = useMemberJourneys(memberId);
  const [leaving, setLeaving] = useState<MemberJourney | null>(null);
  const [entering, setEntering] = useState(false);
  if (!maySee) return null;
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <section aria-labelledby="member-journeys" className="ht-jm">
      <h2 id="member-journeys">{t("title")}</h2>
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} compact />
      ) : !rows ? (
        <Skeleton active title={false} paragraph={{ rows: 2 }} />
      ) : (
        <>
          {rows.length === 0 ? <p className="ht-secondary">{t("member.none")}</p> : null}
          <ul aria-labelledby="member-journeys">
            {rows.map((one) => (
              <Way key={one.enrolment} one={one} zone={zone} asked={list.dataUpdatedAt} onTakeOut={mayEnrol && one.state === "waiting" ? () => { setLeaving(one); } : null} />
            ))}
          </ul>
          <div className="ht-jm-foot">
            {list.hasNextPage ? <Button size="small" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t("people.more")}</Button> : null}
            {mayEnrol ? <Button size="small" onClick={() => { setEntering(true); }}>{t("member.putIn")}</Button> : null}
          </div>
        </>
      )}
      <TakeOutDialog open={leaving !== null} enrolment={leaving?.enrolment ?? ""} name={name} journey={leaving?.journey.name ?? ""} onClose={() => { setLeaving(null); }} />
      {entering ? <PutInDialog memberId={memberId} onClose={() => { setEntering(false); }} /> : null}
    </section>
  );
}
