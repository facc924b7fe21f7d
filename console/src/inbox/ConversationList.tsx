/** The list of the inbox: who wrote, what last, since when they wait, whose it is, and who is at it now. */
import { MailOutlined, TeamOutlined } from "@ant-design/icons";
import { Button, Skeleton, Tooltip } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../app/session";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { RelativeTime } from "../kit/RelativeTime";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { draftOf } from "./drafts";
import type { Present as Person } from "./presence";
import { Present } from "./Present";
import type { Conversation, useConversations } from "./queries";
import { Waits } from "./Waits";

interface ListProps {
  list: ReturnType<typeof useConversations>;
  rows: readonly Conversation[];
  others: ReadonlyMap<string, readonly Person[]>;
  chosen: string | undefined;
  isFiltered: boolean;
  onChoose: (id: string) => void;
  onClear: () => void;
}

/** The first letter of a name, as people see it; signs and spaces before it are passed over. */
const initial = (name: string) => /[\p{L}\p{N}]/u.exec(plainText(name))?.[0].toUpperCase() ?? "·";

function Assignee({ name, isMe }: { name: string; isMe: boolean }) {
  const { t } = useTranslation(["inbox", "common"]);
  const label = t("list.assigned", { name: plainText(name) });
  return (
    <Tooltip title={label}>
      <span className="ht-assignee" data-me={isMe} role="img" aria-label={label}>{initial(name)}</span>
    </Tooltip>
  );
}

interface RowProps {
  one: Conversation;
  people: readonly Person[] | undefined;
  isChosen: boolean;
  onChoose: (id: string) => void;
}

function Row({ one, people, isChosen, onChoose }: RowProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const { workspace, user } = useSession();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isChosen) button.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  const draft = isChosen ? "" : draftOf(user.id, one.id); // what is open shows its own
  return (
    <li>
      <button ref={button} type="button" className="ht-inbox-row" data-waits={one.waiting_since !== null} aria-current={isChosen ? "true" : undefined} onClick={() => { onChoose(one.id); }}>
        <span className="ht-avatar" aria-hidden>{initial(one.name)}</span>
        <span className="ht-inbox-row-head">
          <strong><SafeText text={one.name} clip /></strong>
          <span className="ht-secondary"><RelativeTime at={one.last_at} zone={workspace.time_zone} /></span>
        </span>
        <span className="ht-inbox-excerpt">
          {draft ? (
            <><em className="ht-draft">{t("list.draft")}</em><SafeText text={draft} clip /></>
          ) : (
            <>
              {one.last_failed ? <span className="ht-draft">{t("list.failed")}</span> : one.last_direction === "out" ? <span className="ht-inbox-us">{t("list.us")}</span> : null}
              {one.last_excerpt ? <SafeText text={one.last_excerpt} clip /> : <span>{t(one.last_has_files ? "list.files" : "thread.recalled")}</span>}
            </>
          )}
        </span>
        <span className="ht-inbox-row-foot">
          <span className="ht-inbox-place ht-secondary">
            {one.is_private ? <MailOutlined role="img" aria-label={t("card.private")} /> : <TeamOutlined role="img" aria-label={t("list.group")} />}
            <SafeText text={one.is_private ? one.account_name : one.chat_name} clip />
          </span>
          {one.is_mentioned ? <span className="ht-inbox-called">{t("list.mentioned")}</span> : null}
          {people ? <Present people={people} short /> : one.waiting_since ? <Waits since={one.waiting_since} /> : <span className="ht-secondary">{t(`state.${one.state}`)}</span>}
          {one.assignee ? <Assignee name={one.assignee.name} isMe={one.assignee.id === user.id} /> : null}
        </span>
      </button>
    </li>
  );
}

export function ConversationList({ list, rows, others, chosen, isFiltered, onChoose, onClear }: ListProps) {
  const { t } = useTranslation(["inbox", "common"]);
  if (list.data === undefined) return list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : <Skeleton active paragraph={{ rows: 6 }} />;
  if (rows.length === 0) return isFiltered ? <NothingMatches onClear={onClear} /> : <NothingYet title={t("empty.title")} body={t("empty.body")} guide="inbox" />;
  return (
    <>
      <ul className="ht-inbox-rows" aria-label={t("list.label")}>
        {rows.map((one) => (
          <Row key={one.id} one={one} people={others.get(one.id)} isChosen={one.id === chosen} onChoose={onChoose} />
        ))}
      </ul>
      {list.hasNextPage ? (
        <Button type="text" block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("list.more")}
        </Button>
      ) : null}
    </>
  );
}
