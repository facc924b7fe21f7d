/** When people talk: by weekday and hour, in all or on average. */
import { useTranslation } from "react-i18next";

import { HeatCard } from "../cards";
import { Choice } from "./Choice";
import type { ViewProps } from "./view";

export function HoursView({ scope, search, change, onBehind }: ViewProps) {
  const { t } = useTranslation(["reports", "common"]);
  return (
    <>
      <div className="ht-choices">
        <Choice<"messages" | "average">
          label={t("hours.measure")}
          value={search.measure ?? "messages"}
          options={[
            { value: "messages", label: t("hours.messages") },
            { value: "average", label: t("hours.average") },
          ]}
          onChange={(next) => { change({ measure: next === "messages" ? undefined : next }); }}
        />
      </div>
      <HeatCard scope={scope} onBehind={onBehind} measure={search.measure ?? "messages"} height={400} />
    </>
  );
}
