/** Values of attributes as people read them. */
import type { components } from "../api/schema.gen";
import type { Language } from "../i18n/language";

export type AttributeType = components["schemas"]["AttributeOut"]["type"];

interface Named {
  name_zh: string;
  name_en: string;
}

export const attributeName = (kind: Named, language: Language): string => (language === "zh" ? kind.name_zh : kind.name_en);

/** 1990年5月17日 / 17 May 1990; a birthday whose year is not known: 5月17日 / 17 May. */
function dayText(value: string, language: Language): string {
  const parts = value.split("-").map(Number);
  const [month = 0, day = 0] = parts.slice(-2);
  const year = parts.length === 3 ? parts[0] : undefined;
  if (language === "zh") return `${year === undefined ? "" : `${year}年`}${month}月${day}日`;
  const name = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" }).format(new Date(Date.UTC(2000, month - 1, 1)));
  return `${day} ${name}${year === undefined ? "" : ` ${year}`}`;
}

const DAY = /^(\d{4}-)?\d{2}-\d{2}$/;

/** Every type has its value in its own form; what does not fit is shown as it is. */
export function attributeText(type: AttributeType, value: unknown, language: Language, yesNo: (value: boolean) => string): string {
  if (type === "boolean" && typeof value === "boolean") return yesNo(value);
  if (type === "list" && Array.isArray(value)) return value.map(String).join(language === "zh" ? "、" : ", ");
  if ((type === "date" || type === "birthday") && typeof value === "string" && DAY.test(value)) return dayText(value, language);
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : JSON.stringify(value);
}
