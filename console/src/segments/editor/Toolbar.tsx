/** Undo, redo, copying the whole, pasting, the keys; and what was just done, said once. */
import { CopyOutlined, QuestionCircleOutlined, RedoOutlined, SnippetsOutlined, UndoOutlined } from "@ant-design/icons";
import { Button, Popover } from "antd";
import { useTranslation } from "react-i18next";

import * as act from "./actions";
import { useEditing } from "./context";
import type { EditorState } from "./state";

const KEYS = ["walk", "add", "remove", "move", "not", "group", "duplicate", "copy", "undo", "inside", "leave"] as const;

function Keys() {
  const { t } = useTranslation(["segments", "common"]);
  return (
    <dl className="ht-ce-keys">
      {KEYS.map((key) => (
        <div key={key}>
          <dt>
            <kbd>{t(`editor.keys.${key}.press`)}</kbd>
          </dt>
          <dd>{t(`editor.keys.${key}.does`)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Toolbar({ state }: { state: EditorState }) {
  const { t } = useTranslation(["segments", "common"]);
  const { run, disabled } = useEditing();
  const { history, said } = state;
  const undoable = history.past.length > 0 && !disabled;
  return (
    <div className="ht-ce-toolbar" role="toolbar" aria-label={t("editor.tools")}>
      <Button type="text" size="small" disabled={!undoable} icon={<UndoOutlined />} title={`${t("editor.undo")} (Ctrl Z)`} aria-label={t("editor.undo")} onClick={() => { run({ kind: "undo" }); }} />
      <Button type="text" size="small" disabled={history.future.length === 0 || disabled} icon={<RedoOutlined />} title={`${t("editor.redo")} (Ctrl Shift Z)`} aria-label={t("editor.redo")} onClick={() => { run({ kind: "redo" }); }} />
      <Button type="text" size="small" icon={<CopyOutlined />} title={t("editor.copyAll")} aria-label={t("editor.copyAll")} onClick={() => { run(act.copy(history.tree.root)); }} />
      <Button type="text" size="small" disabled={disabled} icon={<SnippetsOutlined />} title={t("editor.pasteEnd")} aria-label={t("editor.pasteEnd")} onClick={() => { run(act.pasteCopied(history.tree.root.id)); }} />
      <Popover trigger="click" placement="bottomRight" title={t("editor.keysTitle")} content={<Keys />}>
        <Button type="text" size="small" icon={<QuestionCircleOutlined />} title={t("editor.keysTitle")} aria-label={t("editor.keysTitle")} />
      </Popover>
      <span className="ht-ce-said" role="status">
        {said ? <span key={said.number}>{t(`editor.said.${said.what}`)}</span> : null}
        {said?.what === "removed" && undoable ? (
          <Button type="link" size="small" onClick={() => { run({ kind: "undo" }); }}>
            {t("editor.undo")}
          </Button>
        ) : null}
      </span>
    </div>
  );
}
