/** A tag: its colour as a dot, its name in words. Colour alone says nothing. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import type { Color, TagBrief } from "./queries";
import "./tags.css";

export function ColorDot({ color }: { color: Color }) {
  return <span className={`ht-tag-dot ht-tag-${color}`} aria-hidden />;
}

export function TagChip({ tag, children }: { tag: Pick<TagBrief, "name" | "color">; children?: React.ReactNode }) {
  return (
    <span className="ht-tag">
      <ColorDot color={tag.color} />
      <SafeText text={tag.name} clip />
      {children}
    </span>
  );
}

/** The chip as a way to everybody who has the tag. */
export function TagLink({ tag }: { tag: TagBrief }) {
  return (
    <Link to="/members" search={{ among: [`tag:${tag.id}`] }} className="ht-tag-link">
      <TagChip tag={tag} />
    </Link>
  );
}

const SHOWN_MAX = 3;

/** The tags of a member in a list. */
export function TagChips({ tags }: { tags: readonly TagBrief[] }) {
  const { t } = useTranslation(["tags", "common"]);
  const more = tags.length - SHOWN_MAX;
  return (
    <span className="ht-tag-chips" title={tags.map(({ name }) => plainText(name)).join("\n")}>
      {tags.slice(0, SHOWN_MAX).map((tag) => (
        <TagChip key={tag.id} tag={tag} />
      ))}
      {more > 0 ? <span className="ht-secondary">{t("more", { count: more })}</span> : null}
    </span>
  );
}
