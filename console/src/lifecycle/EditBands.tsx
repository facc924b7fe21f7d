/** Other names for bands, and other bands for cells. */
import { App, Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { useColorMode } from "../design/colorMode";
import { ErrorState } from "../kit/ErrorState";
import { seriesColor } from "./colors";
import { Grid } from "./Grid";
import { BANDS, useForgetLifeCycle, type Bands, type RFM } from "./queries";

const NAME_LENGTH_MAX = 30;

export function EditBands({ rfm, known, onClose }: { rfm: RFM; known: Bands; onClose: () => void }) {
  const { t } = useTranslation(["lifecycle", "common"]);
  const { message } = App.useApp();
  const { mode } = useColorMode();
  const path = useWorkspacePath();
  const forget = useForgetLifeCycle();
  const [cells, setCells] = useState<Record<string, string>>(known.cells);
  const [names, setNames] = useState(() => Object.fromEntries(known.bands.map(({ band, zh, en }) => [band, { zh, en }])));
  const change = $api.useMutation("put", BANDS, {
    async onSuccess() {
      void message.success(t("rfm.saved"));
      onClose();
      await forget();
    },
  });
  const bands = known.bands.map((band) => ({ ...band, ...names[band.band] }));
  const rename = (band: string, language: "zh" | "en", text: string) => {
    setNames((before) => ({ ...before, [band]: { zh: "", en: "", ...before[band], [language]: text } }));
  };
  return (
    <section className="ht-card ht-stack" aria-labelledby="edit-bands">
      <h2 id="edit-bands" className="ht-form-title">{t("rfm.edit")}</h2>
      <p className="ht-secondary">{t("rfm.editHint")}</p>
      <Grid rfm={rfm} bands={bands} cells={cells} onEdit={(cell, band) => { setCells((before) => ({ ...before, [cell]: band })); }} />
      <ul className="ht-rfm-names">
        {bands.map(({ band, zh, en, color }) => (
          <li key={band}>
            <span className="ht-rfm-swatch" style={{ background: seriesColor(color, mode) }} aria-hidden />
            <Input value={zh} maxLength={NAME_LENGTH_MAX} aria-label={t("rfm.nameZh", { band: known.default_names[band]?.zh ?? band })} onChange={({ target }) => { rename(band, "zh", target.value); }} />
            <Input value={en} maxLength={NAME_LENGTH_MAX} aria-label={t("rfm.nameEn", { band: known.default_names[band]?.en ?? band })} onChange={({ target }) => { rename(band, "en", target.value); }} />
          </li>
        ))}
      </ul>
      {change.error ? <ErrorState error={change.error} compact /> : null}
      <div className="ht-danger-foot">
        <Button
          onClick={() => {
            setCells(known.default_cells);
            setNames(known.default_names);
          }}
        >
          {t("rfm.reset")}
        </Button>
        <Button onClick={onClose}>{t("common:cancel")}</Button>
        <Button type="primary" loading={change.isPending} onClick={() => { change.mutate({ params: { path }, body: { community_id: rfm.community.id, names, cells } }); }}>
          {t("save")}
        </Button>
      </div>
    </section>
  );
}
