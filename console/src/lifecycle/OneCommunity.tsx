/** Stages and scores are of one community: that of the switcher, or the only one; else it is asked which. */
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useCommunity } from "../app/CommunitySwitcher";
import { useSession, type SessionCommunity } from "../app/session";
import { NothingYet } from "../kit/EmptyState";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";

export function useOneCommunity(): SessionCommunity | null {
  const { communities } = useSession();
  const chosen = useCommunity();
  return chosen ?? (communities.length === 1 ? (communities[0] ?? null) : null);
}

export function ChooseCommunity({ title, body, guide }: { title: string; body: string; guide: string }): ReactNode {
  const { t } = useTranslation(["lifecycle", "common"]);
  const { communities } = useSession();
  const navigate = useNavigate();
  return (
    <div className="ht-card">
      <NothingYet
        title={title}
        body={body}
        guide={guide}
        action={
          communities.length === 0 ? null : (
            <Select
              className="ht-life-choose"
              aria-label={t("choose")}
              placeholder={t("choose")}
              options={communities.map(({ id, name }) => ({ value: id, label: plainText(name) }))}
              onChange={(community: string) => void navigate({ to: ".", search: ((previous: object) => ({ ...previous, community })) as never })}
            />
          )
        }
      />
    </div>
  );
}
