/** The tag that says how an account is. */
import { Tag } from "antd";
import { useTranslation } from "react-i18next";

import { CONDITION_COLOR, conditionOf } from "./health";
import type { Account } from "./queries";

export function ConditionTag({ account }: { account: Account }) {
  const { t } = useTranslation(["channels", "common"]);
  const condition = conditionOf(account);
  return <Tag color={CONDITION_COLOR[condition]} variant="filled">{t(`condition.${condition}`)}</Tag>;
}
