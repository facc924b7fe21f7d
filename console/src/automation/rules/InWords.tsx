/** The rule in words, as it is now: what the server reads out of each part. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ReactNode } from "react";

import { useWorkspacePath } from "../../app/session";
import { useLanguage } from "../../i18n/useLanguage";
import type { ValueType } from "../../segments/editor/language";
import { missingIn } from "../../segments/editor/problems";
import { useSettled } from "../../segments/preview";
import { askSentence, useVocabulary } from "../../segments/queries";
import { typeOrText } from "../../segments/editor/leaf";
import { useActionSaid, useActions, useTriggerSaid } from "../shared/queries";
import type { Trigger } from "../shared/trigger";
import type { ActionKind, ActionUse, Settings } from "../shared/types";
import type { Draft } from "./draft";

const DELAY_MILLISECONDS = 400;

interface Said {
  zh: string;
  en: string;
}

/** Something that is not finished is said to be so; while words are on their way the former stand. */
function Words({ said, unfinished }: { said: Said | undefined; unfinished: boolean }): ReactNode {
  const { t } = useTranslation(["automation", "common"]);
  const language = useLanguage();
  if (unfinished) return <span className="ht-secondary">{t("words.unfinished")}</span>;
  return said ? said[language] : <span className="ht-secondary">…</span>;
}

function OfTrigger({ trigger }: { trigger: Trigger }) {
  const { data, isUnfinished } = useTriggerSaid(trigger);
  return <Words said={data} unfinished={isUnfinished} />;
}

function OfKind({ kind, settings }: { kind: ActionKind; settings: Settings }) {
  const { data, isUnfinished } = useActionSaid(kind, settings);
  return <Words said={data} unfinished={isUnfinished} />;
}

function OfAction({ action: { action, settings } }: { action: ActionUse }) {
  const { data } = useActions();
  const kind = data?.items.find(({ name }) => name === action);
  return kind ? <OfKind kind={kind} settings={settings} /> : <Words said={undefined} unfinished={data !== undefined} />;
}

function OfCondition({ condition }: { condition: NonNullable<Draft["condition"]> }) {
  const { workspace_id } = useWorkspacePath();
  const { data: vocabulary } = useVocabulary();
  const settled = useSettled(condition, DELAY_MILLISECONDS);
  const types = new Map(vocabulary?.attributes.map(({ key, type }) => [key, type]));
  const typeOf = (key: string): ValueType => typeOrText(types.get(key));
  const whole = vocabulary !== undefined && missingIn(settled, typeOf).length === 0;
  const { data, error } = useQuery<Said>({ queryKey: ["condition-said", workspace_id, settled], queryFn: ({ signal }) => askSentence(workspace_id, settled, signal), enabled: whole, placeholderData: (before) => before, retry: false });
  return <Words said={data} unfinished={!whole || error !== null} />;
}

/** `when`: said instead of the trigger. */
export function InWords({ draft, when }: { draft: Draft; when?: string }) {
  const { t } = useTranslation(["automation", "common"]);
  return (
    <section className="ht-card ht-rule-words" aria-labelledby="rule-words">
      <h2 id="rule-words">{t("words.title")}</h2>
      <dl>
        <dt>{t("words.when")}</dt>
        <dd>{when ?? <OfTrigger trigger={draft.trigger} />}</dd>
        {draft.condition ? (
          <>
            <dt>{t("words.if")}</dt>
            <dd><OfCondition condition={draft.condition} /></dd>
          </>
        ) : null}
        <dt>{t("words.then")}</dt>
        <dd>
          {draft.actions.length === 0 ? <span className="ht-secondary">{t("words.nothing")}</span> : <ol>{draft.actions.map((one) => <li key={one.id}><OfAction action={one} /></li>)}</ol>}
        </dd>
      </dl>
    </section>
  );
}
