/** A figure the server is working out: its outline at once; after two seconds how long it has taken, and a way to stop waiting for it. */
import { Button, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { formatDuration } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";

const SAID_AFTER_SECONDS = 2;

function useSecondsSince(running: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!running) return;
    const began = performance.now();
    const timer = setInterval(() => { setSeconds(Math.floor((performance.now() - began) / 1000)); }, 500);
    return () => {
      clearInterval(timer);
      setSeconds(0);
    };
  }, [running]);
  return seconds;
}

interface ReckoningProps {
  rows: number;
  running: boolean;
  onStop: () => void;
  onStart: () => void;
}

export function Reckoning({ rows, running, onStop, onStart }: ReckoningProps) {
  const { t } = useTranslation(["kit", "common"]);
  const language = useLanguage();
  const seconds = useSecondsSince(running);
  return (
    <div className="ht-card">
      <div className="ht-reckoning" role="status">
        {!running ? (
          <>
            <span>{t("reckoning.stopped")}</span>
            <Button size="small" onClick={onStart}>{t("reckoning.again")}</Button>
          </>
        ) : seconds >= SAID_AFTER_SECONDS ? (
          <>
            <span>{t("reckoning.running", { time: formatDuration(seconds, language) })}</span>
            <Button size="small" onClick={onStop}>{t("common:cancel")}</Button>
          </>
        ) : null}
      </div>
      <Skeleton active={running} title={false} paragraph={{ rows }} />
    </div>
  );
}
