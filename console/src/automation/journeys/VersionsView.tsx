/** What was published and when; each version can be looked at, and taken as the draft again. */
import { Button, Skeleton, Tag } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { ErrorState } from "../../kit/ErrorState";
import { SafeText } from "../../kit/SafeText";
import { Canvas } from "./Canvas";
import { drawingOf, type Drawing } from "./graph";
import { useVersion, type Journey } from "./queries";
import { NOTHING_OVER } from "./shapes";
import { SideLayout } from "./SideLayout";
import { StepPanel } from "./StepPanel";
import { ZoomTools } from "./Tools";
import type { Lexicon } from "./words";

interface VersionsViewProps {
  journey: Journey;
  lexicon: Lexicon;
  version: number | null;
  onVersion: (version: number) => void;
  /** null where it may not be changed. */
  onTake: ((drawing: Drawing) => void) | null;
}

const NOTHING = () => undefined;

export function VersionsView({ journey, lexicon, version, onVersion, onTake }: VersionsViewProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const { workspace } = useSession();
  const shown = version ?? journey.published_number;
  const graph = useVersion(journey.id, shown);
  const drawing = useMemo(() => (graph.data ? drawingOf(graph.data) : null), [graph.data]);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  if (journey.versions.length === 0) return <p className="ht-jv-none ht-secondary">{t("versions.none")}</p>;
  const side =
    drawing && chosen.length > 0 ? (
      <StepPanel drawing={drawing} chosen={chosen} problems={[]} lexicon={lexicon} run={NOTHING} disabled attention={0} isWide={false} onWide={null} onClose={() => { setChosen([]); }} />
    ) : (
      <div className="ht-jd">
        <header className="ht-jd-head"><h2>{t("versions.title")}</h2></header>
        <div className="ht-jd-body">
          <ol className="ht-jz" reversed>
            {journey.versions.toSorted((one, other) => other.number - one.number).map((one) => (
              <li key={one.number}>
                <button type="button" aria-pressed={one.number === shown} onClick={() => { onVersion(one.number); }}>
                  <strong>{t("versions.number", { number: one.number })}</strong>
                  {one.number === journey.published_number ? <Tag variant="filled" color="success">{t("versions.now")}</Tag> : null}
                  <span className="ht-secondary">{formatDateTime(one.published_at, workspace.time_zone, lexicon.language)} · <SafeText text={one.published_by} /></span>
                  <span className="ht-secondary">{t("versions.inFlight", { count: one.in_flight, shown: formatCount(one.in_flight) })}</span>
                </button>
              </li>
            ))}
          </ol>
          {onTake && drawing ? <Button onClick={() => { onTake(drawing); }}>{t("versions.take", { number: shown })}</Button> : null}
          <p className="ht-secondary">{t("versions.hint")}</p>
        </div>
      </div>
    );
  return (
    <SideLayout
      label={t("versions.title")}
      side={side}
      canvas={
        drawing ? (
          <Canvas key={shown} drawing={drawing} overlay={NOTHING_OVER} lexicon={lexicon} label={t("canvas.label")} chosen={chosen} onChoose={setChosen} onOpen={(id) => { setChosen([id]); }} drawer={null}>
            <ZoomTools />
          </Canvas>
        ) : graph.error ? (
          <ErrorState error={graph.error} onRetry={() => void graph.refetch()} />
        ) : (
          <Skeleton active className="ht-jv-skeleton" />
        )
      }
    />
  );
}
