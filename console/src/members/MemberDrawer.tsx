/** A member beside the list: enough to know who it is without leaving. */
import { Link } from "@tanstack/react-router";
import { Drawer, Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useSession } from "../app/session";
import { formatCount } from "../format/numbers";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { AttributeList } from "./Attributes";
import { Identities, MemberFacts } from "./MemberFacts";
import { MemberTags } from "./MemberName";
import { useMember, type Member } from "./queries";

function Body({ member }: { member: Member }) {
  const { t } = useTranslation(["members", "common"]);
  const { workspace } = useSession();
  return (
    <div className="ht-stack">
      {member.merged_into ? (
        <p>
          {t("merged.into")}{" "}
          <Link to="/members/$memberId" params={{ memberId: member.merged_into.id }}>
            <SafeText text={member.merged_into.name} />
          </Link>
        </p>
      ) : null}
      <MemberFacts member={member} zone={workspace.time_zone} />
      <section>
        <h2>{t("identity.title")}</h2>
        <Identities identities={member.identities} zone={workspace.time_zone} />
      </section>
      {member.attributes.length > 0 ? (
        <section>
          <h2>{t("attribute.title")}</h2>
          <AttributeList values={member.attributes} zone={workspace.time_zone} />
        </section>
      ) : null}
      {member.participations.length > 0 ? (
        <section>
          <h2>{t("participation.title")}</h2>
          <ul className="ht-lines">
            {member.participations.map(({ community, messages }) => (
              <li key={community.id}>
                <SafeText text={community.name} clip />
                <span className="ht-number">{t("participation.messages", { count: messages, shown: formatCount(messages) })}</span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}

export function MemberDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const { t } = useTranslation(["members", "common"]);
  const { data: member, error, refetch } = useMember(id);
  const shown = id === undefined ? undefined : member;
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      size={440}
      closable={{ "aria-label": t("drawer.close"), placement: "end" }}
      title={
        shown ? (
          <span className="ht-member-name">
            <SafeText text={shown.name} clip />
            <MemberTags member={shown} />
          </span>
        ) : (
          t("member")
        )
      }
      footer={
        id === undefined ? null : (
          <ButtonLink to="/members/$memberId" params={{ memberId: id }} type="primary" block>
            {t("drawer.open")}
          </ButtonLink>
        )
      }
    >
      {error && !shown ? (
        <ErrorState error={error} onRetry={() => void refetch()} compact />
      ) : shown ? (
        <Body member={shown} />
      ) : (
        <div role="status" aria-label={t("common:loading")}>
          <Skeleton active title={false} paragraph={{ rows: 8 }} />
        </div>
      )}
    </Drawer>
  );
}
