/** A journey tried without a message sent: on one member, or on what really happened in the last days. */
import { Button, InputNumber, Segmented, Skeleton } from "antd";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../../app/session";
import { formatCount } from "../../format/numbers";
import { ErrorState } from "../../kit/ErrorState";
import { SafeText } from "../../kit/SafeText";
import { plainText } from "../../kit/safeText";
import { MemberSearch } from "../../members/MemberSearch";
import { Canvas } from "./Canvas";
import type { Drawing } from "./graph";
import { pathOf } from "./path";
import { useBeginTrial, useTrial, type Journey, type Trial } from "./queries";
import { reasonSaid, Refused } from "./refused";
import { NOTHING_OVER, type Overlay } from "./shapes";
import { SideLayout } from "./SideLayout";
import { StepTimeline } from "./StepTimeline";
import { ZoomTools } from "./Tools";
import type { Lexicon } from "./words";

type On = "member" | "days";
const DAYS_MAX = 30;

type Example = Trial["examples"][number];

function overlayOf(drawing: Drawing, trial: Trial | undefined, example: Example | null): Overlay {
  if (example && example.refused === "") return { ...NOTHING_OVER, path: pathOf(drawing, { steps: example.steps, at: null }) };
  return trial?.state === "done" && trial.people > 0 ? { ...NOTHING_OVER, trial: trial.nodes } : NOTHING_OVER;
}

/** What would be sent: how often the nodes that write to people would do so. */
function sendsOf(trial: Trial, drawing: Drawing, { actions }: Lexicon): number {
  const writes = new Set(actions.filter(({ kind }) => kind === "message").map(({ name }) => name));
  return drawing.nodes.reduce((sum, node) => sum + (node.kind === "action" && node.action !== undefined && writes.has(node.action) ? (trial.actions[node.id]?.done ?? 0) : 0), 0);
}

interface FoundProps {
  trial: Trial;
  on: On;
  drawing: Drawing;
  lexicon: Lexicon;
  shown: number | null;
  onShow: (index: number | null) => void;
  onStep: (node: string) => void;
}

function Found({ trial, on, drawing, lexicon, shown, onShow, onStep }: FoundProps) {
  const { t } = useTranslation(["journeys", "common"]);
  if (trial.state === "failed") return <p className="ht-field-error" role="alert">{trial.error?.[lexicon.language] ?? t("trial.failed")}</p>;
  if (trial.state === "running") return <Skeleton active title={false} paragraph={{ rows: 4 }} aria-label={t("trial.running")} />;
  const refused = trial.examples[0]?.refused;
  if (trial.people === 0)
    return (
      <>
        <p><strong>{t(on === "member" ? "trial.notIn" : "trial.nobody")}</strong> {on === "member" && refused ? reasonSaid(refused, t) : null}</p>
        {on === "days" ? <Refused refused={trial.refused} /> : null}
      </>
    );
  const sends = sendsOf(trial, drawing, lexicon);
  return (
    <>
      <p><strong>{t("trial.people", { count: trial.people, shown: formatCount(trial.people) })}</strong> {t("trial.sends", { count: sends, shown: formatCount(sends) })}</p>
      {on === "days" ? <Refused refused={trial.refused} /> : null}
      {trial.is_cut ? <p className="ht-notice">{t("trial.cut")}</p> : null}
      {on === "days" ? <h3>{t("trial.examples")}</h3> : null}
      {trial.examples.map((example, index) => (
        <details
          key={`${example.member.id}:${index}`}
          className="ht-jk-example"
          open={on === "member" || shown === index}
          onToggle={(event) => {
            if (on === "member") return;
            if (event.currentTarget.open) onShow(index);
            else if (shown === index) onShow(null);
          }}
        >
          <summary><SafeText text={example.member.name} clip /></summary>
          <StepTimeline steps={example.steps.map((step) => ({ ...step, said: step }))} drawing={drawing} lexicon={lexicon} label={t("people.way", { name: plainText(example.member.name) })} onStep={onStep} />
        </details>
      ))}
    </>
  );
}

