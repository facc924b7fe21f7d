/** How each action went for somebody. */
import { useLanguage } from "../../i18n/useLanguage";
import type { Outcome } from "./queries";
import { StateTag } from "./StateTag";

export function Outcomes({ outcomes, label }: { outcomes: readonly Outcome[]; label: string }) {
  const language = useLanguage();
  return (
    <ol className="ht-rule-outcomes" aria-label={label}>
      {outcomes.map((one) => (
        <li key={one.id}>
          <StateTag state={one.state} /> <span>{one[language]}</span>
        </li>
      ))}
    </ol>
  );
}
