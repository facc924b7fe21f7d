/** A place to drop files, with a button that does the same for the keyboard and the phone. */
import { InboxOutlined } from "@ant-design/icons";
import { useId, useRef, useState, type DragEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatBytes } from "../format/numbers";
import { plainText } from "./safeText";

interface UploadDropProps {
  label: string;
  /** As the accept attribute: ".json,.zip". Dropped files are not refused by their name: the server reads what is inside. */
  accept?: string;
  multiple?: boolean;
  size_bytes_max: number;
  hint?: ReactNode;
  disabled?: boolean;
  onFiles: (files: File[]) => void;
}

export function UploadDrop({ label, accept, multiple = false, size_bytes_max, hint, disabled = false, onFiles }: UploadDropProps) {
  const { t } = useTranslation(["kit", "common"]);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  const [problems, setProblems] = useState<string[]>([]);

  function take(files: File[], folders: boolean) {
    const found: string[] = folders ? [t("upload.folder")] : [];
    let good = files.filter((file) => {
      const name = plainText(file.name);
      if (file.size === 0) found.push(t("upload.empty", { name }));
      else if (file.size > size_bytes_max) {
        found.push(t("upload.tooLarge", { name, size: formatBytes(file.size), limit: formatBytes(size_bytes_max) }));
      } else return true;
      return false;
    });
    if (!multiple && good.length > 1) {
      found.push(t("upload.onlyOne"));
      good = [];
    }
    setProblems(found);
    if (good.length > 0) onFiles(good);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    if (disabled) return;
    const folders = Array.from(event.dataTransfer.items).some((item) => item.webkitGetAsEntry()?.isDirectory === true);
    take(folders ? [] : Array.from(event.dataTransfer.files), folders);
  }

  const enter = (step: number) => (event: DragEvent) => {
    event.preventDefault();
    depth.current += step;
    setOver(depth.current > 0 && !disabled);
  };

  return (
    <div className="ht-upload-block">
      <div
        className="ht-upload"
        data-over={over}
        data-disabled={disabled}
        onDragEnter={enter(1)}
        onDragLeave={enter(-1)}
        onDragOver={(event) => {
          event.preventDefault();
        }}
        onDrop={drop}
      >
        <InboxOutlined aria-hidden className="ht-upload-icon" />
        <p>
          {over ? t("upload.release") : t(multiple ? "upload.drop" : "upload.dropOne")}
          {over ? null : (
            <>
              {" "}
              <input
                ref={input}
                id={id}
                type="file"
                className="ht-upload-input"
                accept={accept}
                multiple={multiple}
                disabled={disabled}
                aria-label={label}
                aria-describedby={`${id}-hint ${id}-problems`}
                onChange={(event) => {
                  take(Array.from(event.target.files ?? []), false);
                  event.target.value = ""; // the same file can be chosen again after it was mended
                }}
              />
              <label htmlFor={id} className="ht-upload-button">
                {t(multiple ? "upload.choose" : "upload.chooseOne")}
              </label>
            </>
          )}
        </p>
        <div id={`${id}-hint`} className="ht-secondary">
          {hint}
        </div>
      </div>
      <div id={`${id}-problems`} role="alert" className="ht-upload-problems">
        {problems.map((problem) => (
          <p key={problem}>{problem}</p>
        ))}
      </div>
    </div>
  );
}
