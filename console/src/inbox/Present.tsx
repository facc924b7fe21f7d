/** Who else is at a conversation: "王芳 正在写回复". */
import { EditOutlined, EyeOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import { plainText } from "../kit/safeText";
import type { Present as Person } from "./presence";

const NAMED_MAX = 2;

/** In the list only who writes and who looks first is named; the header names two. */
export function Present({ people, short = false }: { people: readonly Person[] | undefined; short?: boolean }) {
  const { t } = useTranslation(["inbox", "common"]);
  const first = people?.[0];
  if (people === undefined || first === undefined) return null;
  const alike = people.filter(({ doing }) => doing === first.doing);
  const named = alike.slice(0, short ? 1 : NAMED_MAX).map(({ name }) => plainText(name));
  const names = named.join(t("present.and"));
  const more = alike.length - named.length;
  return (
    <span className="ht-present" data-doing={first.doing}>
      {first.doing === "writing" ? <EditOutlined aria-hidden /> : <EyeOutlined aria-hidden />}
      <span className="ht-clip">{t(`present.${first.doing}`, { names: more > 0 ? t("present.more", { names, count: more }) : names, count: alike.length })}</span>
    </span>
  );
}
