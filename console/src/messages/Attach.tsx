/** Files on their way into a message: chosen, sent one after another, each with how far it is. */
import { PaperClipOutlined } from "@ant-design/icons";
import { Button, Progress } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../api/problem";
import { formatBytes } from "../format/numbers";
import { plainText } from "../kit/safeText";
import { FILE_BYTES_MAX, newPart, type Part } from "./parts";
import { sendFile, type Sending } from "./upload";

interface AttachProps {
  workspaceId: string;
  disabled: boolean;
  onKept: (part: Part) => void;
}

interface Moving {
  name: string;
  share: number;
}

export function Attach({ workspaceId, disabled, onKept }: AttachProps) {
  const { t } = useTranslation(["messages", "common"]);
  const input = useRef<HTMLInputElement>(null);
  const sending = useRef<Sending | null>(null);
  const [moving, setMoving] = useState<Moving | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => () => sending.current?.cancel(), []);

  async function take(file: File) {
    const name = plainText(file.name);
    setProblem(null);
    if (file.size === 0) {
      setProblem(t("file.empty", { name }));
      return;
    }
    if (file.size > FILE_BYTES_MAX) {
      setProblem(t("file.tooLarge", { name, size: formatBytes(file.size), limit: formatBytes(FILE_BYTES_MAX) }));
      return;
    }
    setMoving({ name, share: 0 });
    sending.current = sendFile(workspaceId, file, (share) => {
      setMoving({ name, share });
    });
    try {
      const kept = await sending.current.kept;
      onKept(newPart(kept.kind, { file: kept.file, name: kept.name }));
    } catch (error) {
      if (!(error instanceof DOMException)) setProblem(error instanceof ApiProblem && error.detail ? error.detail : t("file.notSent", { name }));
    } finally {
      sending.current = null;
      setMoving(null);
    }
  }

  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t("file.choose")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = ""; // the same file can be chosen again after it was mended
          if (file) void take(file);
        }}
      />
      <Button icon={<PaperClipOutlined aria-hidden />} disabled={disabled || moving !== null} onClick={() => input.current?.click()}>
        {t("add.file")}
      </Button>
      {moving ? (
        <div className="ht-attach-progress">
          <span className="ht-clip">{moving.name}</span>
          <Progress percent={Math.min(99, Math.floor(moving.share * 100))} size="small" aria-label={t("file.progress", { name: moving.name })} />
          <Button size="small" onClick={() => sending.current?.cancel()}>
            {t("common:cancel")}
          </Button>
        </div>
      ) : null}
      {problem === null ? null : (
        <p className="ht-field-error ht-attach-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
