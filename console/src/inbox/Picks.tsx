/** Scripts offered while one types `/`: with the arrows and Enter, or by pointing. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { SafeText } from "../kit/SafeText";
import { PICKS, type Script } from "./queries";

/** What `/word` may mean; nothing is asked while it is undefined. */
export function usePicks(word: string | undefined): readonly Script[] | undefined {
  const path = useWorkspacePath();
  const { data } = $api.useQuery("get", PICKS, { params: { path, query: { q: word ?? "" } } }, { enabled: word !== undefined, placeholderData: (previous) => previous });
  return word === undefined ? undefined : data?.items;
}

export function Picks({ id, picks, at, onPick }: { id: string; picks: readonly Script[]; at: number; onPick: (script: Script) => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);
  if (picks.length === 0) return <p className="ht-picks ht-secondary" role="status">{t("compose.noScripts")}</p>;
  return (
    <div className="ht-picks" id={id} role="listbox" aria-label={t("compose.scripts")} ref={place} tabIndex={-1}>
      {picks.map((script, index) => (
        // The box keeps the focus and says which one is meant: keys are handled there.
        <div
          key={script.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onMouseDown={(event) => { event.preventDefault(); }}
          onClick={() => { onPick(script); }}
        >
          <strong><SafeText text={script.title} clip /></strong>
          {script.shortcut ? <code>/{script.shortcut}</code> : null}
          <span className="ht-secondary"><SafeText text={script.text} clip /></span>
        </div>
      ))}
    </div>
  );
}
