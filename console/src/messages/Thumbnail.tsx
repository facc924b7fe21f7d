/** A kept picture, small; its sign where it cannot be shown (taken away meanwhile, or a format no browser has). */
import { PictureOutlined } from "@ant-design/icons";
import { useState } from "react";

import "./messages.css";

interface ThumbnailProps {
  workspaceId: string;
  /** Its SHA-256. */
  file: string;
  name: string;
}

export function Thumbnail({ workspaceId, file, name }: ThumbnailProps) {
  const [failed, setFailed] = useState("");
  if (!file || failed === file) return <PictureOutlined aria-hidden />;
  return <img className="ht-thumbnail" src={`/api/workspaces/${workspaceId}/messages/files/${file}`} alt={name} loading="lazy" onError={() => { setFailed(file); }} />;
}
