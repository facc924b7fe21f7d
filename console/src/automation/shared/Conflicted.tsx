/** Somebody else saved meanwhile: who, what both changed, and the choice between the two. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import type automation from "../../i18n/zh/automation.json";
import type { Conflict } from "../../kit/meanwhile";
import { plainText } from "../../kit/safeText";

/** Parts that have a word. */
type Named = keyof typeof automation.part;

interface ConflictedProps<Form> {
  conflict: Conflict<Form>;
  draft: Form;
  onTake: (form: Form) => void;
}

export function Conflicted<Form extends Partial<Record<Named, unknown>>>({ conflict: { by, contested, mine, theirs }, draft, onTake }: ConflictedProps<Form>) {
  const { t } = useTranslation(["automation", "common"]);
  const isTheirs = JSON.stringify(draft) === JSON.stringify(theirs);
  const parts = contested.map((part) => t(`part.${part as Named}`)).join(t("separator"));
  return (
    <div className="ht-notice" role="alert" ref={(place) => { place?.scrollIntoView({ block: "nearest" }); }}>
      <p><strong>{t("conflict.title", { by: plainText(by) })}</strong></p>
      <p>{contested.length === 0 ? t("conflict.merged") : t("conflict.contested", { parts })}</p>
      <p><Button size="small" onClick={() => { onTake(isTheirs ? mine : theirs); }}>{t(isTheirs ? "conflict.mine" : "conflict.theirs")}</Button></p>
    </div>
  );
}
