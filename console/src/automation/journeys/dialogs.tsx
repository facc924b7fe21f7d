/** What is asked while a journey is drawn: what to add, what to connect with, whose draft counts. */
import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Select } from "../../kit/Select";
import { plainText } from "../../kit/safeText";
import { freePort, nodeOf } from "./edits";
import { graphOf, portsOf, takesPeople, type Drawing } from "./graph";
import { MiniFlow } from "./MiniFlow";
import { saysPorts } from "./sizes";
import { StepChoice, type Choice } from "./StepChoice";
import { portName, titleOf, type Lexicon } from "./words";

interface AddDialogProps {
  title: string;
  lexicon: Lexicon;
  /** Behind or before something an entry has no place. */
  isLoose: boolean;
  onChoose: (choice: Choice) => void;
  onClose: () => void;
}

export function AddDialog({ title, lexicon, isLoose, onChoose, onClose }: AddDialogProps) {
  return (
    <Modal open title={title} footer={null} onCancel={onClose} width={420} className="ht-jp-dialog" destroyOnHidden>
      <StepChoice lexicon={lexicon} onChoose={onChoose} autoFocus {...(isLoose ? {} : { without: ["entry"] as const })} />
    </Modal>
  );
}

interface ConnectDialogProps {
  drawing: Drawing;
  lexicon: Lexicon;
  source: string;
  onConnect: (port: string, target: string) => void;
  onClose: () => void;
}

export function ConnectDialog({ drawing, lexicon, source, onConnect, onClose }: ConnectDialogProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const node = nodeOf(drawing, source);
  const [port, setPort] = useState(() => (node ? (freePort(drawing, node) ?? "") : ""));
  const [target, setTarget] = useState<string | null>(null);
  if (!node) return null;
  const options = drawing.nodes.filter((one) => one.id !== source && takesPeople(one)).map((one) => ({ value: one.id, label: titleOf(one, lexicon) }));
  return (
    <Modal
      open
      title={t("connect.title", { name: titleOf(node, lexicon) })}
      okText={t("connect.action")}
      cancelText={t("common:cancel")}
      okButtonProps={{ disabled: target === null || port === "" }}
      onOk={() => { if (target !== null) onConnect(port, target); }}
      onCancel={onClose}
      width={420}
      destroyOnHidden
    >
      <div className="ht-auto-form">
        {saysPorts(node) ? (
          <label className="ht-jf-label">
            {t("connect.port")}
            <Select className="ht-wide" aria-label={t("connect.port")} value={port} options={portsOf(node).map((one) => ({ value: one, label: portName(node, one, lexicon) }))} onChange={setPort} />
          </label>
        ) : null}
        <label className="ht-jf-label">
          {t("connect.target")}
          <Select className="ht-wide" aria-label={t("connect.target")} placeholder={t("goTo.choose")} value={target} options={options} showSearch={{ optionFilterProp: "label" }} onChange={setTarget} />
        </label>
      </div>
    </Modal>
  );
}

interface ConflictDialogProps {
  by: string;
  mine: Drawing;
  /** null while it is on its way. */
  theirs: Drawing | null;
  onTheirs: () => void;
  onMine: () => void;
}

/** Whatever is chosen, the other one is one undo away. */
export function ConflictDialog({ by, mine, theirs, onTheirs, onMine }: ConflictDialogProps) {
  const { t } = useTranslation(["journeys", "common"]);
  return (
    <Modal
      open
      title={t("conflict.title", { by: plainText(by) })}
      closable={false}
      width={720}
      footer={[
        <Button key="theirs" disabled={theirs === null} onClick={onTheirs}>{t("conflict.theirs")}</Button>,
        <Button key="mine" type="primary" disabled={theirs === null} onClick={onMine}>{t("conflict.mine")}</Button>,
      ]}
    >
      <p>{t("conflict.body")}</p>
      <div className="ht-jx">
        <figure>
          <figcaption>{t("conflict.yours", { count: mine.nodes.length })}</figcaption>
          <MiniFlow graph={graphOf(mine)} label={t("conflict.yours", { count: mine.nodes.length })} />
        </figure>
        <figure>
          <figcaption>{theirs ? t("conflict.other", { by: plainText(by), count: theirs.nodes.length }) : t("common:loading")}</figcaption>
          {theirs ? <MiniFlow graph={graphOf(theirs)} label={t("conflict.other", { by: plainText(by), count: theirs.nodes.length })} /> : null}
        </figure>
      </div>
    </Modal>
  );
}
