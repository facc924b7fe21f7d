/** Says on every page that a community is made up, and takes it away with one click. */
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { RemoveSample } from "../communities/RemoveSample";
import { SafeText } from "../kit/SafeText";
import { useMay, useSession } from "./session";

export function SampleNotice() {
  const { t } = useTranslation(["shell", "communities", "common"]);
  const { communities } = useSession();
  const may = useMay("communities.manage");
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const sample = communities.find(({ is_sample }) => is_sample);
  if (!sample) return null;
  return (
    <aside className="ht-sample" aria-label={t("sampleNotice.label")}>
      <p>
        {t("sampleNotice.before")}
        <SafeText text={sample.name} />
        {t("sampleNotice.after")}
      </p>
      {may ? (
        <Button size="small" onClick={() => { setAsking(true); }}>
          {t("communities:sample.remove")}
        </Button>
      ) : null}
      <RemoveSample open={asking} onClose={() => { setAsking(false); }} onRemoved={() => navigate({ to: "/", search: {} })} />
    </aside>
  );
}
