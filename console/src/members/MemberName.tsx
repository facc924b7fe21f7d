/** A member by name, with what has to be known beside it; as a link to the page where there is one. */
import { Link } from "@tanstack/react-router";
import { Tag } from "antd";
import { useTranslation } from "react-i18next";

import { SafeText } from "../kit/SafeText";

interface Named {
  id: string;
  name: string;
  is_bot?: boolean;
  is_anonymous?: boolean;
  is_sample?: boolean;
}

export function MemberTags({ member }: { member: Named }) {
  const { t } = useTranslation(["members", "shell", "common"]);
  return (
    <>
      {member.is_bot ? <Tag variant="outlined">{t("bot")}</Tag> : null}
      {member.is_anonymous ? <Tag variant="outlined">{t("visitor")}</Tag> : null}
      {member.is_sample ? <Tag variant="outlined">{t("shell:sample")}</Tag> : null}
    </>
  );
}

export function MemberLink({ member }: { member: Named }) {
  return (
    <Link to="/members/$memberId" params={{ memberId: member.id }} className="ht-member-link">
      <SafeText text={member.name} clip />
    </Link>
  );
}
