/** What a rule can belong to, and the way there. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { plainText } from "../../kit/safeText";
import type { Rule } from "./queries";

export type Owner = "keyword_reply" | "welcome" | "alert_rules";

/** Whose kind and id `follows` has: `keyword_reply:<id>`. */
export const ownerOf = ({ follows }: Rule) => follows.split(":") as [Owner, string];

export function OwnerLink({ rule }: { rule: Rule }) {
  const { t } = useTranslation(["automation", "common"]);
  const [kind, id] = ownerOf(rule);
  const said = t(`besides.owner.${kind}`, { name: plainText(rule.name) });
  switch (kind) {
    case "keyword_reply":
      return <Link to="/automation/replies/$ruleId" params={{ ruleId: id }}>{said}</Link>;
    case "welcome":
      return <Link to="/automation/welcomes/$welcomeId" params={{ welcomeId: id }}>{said}</Link>;
    case "alert_rules":
      return <Link to="/communities/alerts" search={{ tab: "rules" }} hash={id}>{said}</Link>;
  }
}
