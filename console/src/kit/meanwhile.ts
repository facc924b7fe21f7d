/** Two people edit one thing: what each of them changed is kept, and what both did is told. */
import { useState } from "react";

import type { ApiProblem } from "../api/problem";

/** What of a form is changed, and settled, as one; its first field stands for them all. */
export type Part<Form> = readonly [keyof Form, ...(keyof Form)[]];

/** Somebody else saved meanwhile: who, what both changed, and both forms, so that none is lost. */
export interface Conflict<Form> {
  by: string;
  contested: readonly (keyof Form)[];
  mine: Form;
  theirs: Form;
}

const differ = <Form>(one: Form, other: Form, part: Part<Form>): boolean => part.some((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));

/** What I changed stays mine, what only they changed is theirs; `contested`: both changed it, differently. */
export function merged<Form extends object, P extends Part<Form>>(mine: Form, base: Form, theirs: Form, parts: readonly P[]): { both: Form; contested: P[0][] } {
  const changed = parts.filter((part) => differ(mine, base, part));
  const both = { ...theirs };
  for (const name of changed.flat() as (keyof Form)[]) both[name] = mine[name];
  return { both, contested: changed.filter((part) => differ(theirs, base, part) && differ(theirs, mine, part)).map(([name]) => name) };
}

/** Who saved it, of an error that says so. */
export const savedBy = ({ params: { by } }: ApiProblem): string => (typeof by === "string" ? by : "");

interface Base<Form> {
  draft: Form;
  version: number;
}

/**
 * A form while it is written. `start` and `version` are of what is saved now; `found`: what is written already, and from what. What somebody
 * else saved shows at once where nothing is written here.
 */
export function useMeanwhile<Form extends object>(start: Form, version: number, parts: readonly Part<Form>[], found?: { draft: Form; base: Base<Form> } | null) {
  const [base, setBase] = useState(found?.base ?? { draft: start, version });
  const [draft, setDraft] = useState(found?.draft ?? start);
  const [conflict, setConflict] = useState<Conflict<Form> | null>(null);
  const same = (one: Form, other: Form) => !parts.some((part) => differ(one, other, part));
  const isDirty = !same(draft, base.draft);
  if (version > base.version && (!isDirty || same(start, base.draft))) {
    setBase({ draft: start, version });
    if (!isDirty) setDraft(start);
  }
  return {
    draft,
    setDraft,
    base,
    isDirty,
    conflict,
    /** It is as it was saved. */
    begin: (saved: Form, at: number) => {
      setBase({ draft: saved, version: at });
      setDraft(saved);
      setConflict(null);
    },
    /** Somebody else was first: both are brought together, to be saved from there. */
    meet: (by: string, theirs: Form, at: number) => {
      const { both, contested } = merged(draft, base.draft, theirs, parts);
      setBase({ draft: theirs, version: at });
      setDraft(both);
      setConflict({ by, contested, mine: both, theirs });
    },
  };
}
