/** The way to the inbox in the header, with how many wait for me or for nobody yet, or name me in a note. It keeps the stream open for every page. */
import { MessageOutlined } from "@ant-design/icons";
import { Badge } from "antd";
import { useTranslation } from "react-i18next";

import { ButtonLink } from "../app/ButtonLink";
import { useMay } from "../app/session";
import { useCounts, useInboxStream } from "./queries";

function Bell() {
  const { t } = useTranslation(["inbox", "common"]);
  useInboxStream();
  const waiting = useCounts().data?.for_me ?? 0;
  return (
    <ButtonLink
      to="/communities/inbox"
      type="text"
      aria-label={t("bell", { count: waiting })}
      icon={
        <Badge count={waiting} overflowCount={99} size="small" color="var(--ht-danger)">
          <MessageOutlined aria-hidden />
        </Badge>
      }
    />
  );
}

export function InboxBell() {
  return useMay("inbox.read") ? <Bell /> : null;
}
