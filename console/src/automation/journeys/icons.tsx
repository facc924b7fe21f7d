/** The sign of each kind of node; actions have the sign of what they are about. */
import {
  AimOutlined,
  BranchesOutlined,
  CalendarOutlined,
  ClockCircleOutlined,
  DashboardOutlined,
  EnterOutlined,
  FieldTimeOutlined,
  ForkOutlined,
  HourglassOutlined,
  LogoutOutlined,
  MergeCellsOutlined,
  PercentageOutlined,
  ThunderboltOutlined,
  UserAddOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";

import { ACTION_ICONS } from "../shared/ActionPicker";
import type { ActionKind } from "../shared/types";
import type { Kind } from "./graph";

type Icon = ComponentType<{ "aria-hidden"?: boolean }>;

export const KIND_ICONS: Record<Kind, Icon> = {
  entry: UserAddOutlined,
  exit: LogoutOutlined,
  goal: AimOutlined,
  wait: HourglassOutlined,
  wait_time: ClockCircleOutlined,
  wait_date: CalendarOutlined,
  wait_event: FieldTimeOutlined,
  branch: BranchesOutlined,
  event_branch: ForkOutlined,
  split: PercentageOutlined,
  action: ThunderboltOutlined,
  limit: DashboardOutlined,
  join: MergeCellsOutlined,
  go_to: EnterOutlined,
};

export type Tone = "way" | "wait" | "turn" | "action" | "flow";
export const TONES: Record<Kind, Tone> = {
  entry: "way",
  exit: "way",
  goal: "way",
  wait: "wait",
  wait_time: "wait",
  wait_date: "wait",
  wait_event: "wait",
  branch: "turn",
  event_branch: "turn",
  split: "turn",
  action: "action",
  limit: "flow",
  join: "flow",
  go_to: "flow",
};

export function StepIcon({ kind, action }: { kind: Kind; action?: ActionKind | undefined }) {
  const Found = kind === "action" && action ? ACTION_ICONS[action.kind] : KIND_ICONS[kind];
  return (
    <span className="ht-jn-icon" data-tone={TONES[kind]}>
      <Found aria-hidden />
    </span>
  );
}
