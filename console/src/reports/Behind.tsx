/** The members behind a point of a chart, in a drawer. */
import { Drawer, Skeleton } from "antd";
import { lazy, Suspense, useState } from "react";

import { useMay } from "../app/session";
import { addDays } from "../format/dates";
import type { BehindQuery } from "./queries";
import type { Days } from "./scope";

type Kind = BehindQuery["kind"];

export interface BehindPoint {
  query: BehindQuery;
  /** "日均活跃 · 10月24日 周六" */
  title: string;
}

/** Whose list stands behind a metric's figure; a metric without an entry is no number of members. */
const KIND_OF: Readonly<Record<string, Kind>> = {
  members: "members",
  new: "new",
  returned: "returned",
  left: "left",
  active: "active",
  dau: "active",
  dau_last: "active",
  wau: "active",
  mau: "active",
  stickiness: "active",
  messages: "speakers",
  speakers: "speakers",
  speaker_share: "speakers",
  messages_per_speaker: "speakers",
  replies: "repliers",
  reply_share: "repliers",
};
/** Metrics that look back from the last day of their bucket, and how far. */
const DAYS_OF: Readonly<Record<string, number>> = { dau_last: 1, wau: 7, mau: 30, stickiness: 30 };

/** The days whose members a figure counts. */
export function daysBehind(metric: string, { from, to }: Days): Days {
  const days = DAYS_OF[metric];
  return days === undefined ? { from, to } : { from: addDays(to, 1 - days), to };
}

export const kindBehind = (metric: string): Kind | undefined => KIND_OF[metric];

// The table is loaded with the first point that is opened: no chart has to wait for it.
const BehindMembers = lazy(() => import("./BehindMembers"));

/** `open` is undefined for those who may not see members. */
export function useBehind(): { open: ((point: BehindPoint) => void) | undefined; drawer: React.ReactNode } {
  const may = useMay("members.read");
  const [point, setPoint] = useState<BehindPoint | null>(null);
  const [shown, setShown] = useState(false);
  return {
    open: may
      ? (next) => {
          setPoint(next);
          setShown(true);
        }
      : undefined,
    drawer: (
      <Drawer
        open={shown}
        onClose={() => {
          setShown(false);
        }}
        title={point?.title}
        size={480}
        destroyOnHidden
      >
        {point ? (
          <Suspense fallback={<Skeleton active paragraph={{ rows: 10 }} />}>
            <BehindMembers {...point} />
          </Suspense>
        ) : null}
      </Drawer>
    ),
  };
}
