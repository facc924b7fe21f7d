/** Long work: how far, how fast, how long still, a way to cancel, and the promise that it goes on without the page. */
import { Button, Progress, Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatDuration } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";

export type WorkState = "waiting" | "running" | "cancelling" | "done" | "failed" | "cancelled";

interface ProgressPanelProps {
  title: string;
  state: WorkState;
  done: number;
  /** Unknown while the size of the input is not. */
  total: number | null;
  /** Where the total is not known in that unit but the share is, such as bytes of a file; 0 to 100. */
  percent?: number;
  /** What is counted: 条消息, messages. */
  unit: string;
  rate_per_second?: number | null;
  left_seconds?: number | null;
  onCancel?: (() => void) | undefined;
  children?: ReactNode;
}

const tagColor: Record<WorkState, string> = {
  waiting: "default",
  running: "processing",
  cancelling: "warning",
  done: "success",
  failed: "error",
  cancelled: "default",
};

export function ProgressPanel(props: ProgressPanelProps) {
  const { title, state, done, total, unit, rate_per_second: rate, left_seconds: left, percent: known, onCancel, children } = props;
  const { t } = useTranslation(["kit", "common"]);
  const language = useLanguage();
  const live = state === "running" || state === "cancelling" || state === "waiting";
  // 100 % is said only when it is done: a bar that waits at 100 % is a lie.
  const share = known ?? (total ? (done / total) * 100 : null);
  const percent = state === "done" ? 100 : Math.min(99, Math.floor(share ?? 0));
  const counted =
    total === null
      ? t("progress.doneOnly", { done: formatCount(done), unit })
      : t("progress.of", { done: formatCount(done), total: formatCount(total), unit });
  return (
    <section className="ht-card ht-progress" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <Tag color={tagColor[state]} variant="filled">
          {t(`progress.${state}`)}
        </Tag>
        {live && onCancel ? (
          <Button onClick={onCancel} disabled={state === "cancelling"}>
            {t("common:cancel")}
          </Button>
        ) : null}
      </header>
      <Progress
        percent={percent}
        showInfo={share !== null || state === "done"}
        status={state === "failed" ? "exception" : state === "done" ? "success" : "normal"}
        aria-label={t("progress.label", { title })}
      />
      <p className="ht-progress-figures" aria-live="off">
        <span>{counted}</span>
        {state === "running" && rate != null ? (
          <span>{t("progress.rate", { rate: formatCount(rate), unit })}</span>
        ) : null}
        {state === "running" && share !== null ? (
          <span>
            {left == null ? t("progress.estimating") : t("progress.left", { time: formatDuration(left, language) })}
          </span>
        ) : null}
      </p>
      <p role="status" className="ht-visually-hidden">
        {t(`progress.${state}`)}
      </p>
      {live ? <p className="ht-secondary">{t("progress.leave")}</p> : null}
      {children}
    </section>
  );
}
