/** The bell in the header: how many alerts are open. */
import { BellOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useMay } from "../app/session";
import { useSummary } from "./queries";

const SHOWN_MAX = 99;

export function AlertBell() {
  const { t } = useTranslation(["shell", "common"]);
  const maySee = useMay("alerts.read");
  const { data } = useSummary();
  if (!maySee) return null;
  const open = data?.open ?? 0;
  return (
    <Link to="/communities/alerts" className="ht-bell" aria-label={t("bell", { count: open })} activeProps={{ "aria-current": undefined }}>
      <BellOutlined aria-hidden />
      {open > 0 ? <span aria-hidden>{open > SHOWN_MAX ? `${SHOWN_MAX}+` : open}</span> : null}
    </Link>
  );
}
