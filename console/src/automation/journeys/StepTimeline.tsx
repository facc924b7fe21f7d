/** What happened, or would happen, one thing under the other, each with its moment. */
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import type { Said } from "./queries";
import { nodeOf } from "./edits";
import type { Drawing } from "./graph";
import { StepIcon } from "./icons";
import { portName, saysPort, titleOf, type Lexicon } from "./words";

export interface TimelineStep {
  node: string;
  at: string;
  port: string;
  outcome: string;
  said: Said | null;
}

const OUTCOMES = ["refused", "failed", "unchanged"] as const;

interface StepTimelineProps {
  steps: readonly TimelineStep[];
  drawing: Drawing;
  lexicon: Lexicon;
  label: string;
  onStep?: (node: string) => void;
}

export function StepTimeline({ steps, drawing, lexicon, label, onStep }: StepTimelineProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const { workspace } = useSession();
  return (
    <ol className="ht-jl" aria-label={label}>
      {steps.map((step, index) => {
        const node = nodeOf(drawing, step.node);
        const outcome = OUTCOMES.find((one) => one === step.outcome);
        const title = node ? titleOf(node, lexicon) : t("said.gone");
        return (
          <li key={index} data-outcome={step.outcome}>
            {node ? <StepIcon kind={node.kind} action={node.kind === "action" ? lexicon.actions.find(({ name }) => name === node.action) : undefined} /> : <span className="ht-jn-icon" />}
            <div>
              {onStep && node ? <button type="button" className="ht-jl-step" onClick={() => { onStep(step.node); }}>{title}</button> : <strong>{title}</strong>}
              {node && step.port !== "" && saysPort(node) ? <span className="ht-secondary"> → {portName(node, step.port, lexicon)}</span> : null}
              <time className="ht-secondary" dateTime={step.at}>{formatDateTime(step.at, workspace.time_zone, lexicon.language)}</time>
              {outcome ? <span className="ht-jl-outcome" data-outcome={outcome}>{t(`outcome.${outcome}`)}</span> : null}
              {step.said?.[lexicon.language] ? <p>{step.said[lexicon.language]}</p> : null}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
