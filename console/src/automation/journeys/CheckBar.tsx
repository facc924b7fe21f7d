/** The bar below the canvas: what is wrong, each thing one click from its place, and whether the draft is kept. */
import { CheckCircleFilled, CloudSyncOutlined, DownOutlined, ExclamationCircleFilled, UpOutlined, WarningFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { formatClock } from "../../format/dates";
import type { Problem } from "./queries";
import { nodeOf } from "./edits";
import { portsOf, type Drawing } from "./graph";
import type { SaveState } from "./keeping";
import { portName, titleOf, type Lexicon } from "./words";

function Kept({ state, onRetry }: { state: SaveState; onRetry: () => void }) {
  const { t } = useTranslation(["journeys", "common"]);
  const { workspace } = useSession();
  if (state.kind === "failed")
    return (
      <span className="ht-jb-kept" data-failed role="alert">
        <WarningFilled aria-hidden /> {t("keep.failed")} <Button type="link" size="small" onClick={onRetry}>{t("common:retry")}</Button>
      </span>
    );
  const said = state.kind === "saved" ? (state.at ? t("keep.savedAt", { at: formatClock(state.at, workspace.time_zone) }) : t("keep.saved")) : state.kind === "conflict" ? t("keep.conflict") : t("keep.saving");
  return <span className="ht-jb-kept" role="status">{state.kind === "saved" ? null : <CloudSyncOutlined aria-hidden />} {said}</span>;
}

interface CheckBarProps {
  drawing: Drawing;
  problems: readonly Problem[];
  lexicon: Lexicon;
  state: SaveState;
  onRetry: () => void;
  onProblem: (problem: Problem) => void;
}

export function CheckBar({ drawing, problems, lexicon, state, onRetry, onProblem }: CheckBarProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const [open, setOpen] = useState(false);
  const errors = problems.filter(({ is_error }) => is_error).length;
  const warnings = problems.length - errors;
  const sorted = [...problems.filter(({ is_error }) => is_error), ...problems.filter(({ is_error }) => !is_error)];
  return (
    <section className="ht-jb" aria-label={t("check.title")}>
      {open && problems.length > 0 ? (
        <ul className="ht-jb-list" aria-label={t("check.title")} tabIndex={0}>
          {sorted.map((problem, index) => {
            const node = nodeOf(drawing, problem.node);
            const port = node && portsOf(node).includes(problem.field) ? portName(node, problem.field, lexicon) : null;
            return (
              <li key={index}>
                <button type="button" data-level={problem.is_error ? "error" : "warning"} onClick={() => { onProblem(problem); }}>
                  {problem.is_error ? <ExclamationCircleFilled aria-label={t("check.error")} /> : <WarningFilled aria-label={t("check.warning")} />}
                  <strong>{node ? titleOf(node, lexicon) : t("whole.title")}</strong>
                  <span>{port === null ? problem[lexicon.language] : t("panel.atPort", { port, message: problem[lexicon.language] })}</span>
                </button>
              </li>
            );
          })}
        </ul>
      ) : null}
      <div className="ht-jb-line">
        {problems.length === 0 ? (
          <span className="ht-jb-fine"><CheckCircleFilled aria-hidden /> {t(drawing.nodes.length === 0 ? "check.empty" : "check.fine")}</span>
        ) : (
          <Button type="text" size="small" aria-expanded={open} icon={open ? <DownOutlined aria-hidden /> : <UpOutlined aria-hidden />} onClick={() => { setOpen(!open); }}>
            {[...(errors > 0 ? [t("check.errors", { count: errors })] : []), ...(warnings > 0 ? [t("check.warnings", { count: warnings })] : [])].join(t("canvas.comma"))}
          </Button>
        )}
        <Kept state={state} onRetry={onRetry} />
      </div>
    </section>
  );
}
