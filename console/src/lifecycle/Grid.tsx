/** The 25 cells of recency and frequency: how many are in each, coloured by band; or, while bands are edited, whose each is. */
import { useTranslation } from "react-i18next";

import { useColorMode } from "../design/colorMode";
import { formatAxisDay } from "../format/dates";
import { formatCompact, formatCount, formatPercent } from "../format/numbers";
import type { Language } from "../i18n/language";
import { useLanguage } from "../i18n/useLanguage";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";
import { AmongLink } from "./AmongLink";
import { cellColors, seriesColor } from "./colors";
import type { RFM } from "./queries";

const DOWN = [5, 4, 3, 2, 1];
const ACROSS = [1, 2, 3, 4, 5];

export interface BandName {
  band: string;
  zh: string;
  en: string;
  color: string;
}

interface GridProps {
  rfm: RFM;
  bands: readonly BandName[];
  /** The band of each cell, as it is or as it is being edited. */
  cells: Record<string, string>;
  onEdit?: (cell: string, band: string) => void;
}

type Edge = RFM["edges"]["frequency"][number];

function edgeText(edge: Edge | undefined, language: Language): string {
  if (!edge) return "";
  const shown = (value: string | number) => (typeof value === "string" ? formatAxisDay(value, language) : formatCount(value));
  return edge.from === edge.to ? shown(edge.to) : `${shown(edge.from)} – ${shown(edge.to)}`;
}

export function Grid({ rfm, bands, cells, onEdit }: GridProps) {
  const { t } = useTranslation(["lifecycle", "common"]);
  const language = useLanguage();
  const { mode } = useColorMode();
  const names = new Map(bands.map((band) => [band.band, band]));
  const most = Math.max(1, ...rfm.cells.map(({ members }) => members));
  const options = bands.map((band) => ({ value: band.band, label: plainText(band[language]) }));
  return (
    <div className="ht-rfm-scroll" tabIndex={0} role="group" aria-label={t("rfm.grid")}>
      <table className="ht-rfm-grid">
        <caption className="ht-visually-hidden">{t("rfm.grid")}</caption>
        <thead>
          <tr>
            <td />
            {ACROSS.map((f) => (
              <th key={f} scope="col">
                F{f}
                <span className="ht-secondary">{edgeText(rfm.edges.frequency.find(({ score }) => score === f), language)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {DOWN.map((r) => (
            <tr key={r}>
              <th scope="row">
                R{r}
                <span className="ht-secondary">{edgeText(rfm.edges.recency.find(({ score }) => score === r), language)}</span>
              </th>
              {ACROSS.map((f) => {
                const cell = rfm.cells.find((one) => one.r === r && one.f === f);
                const key = `${r}-${f}`;
                const band = names.get(cells[key] ?? "");
                const members = cell?.members ?? 0;
                const style = cellColors(seriesColor(band?.color ?? "gray", mode), members / most, mode);
                const name = plainText(band?.[language] ?? "");
                if (onEdit) {
                  return (
                    <td key={f} style={style}>
                      <Select
                        className="ht-rfm-pick"
                        size="small"
                        aria-label={t("rfm.cell", { cell: `R${r} F${f}` })}
                        value={cells[key] ?? ""}
                        options={options}
                        popupMatchSelectWidth={false}
                        onChange={(next: string) => { onEdit(key, next); }}
                      />
                    </td>
                  );
                }
                const figures = (
                  <>
                    <strong>{formatCompact(members, language)}</strong>
                    <span>{name}</span>
                    <span>{members > 0 ? formatPercent(members / rfm.members) : ""}</span>
                  </>
                );
                return (
                  <td key={f} style={style}>
                    {members > 0 && rfm.is_kept ? (
                      <AmongLink
                        among={`rfm:${rfm.community.id}:${key}`}
                        className="ht-rfm-cell"
                        style={{ color: style.color }}
                        label={t("rfm.cellMembers", { cell: `R${r} F${f}`, band: name, count: members, shown: formatCount(members) })}
                      >
                        {figures}
                      </AmongLink>
                    ) : (
                      <span className="ht-rfm-cell">{figures}</span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
