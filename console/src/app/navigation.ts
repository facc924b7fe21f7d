/** The nine places of the menu, in their fixed order. A place without `to` has no page yet and is not shown. */
import {
  AppstoreOutlined,
  BarChartOutlined,
  CalendarOutlined,
  HomeOutlined,
  SafetyOutlined,
  SettingOutlined,
  TeamOutlined,
  ThunderboltOutlined,
  UserOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";

export const navigation = [
  { key: "home", icon: HomeOutlined, to: "/" },
  { key: "members", icon: UserOutlined, to: "/members" },
  { key: "communities", icon: TeamOutlined, to: "/communities" },
  { key: "content", icon: CalendarOutlined, to: "/content/broadcasts" },
  { key: "campaigns", icon: AppstoreOutlined },
  { key: "automation", icon: ThunderboltOutlined, to: "/automation" },
  { key: "safety", icon: SafetyOutlined },
  { key: "analytics", icon: BarChartOutlined, to: "/analytics" },
  { key: "settings", icon: SettingOutlined, to: "/settings" },
] as const;

type Place = (typeof navigation)[number];
export type OpenPlace = Extract<Place, { to: string }>;

export const openPlaces: readonly OpenPlace[] = navigation.filter((place): place is OpenPlace => "to" in place);

export type NavigationIcon = ComponentType<{ "aria-hidden"?: boolean }>;
