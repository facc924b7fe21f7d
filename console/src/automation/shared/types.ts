/** Actions as the API tells of them and takes them. */
import type { components } from "../../api/schema.gen";

type Schemas = components["schemas"];
export type ActionKind = Schemas["AutomationActionOut"];
export type Field = Schemas["ActionFieldOut"];
/** An action as a rule or a node of a journey holds it. */
export type ActionUse = Schemas["RuleAction"];
export type Settings = Readonly<Record<string, unknown>>;
/** When something acts; 1 is Monday. */
export type Hours = Schemas["RuleHours"];
