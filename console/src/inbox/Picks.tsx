/** What may be meant by what is typed, a script after `/` or a colleague after `@`: chosen with the arrows and Enter, or by pointing. */
import { useEffect, useRef } from "react";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { SafeText } from "../kit/SafeText";
import type { Colleague } from "./mentions";
import { PICKS, useStaff, type Script } from "./queries";

const COLLEAGUES_MAX = 8;

export interface Pick {
  id: string;
  title: string;
  shortcut?: string;
  text?: string;
}

/** The scripts that `/word` may mean; nothing is asked while it is undefined. */
export function useScriptPicks(word: string | undefined): readonly Script[] | undefined {
  const path = useWorkspacePath();
  const { data } = $api.useQuery("get", PICKS, { params: { path, query: { q: word ?? "" } } }, { enabled: word !== undefined, placeholderData: (previous) => previous });
  return word === undefined ? undefined : data?.items;
}

/** The colleagues that `@word` may mean; undefined where it means nobody. */
export function useColleaguePicks(word: string | undefined): readonly Colleague[] | undefined {
  const { data } = useStaff();
  if (word === undefined) return undefined;
  const found = data?.items.filter(({ name }) => name.toLowerCase().includes(word.toLowerCase())).slice(0, COLLEAGUES_MAX);
  return found?.length ? found : undefined;
}

interface PicksProps {
  id: string;
  label: string;
  /** What is said where there is nothing to choose. */
  nothing: string;
  picks: readonly Pick[];
  at: number;
  onPick: (index: number) => void;
}

export function Picks({ id, label, nothing, picks, at, onPick }: PicksProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);
  if (picks.length === 0) return <p className="ht-picks ht-secondary" role="status">{nothing}</p>;
  return (
    <div className="ht-picks" id={id} role="listbox" aria-label={label} ref={place} tabIndex={-1}>
      {picks.map((pick, index) => (
        // The box keeps the focus and says which one is meant: keys are handled there.
        <div
          key={pick.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onMouseDown={(event) => { event.preventDefault(); }}
          onClick={() => { onPick(index); }}
        >
          <strong><SafeText text={pick.title} clip /></strong>
          {pick.shortcut ? <code>/{pick.shortcut}</code> : null}
          {pick.text ? <span className="ht-secondary"><SafeText text={pick.text} clip /></span> : null}
        </div>
      ))}
    </div>
  );
}
