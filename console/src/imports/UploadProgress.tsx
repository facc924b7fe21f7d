/** How far the files are on their way. */
import { useTranslation } from "react-i18next";

import { formatBytes } from "../format/numbers";
import { formatDuration } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { plainText } from "../kit/safeText";
import { Button, Progress } from "antd";
import type { Upload } from "./upload";

export function UploadProgress({ upload, onCancel }: { upload: Upload; onCancel: () => void }) {
  const { t } = useTranslation(["imports", "common"]);
  const language = useLanguage();
  const { names, bytes, sent, rate_per_second: rate } = upload;
  const reading = upload.state !== "sending";
  const percent = bytes === 0 ? 0 : Math.min(99, Math.floor((sent / bytes) * 100));
  const title = names.length === 1 ? plainText(names[0]) : t("upload.files", { count: names.length });
  return (
    <section className="ht-card ht-progress" aria-label={t("upload.title")}>
      <header>
        <h2 className="ht-import-file">{title}</h2>
        {reading ? null : <Button onClick={onCancel}>{t("common:cancel")}</Button>}
      </header>
      <Progress percent={reading ? 99 : percent} showInfo={!reading} aria-label={t("upload.title")} status="active" />
      <p className="ht-progress-figures">
        {reading ? (
          <span role="status">{t("upload.reading")}</span>
        ) : (
          <>
            <span>{t("upload.sent", { sent: formatBytes(sent), total: formatBytes(bytes) })}</span>
            {rate > 0 ? <span>{t("upload.rate", { rate: formatBytes(rate) })}</span> : null}
            {rate > 0 ? <span>{t("upload.left", { time: formatDuration((bytes - sent) / rate, language) })}</span> : null}
          </>
        )}
      </p>
      {reading ? null : <p className="ht-secondary">{t("upload.leave")}</p>}
    </section>
  );
}
