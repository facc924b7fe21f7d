/** Choosing a journey, found on the server as somebody types; the chosen one keeps its name wherever it stands in the list. */
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../../api/problem";
import { plainText } from "../../kit/safeText";
import { SafeText } from "../../kit/SafeText";
import { Select } from "../../kit/Select";
import { useSettled } from "../../segments/preview";
import { useFoundJourneys, useJourneyName } from "../journeys/queries";
import type { ChoiceProps } from "./choices";

const DELAY_MILLISECONDS = 250;
const TYPED_LENGTH_MAX = 100;
const GONE = 404;

export function JourneyChoice({ control, value, onChange, disabled }: ChoiceProps) {
  const { t } = useTranslation(["automation", "common"]);
  const [typed, setTyped] = useState("");
  const wanted = useSettled(typed.trim().slice(0, TYPED_LENGTH_MAX), DELAY_MILLISECONDS);
  const found = useFoundJourneys(wanted);
  const chosen = useJourneyName(value);
  const items = found.data?.items ?? [];
  const isGone = chosen.error instanceof ApiProblem && chosen.error.status === GONE;
  const name = items.find(({ id }) => id === value)?.name ?? chosen.data;
  const nothing = found.error ? t("field.journeysFailed") : found.isPending ? t("common:loading") : t(wanted === "" ? "field.journeyNone" : "field.journeyNoMatch");
  return (
    <Select
      {...control}
      className="ht-wide"
      disabled={disabled}
      loading={found.isFetching || chosen.isLoading}
      placeholder={t("field.journeyHint")}
      notFoundContent={nothing}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      labelInValue
      value={value === null ? null : { value, label: isGone ? t("field.gone") : plainText(name ?? "") }}
      options={items.map((one) => ({ value: one.id, label: plainText(one.name), state: one.state }))}
      optionRender={({ data: { label, state } }) => (
        <span className="ht-search-option">
          <SafeText text={label} clip />
          {state === "on" ? null : <span className="ht-secondary">{t(`field.journeyState.${state}`)}</span>}
        </span>
      )}
      onChange={(next: { value: string; label: string } | null) => { onChange(next?.value); }}
    />
  );
}
