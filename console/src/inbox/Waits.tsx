/** For how long somebody has been waiting, louder the longer it is. */
import { ClockCircleOutlined } from "@ant-design/icons";
import { Tooltip } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../app/session";
import { formatDateTime } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";

const TICK_MILLISECONDS = 30_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SOON = 10 * MINUTE; // up to here nobody minds

export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => { setNow(Date.now()); }, TICK_MILLISECONDS);
    return () => { window.clearInterval(timer); };
  }, []);
  return now;
}

export function Waits({ since }: { since: string }) {
  const { t } = useTranslation(["inbox", "common"]);
  const language = useLanguage();
  const zone = useSession().workspace.time_zone;
  const waited = Math.max(0, useNow() - Date.parse(since));
  const [unit, length] = waited < HOUR ? (["minutes", MINUTE] as const) : waited < DAY ? (["hours", HOUR] as const) : (["days", DAY] as const);
  const count = Math.floor(waited / length);
  return (
    <Tooltip title={t("waits.since", { at: formatDateTime(since, zone, language) })}>
      <span className="ht-waits" data-tone={waited < SOON ? "calm" : waited < HOUR ? "warning" : "danger"}>
        <ClockCircleOutlined aria-hidden /> {count === 0 ? t("waits.now") : t(`waits.${unit}`, { count })}
      </span>
    </Tooltip>
  );
}
