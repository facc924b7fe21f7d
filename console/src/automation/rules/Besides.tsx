/** What else is done where a keyword is answered, somebody welcomed or kept waiting: the actions, and how they went lately. */
import { Link } from "@tanstack/react-router";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { components } from "../../api/schema.gen";
import { useMay } from "../../app/session";
import { formatCount } from "../../format/numbers";
import { under, type Errors } from "../shared/errors";
import type { ActionUse } from "../shared/types";
import { ActionList } from "./ActionList";
import type { Owner } from "./owners";
import "../../members/members.css";
import "./rules.css";

type Following = components["schemas"]["FollowingOut"];

/** What tells of it, whose properties can stand in texts. */
const EVENTS: Record<Owner, string> = { keyword_reply: "keyword_replied", welcome: "welcomed", alert_rules: "kept_waiting" };

interface BesidesProps {
  of: Owner;
  value: readonly ActionUse[];
  onChange: (actions: ActionUse[]) => void;
  /** As it is saved; undefined: of something new. */
  following: Following | undefined;
  /** As seen from the whole form: `actions.0.settings.tag_id`. */
  errors: Errors;
  disabled: boolean;
  /** Within a card of its owner's. */
  isWithin?: boolean;
  children?: ReactNode;
}

export function Besides({ of, value, onChange, following, errors, disabled, isWithin = false, children }: BesidesProps) {
  const { t } = useTranslation(["automation", "common"]);
  const id = useId();
  const mayRead = useMay("automations.read");
  const Heading = isWithin ? "h3" : "h2";
  if (!mayRead) return null;
  return (
    <section className={isWithin ? "ht-auto-form" : "ht-card ht-auto-form"} aria-labelledby={id}>
      <Heading id={id} {...(isWithin ? { className: "ht-field-label" } : {})}>{t("besides.title")}</Heading>
      <p className="ht-secondary">{t(`besides.about.${of}`)}</p>
      <ActionList value={value} onChange={onChange} errors={under(errors, "actions")} disabled={disabled} event={EVENTS[of]} />
      {following?.rule_id ? (
        <p className="ht-rule-week">
          <span className="ht-secondary">{t("besides.week", { done: formatCount(following.done), skipped: formatCount(following.skipped), failed: formatCount(following.failed) })}</span>
          <Link to="/automation/rules/$ruleId" params={{ ruleId: following.rule_id }}>{t("besides.log")}</Link>
        </p>
      ) : null}
      {children}
    </section>
  );
}
