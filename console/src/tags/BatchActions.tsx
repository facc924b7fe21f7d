/** What can be done to the members chosen in their list, and choosing all that the list has beyond the page. */
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../app/session";
import { formatCount } from "../format/numbers";
import { BatchEdit, type BatchKind } from "./BatchEdit";
import type { Whom } from "./queries";

const KINDS: readonly BatchKind[] = ["add", "remove", "set", "clear"];

interface BatchActionsProps {
  chosen: readonly string[];
  /** All that the filter finds, where more than those shown. */
  everybody: { count: number | null; isExact: boolean; isChosen: boolean; onChoose: (isChosen: boolean) => void };
  filter: Extract<Whom, { filter: unknown }>["filter"];
  onDone: () => void;
}

export function BatchActions({ chosen, everybody, filter, onDone }: BatchActionsProps) {
  const { t } = useTranslation(["tags", "common"]);
  const mayEdit = useMay("members.edit_many");
  const maySee = useMay("segments.read");
  const [kind, setKind] = useState<BatchKind | null>(null);
  const [whom, setWhom] = useState<Whom | null>(null);
  if (!mayEdit) return null;
  return (
    <>
      {everybody.count !== null && everybody.count > chosen.length && !everybody.isChosen ? (
        <Button
          type="link"
          size="small"
          onClick={() => {
            everybody.onChoose(true);
          }}
        >
          {everybody.isExact ? t("batch.chooseAll", { count: everybody.count, shown: formatCount(everybody.count) }) : t("batch.chooseFound")}
        </Button>
      ) : null}
      {KINDS.filter((one) => maySee || one === "set" || one === "clear").map((one) => (
        <Button
          key={one}
          size="small"
          onClick={() => {
            setWhom(everybody.isChosen ? { filter } : { ids: [...chosen] });
            setKind(one);
          }}
        >
          {t(`batch.${one}`)}
        </Button>
      ))}
      {kind && whom ? (
        <BatchEdit
          kind={kind}
          whom={whom}
          onClose={() => {
            setKind(null);
            onDone();
          }}
        />
      ) : null}
    </>
  );
}
