/** The places of the settings: what each is for, and who may see it. */
import {
  ApiOutlined,
  AuditOutlined,
  BlockOutlined,
  DashboardOutlined,
  FieldTimeOutlined,
  IdcardOutlined,
  KeyOutlined,
  MessageOutlined,
  ProfileOutlined,
  SafetyCertificateOutlined,
  TeamOutlined,
  UserOutlined,
} from "@ant-design/icons";

export const sections = [
  { key: "workspace", to: "/settings/workspace", permission: "workspace.read", icon: BlockOutlined },
  { key: "staff", to: "/settings/staff", permission: "staff.read", icon: TeamOutlined },
  { key: "roles", to: "/settings/roles", permission: "staff.read", icon: SafetyCertificateOutlined },
  { key: "attributes", to: "/settings/attributes", permission: "members.read", icon: IdcardOutlined },
  { key: "channels", to: "/settings/channels", permission: "channels.read", icon: MessageOutlined },
  { key: "sendingRules", to: "/settings/sending-rules", permission: "channels.read", icon: FieldTimeOutlined },
  { key: "sources", to: "/settings/sources", permission: "events.read", icon: ApiOutlined },
  { key: "eventTypes", to: "/settings/event-types", permission: "events.read", icon: ProfileOutlined },
  { key: "keys", to: "/settings/keys", permission: "keys.manage", icon: KeyOutlined },
  { key: "audit", to: "/settings/audit", permission: "audit.read", icon: AuditOutlined },
  { key: "system", to: "/settings/system", permission: "system.read", icon: DashboardOutlined },
  { key: "account", to: "/account", permission: null, icon: UserOutlined },
] as const;

export type SectionKey = (typeof sections)[number]["key"];