interface TrialViewProps {
  journey: Journey;
  drawing: Drawing;
  lexicon: Lexicon;
  /** The draft as it is here must be on the server before it is tried. */
  onSave: () => Promise<number | null>;
}

export function TrialView({ journey, drawing, lexicon, onSave }: TrialViewProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const id = useId();
  const path = useWorkspacePath();
  const [on, setOn] = useState<On>("member");
  const [member, setMember] = useState<string | undefined>(undefined);
  const [days, setDays] = useState(30);
  const [shown, setShown] = useState<number | null>(null);
  const [notSaved, setNotSaved] = useState(false);
  const [tried, setTried] = useState<{ on: On; drawing: Drawing } | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [focus, setFocus] = useState<{ id: string; count: number } | null>(null);
  const begin = useBeginTrial();
  const trial = useTrial(begin.data?.id ?? null);
  const found = begin.data ? trial.data : undefined;
  const example = (tried?.on === "member" ? found?.examples[0] : shown === null ? undefined : found?.examples[shown]) ?? null;
  const overlay = useMemo(() => overlayOf(drawing, found, example), [drawing, found, example]);

  async function run() {
    const saved = await onSave();
    setNotSaved(saved === null);
    if (saved === null) return;
    setShown(null);
    setTried({ on, drawing });
    begin.mutate({ params: { path: { ...path, journey_id: journey.id } }, body: on === "member" ? { member_id: member ?? "" } : { days } });
  }

  const side = (
    <div className="ht-jd">
      <header className="ht-jd-head"><h2>{t("trial.title")}</h2></header>
      <div className="ht-jd-body">
        <p className="ht-secondary">{t("trial.about")}</p>
        <Segmented<On> block aria-label={t("trial.on")} value={on} options={(["member", "days"] as const).map((value) => ({ value, label: t(`trial.ons.${value}`) }))} onChange={setOn} />
        {on === "member" ? (
          <MemberSearch except="" value={member} onChange={setMember} label={t("trial.member")} />
        ) : (
          <div className="ht-jk-days">
            <label htmlFor={`${id}-days`}>{t("trial.last")}</label>
            <InputNumber id={`${id}-days`} min={1} max={DAYS_MAX} precision={0} suffix={t("goal.days")} value={days} onChange={(value) => { setDays(value ?? 1); }} />
          </div>
        )}
        <Button block type="primary" loading={begin.isPending || found?.state === "running"} disabled={(on === "member" && member === undefined) || drawing.nodes.length === 0} onClick={() => void run()}>{t("trial.run")}</Button>
        <div className="ht-jk" aria-live="polite">
          {notSaved ? <p className="ht-field-error">{t("publish.notSaved")}</p> : null}
          {begin.error ? <ErrorState error={begin.error} compact /> : null}
          {trial.error && !found ? <ErrorState error={trial.error} onRetry={() => void trial.refetch()} compact /> : null}
          {found && tried && tried.drawing !== drawing ? <p className="ht-notice">{t("trial.stale")}</p> : null}
          {found && tried ? <Found trial={found} on={tried.on} drawing={drawing} lexicon={lexicon} shown={shown} onShow={setShown} onStep={(node) => { setFocus((before) => ({ id: node, count: (before?.count ?? 0) + 1 })); setChosen([node]); }} /> : null}
        </div>
      </div>
    </div>
  );
  return (
    <SideLayout
      label={t("trial.title")}
      side={side}
      canvas={
        <Canvas drawing={drawing} overlay={overlay} lexicon={lexicon} label={t("canvas.label")} chosen={chosen} onChoose={(ids) => { setChosen(ids.slice(-1)); }} onOpen={(node) => { setChosen([node]); }} drawer={null} focus={focus}>
          <ZoomTools />
        </Canvas>
      }
    />
  );
}
