/** "3 分钟前" within a day, the date beyond; the exact time and its zone on hover and for screen readers. */
import { Tooltip } from "antd";
import { useEffect, useState } from "react";

import { formatDateTime, formatRelative, formatZone, type Instant } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";

const TICK_MILLISECONDS = 30_000;
const DAY_MILLISECONDS = 86_400_000;

export function RelativeTime({ at, zone }: { at: Instant; zone: string }) {
  const language = useLanguage();
  const [now, setNow] = useState(() => new Date());
  const moment = new Date(at);
  const live = Math.abs(moment.getTime() - now.getTime()) < DAY_MILLISECONDS;

  useEffect(() => {
    if (!live) return;
    const timer = window.setInterval(() => {
      setNow(new Date());
    }, TICK_MILLISECONDS);
    return () => {
      window.clearInterval(timer);
    };
  }, [live]);

  const exact = `${formatDateTime(at, zone, language, now)} · ${formatZone(at, zone)}`;
  return (
    <Tooltip title={exact}>
      <time className="ht-time" dateTime={moment.toISOString()}>
        {formatRelative(at, zone, language, now)}
      </time>
    </Tooltip>
  );
}
