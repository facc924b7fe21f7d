/** The state of a rule while it is written: kept in this browser, saved, and brought together with what somebody else saved meanwhile. */
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { $api, api } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { useWorkspacePath } from "../../app/session";
import { savedBy, useMeanwhile } from "../../kit/meanwhile";
import type { ValueType } from "../../segments/editor/language";
import { typeOrText } from "../../segments/editor/leaf";
import { useVocabulary } from "../../segments/queries";
import { errorsOf, NO_ERRORS, type Errors } from "../shared/errors";
import { useActions } from "../shared/queries";
import { bodyOf, draftOf, dropDraft, keepDraft, missing, PARTS, readDraft, sameDraft, stillTrue, type Draft } from "./draft";
import { RULE, RULES, useRulesChanged, type Rule, type RuleBody } from "./queries";

const PLACED = /^(?:name|description|community_id|trigger|condition|actions|cooldown_seconds|cap_times|cap_days|hours|priority|is_last)(?:[./]|$)/u;

interface Begin {
  rule: Rule | null;
  start: Draft;
  preset: string;
  needs: readonly string[];
  onSaved: (rule: Rule) => Promise<void>;
}

export function useRuleDraft({ rule, start, preset, needs, onSaved }: Begin) {
  const { t } = useTranslation(["automation", "segments", "common"]);
  const path = useWorkspacePath();
  const { workspace_id } = path;
  const id = rule?.id ?? `new.${preset}`;
  const changed = useRulesChanged();
  const { data: actions } = useActions();
  const { data: vocabulary } = useVocabulary();
  const kinds = useMemo(() => actions?.items ?? [], [actions]);
  const types = useMemo(() => new Map(vocabulary?.attributes.map(({ key, type }) => [key, type])), [vocabulary]);
  const typeOf = (key: string): ValueType => typeOrText(types.get(key));

  const [found] = useState(() => readDraft(workspace_id, id));
  const [restored, setRestored] = useState(found !== null && !sameDraft(found.draft, start) ? found : null);
  const version = rule?.version ?? 0;
  const { draft, setDraft, base, isDirty, conflict, begin, meet } = useMeanwhile(start, version, PARTS, restored && { draft: restored.draft, base: { draft: restored.base, version: restored.version } });
  const [errors, setErrors] = useState<Errors>(() => (restored ? NO_ERRORS : needs.map((field) => ({ field, message: t("preset.needed") }))));
  const [failure, setFailure] = useState<unknown>(null);
  const [attention, setAttention] = useState(0);
  const saved = useRef(false);

  useEffect(() => {
    if (saved.current) return;
    if (isDirty) keepDraft(workspace_id, id, { draft, base: base.draft, at: new Date().toISOString(), version: base.version });
    else dropDraft(workspace_id, id);
  }, [draft, isDirty, workspace_id, id, base]);

  const edit = (change: Partial<Draft>) => {
    const next = { ...draft, ...change };
    setDraft(next);
    setErrors(stillTrue(errors, draft, next));
  };
  const put = (next: Draft) => {
    setDraft(next);
    setErrors(NO_ERRORS);
    setFailure(null);
  };

  /** False where something is plainly missing: it is said at its field then. */
  function complete(): boolean {
    const lacks = missing(draft, kinds, typeOf);
    setErrors(lacks.map(({ field, ...lack }) => ({ field, message: lack.of === "condition" ? t(`segments:editor.missing.${lack.lack}`) : t(`missing.${lack.lack}`) })));
    if (lacks.length > 0) setAttention((before) => before + 1);
    return lacks.length === 0;
  }

  async function settle(problem: ApiProblem, before: Rule) {
    const { data: latest } = await api.GET(RULE, { params: { path: { ...path, rule_id: before.id } } });
    if (latest) meet(savedBy(problem), draftOf(latest), latest.version);
  }

  const create = $api.useMutation("post", RULES);
  const change = $api.useMutation("patch", RULE);

  async function save() {
    setFailure(null);
    if (!complete()) return;
    const body = bodyOf(draft, kinds);
    try {
      const made = rule ? await change.mutateAsync({ params: { path: { ...path, rule_id: rule.id } }, body: { ...body, version: base.version } }) : await create.mutateAsync({ params: { path }, body: { ...body, preset } });
      saved.current = rule === null;
      dropDraft(workspace_id, id);
      begin(draftOf(made), made.version);
      setRestored(null);
      await changed();
      await onSaved(made);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.code === "rule_changed" && rule) await settle(error, rule);
      else if (error.code === "rule_name_taken") refuse([{ field: "name", message: error.detail }]);
      else {
        const told = errorsOf(error);
        const placed = told.filter(({ field }) => PLACED.test(field));
        if (placed.length > 0) refuse(placed);
        if (placed.length === 0 || placed.length < told.length || error.status === 403) setFailure(error);
      }
    }
  }

  function refuse(told: Errors) {
    setErrors(told);
    setAttention((before) => before + 1);
  }

  return {
    draft,
    edit,
    errors,
    failure,
    attention,
    conflict,
    restored,
    isDirty,
    saved,
    save,
    isSaving: create.isPending || change.isPending,
    /** The rule as it can be tried; null while something is missing. */
    trial: (): RuleBody | null => (complete() ? { ...bodyOf(draft, kinds), preset } : null),
    put,
    drop: () => {
      saved.current = true;
      dropDraft(workspace_id, id);
    },
    startAnew: () => {
      begin(start, version);
      put(start);
      setRestored(null);
    },
  };
}
