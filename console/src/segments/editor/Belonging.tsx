/** Whether somebody has a tag, is in a segment, community or group, has agreed: yes or no, said in the words of each. "No" is the row negated. */
import { useTranslation } from "react-i18next";

import { Select } from "../../kit/Select";
import { useEditing } from "./context";
import type { BelongingLeaf } from "./language";
import { Part } from "./Part";

export function Belonging({ leaf, negated, onToggle }: { leaf: BelongingLeaf; negated: boolean; onToggle: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const { disabled } = useEditing();
  return (
    <Part at="belongs" label={t("editor.operator")} className="ht-ce-operator">
      {(control) => (
        <Select
          {...control}
          disabled={disabled}
          value={negated ? "not" : "is"}
          popupMatchSelectWidth={false}
          options={[
            { value: "is", label: t(`editor.has.${leaf.kind}`) },
            { value: "not", label: t(`editor.hasNot.${leaf.kind}`) },
          ]}
          onChange={onToggle}
        />
      )}
    </Part>
  );
}
