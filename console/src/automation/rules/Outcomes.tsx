/** How each action went for somebody. */
import { useTranslation } from "react-i18next";

import { useLanguage } from "../../i18n/useLanguage";
import { plainText } from "../../kit/safeText";
import { useActions } from "../shared/queries";
import type { ActionUse } from "../shared/types";
import type { Outcome } from "./queries";
import { StateTag, WouldTag } from "./StateTag";

/** What the actions of a rule are called, by their ids within it. One that was taken out since is nameless. */
export function useActionNames(actions: readonly ActionUse[]): (id: string) => string {
  const language = useLanguage();
  const { data } = useActions();
  const kinds = new Map(data?.items.map((one) => [one.name, one[language]]));
  const names = new Map(actions.map(({ id, action }) => [id, kinds.get(action) ?? plainText(action)]));
  return (id) => names.get(id) ?? "";
}

/** "发送消息：没有可用的渠道" */
export function useOutcomeSaid(actions: readonly ActionUse[]): (one: Outcome) => string {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  const nameOf = useActionNames(actions);
  return (one) => {
    const [name, said] = [nameOf(one.id), one[language]];
    if (name === "" || said === "") return name || said || t(`state.${one.state}`);
    return t("log.outcome", { name, said });
  };
}

interface OutcomesProps {
  outcomes: readonly Outcome[];
  actions: readonly ActionUse[];
  label: string;
  /** Nothing was done: it only would be. */
  isTrial?: boolean;
}

export function Outcomes({ outcomes, actions, label, isTrial = false }: OutcomesProps) {
  const saidOf = useOutcomeSaid(actions);
  return (
    <ol className="ht-rule-outcomes" aria-label={label}>
      {outcomes.map((one) => (
        <li key={one.id}>
          {isTrial ? <WouldTag state={one.state} /> : <StateTag state={one.state} />} <span>{saidOf(one)}</span>
        </li>
      ))}
    </ol>
  );
}
