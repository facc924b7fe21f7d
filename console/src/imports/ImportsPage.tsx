/** Where a chat history comes in: the place to drop files, and every import so far. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Segmented } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { api } from "../api/client";
import { useCommunity } from "../app/CommunitySwitcher";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { ApiProblem } from "../api/problem";
import { ErrorState } from "../kit/ErrorState";
import { GuideLink } from "../kit/GuideLink";
import { PageHeader } from "../kit/PageHeader";
import { UploadDrop } from "../kit/UploadDrop";
import { AskEncoding } from "./AskEncoding";
import { isAboutEncoding } from "./encodings";
import { FormatHelp } from "./FormatHelp";
import { History } from "./History";
import { KINDS, type Kind } from "./kinds";
import { suggestedName } from "./names";
import { IMPORT, type ImportChange, type ImportDetail } from "./queries";
import { cancelUpload, forgetUpload, upload, useUpload } from "./upload";
import { UploadProgress } from "./UploadProgress";
import "./imports.css";

// The server's own limit may be lower; it says so before it reads.
const SIZE_BYTES_MAX = 20 * 1024 ** 3;

const GROUP = "/api/workspaces/{workspace_id}/groups/{group_id}";

/** What can be chosen without asking: the group or community the person came from, else a new one where there is none. */
function useFirstChoice() {
  const { communities } = useSession();
  const path = useWorkspacePath();
  const community = useCommunity();
  const { group } = useSearch({ from: "/_in/communities/import" });
  const change = (made: ImportDetail, body: ImportChange) => api.PATCH(IMPORT, { params: { path: { ...path, import_id: made.id } }, body });
  return async (made: ImportDetail) => {
    if (made.kind !== "history") {
      // Orders belong to the community one is looking at.
      if (made.kind === "orders" && community && !made.options.community_id) await change(made, { community_id: community.id }).catch(() => undefined);
      return;
    }
    const name = suggestedName(made);
    const isFirst = communities.every(({ is_sample }) => is_sample) && communities.every((one) => one.name !== name);
    const place: ImportChange = {
      ...(community ? { community_id: community.id } : isFirst && name !== "" ? { community_name: name } : {}),
      ...(made.detection.groups.length === 0 && name !== "" ? { group_name: name } : {}),
    };
    try {
      if (Object.keys(place).length > 0) await change(made, place);
      if (group === undefined) return;
      const { data: known } = await api.GET(GROUP, { params: { path: { ...path, group_id: group } } });
      if (known) await change(made, { community_id: known.community_id, group_id: known.id });
    } catch (error) {
      // It was only a suggestion, such as a group on another channel: the person chooses on the next page.
      if (!(error instanceof ApiProblem)) throw error;
    }
  };
}

export function ImportsPage() {
  const { t } = useTranslation(["imports", "lists", "common"]);
  const path = useWorkspacePath();
  const navigate = useNavigate();
  const { kind = "history" } = useSearch({ from: "/_in/communities/import" });
  const mayImport = useMay("imports.run");
  const current = useUpload();
  const choose = useFirstChoice();
  const opening = useRef(false);
  const made = current?.state === "done" ? current.made : null;

  useEffect(() => {
    if (made === null || opening.current) return;
    opening.current = true;
    void choose(made).then(async () => {
      forgetUpload();
      await navigate({ to: "/communities/import/$importId", params: { importId: made.id } });
    });
  }, [made, choose, navigate]);

  if (!mayImport) {
    return (
      <div className="ht-page">
        <PageHeader title={t("title")} />
        <ErrorState
          error={new ApiProblem({ type: "about:blank", title: "", status: 403, detail: "", code: "forbidden", params: {}, request_id: null, errors: [] })}
        />
      </div>
    );
  }
  const busy = current !== null && current.state !== "failed";
  return (
    <div className="ht-page">
      <PageHeader
        title={kind === "history" ? t("title") : t(`lists:title.${kind}`)}
        description={
          <>
            {kind === "history" ? t("about") : t(`lists:about.${kind}`)} <GuideLink page={kind === "history" ? "import" : "import/lists"} />
          </>
        }
      />
      <Segmented<Kind>
        className="ht-import-kinds"
        aria-label={t("lists:kind.label")}
        value={kind}
        disabled={busy}
        options={KINDS.map((value) => ({ value, label: t(`lists:kind.${value}`) }))}
        onChange={(chosen) => {
          forgetUpload();
          void navigate({ to: "/communities/import", search: chosen === "history" ? {} : { kind: chosen }, replace: true });
        }}
      />
      <div className="ht-import-drop">
        {busy ? (
          <UploadProgress upload={current} onCancel={cancelUpload} />
        ) : (
          <UploadDrop
            label={kind === "history" ? t("drop.label") : t("lists:drop.label")}
            multiple={kind === "history"}
            size_bytes_max={SIZE_BYTES_MAX}
            hint={kind === "history" ? t("drop.hint") : t("lists:drop.hint")}
            onFiles={(files) => {
              upload(path.workspace_id, files, { kind });
            }}
          />
        )}
        {current?.state === "failed" ? (
          <>
            <ErrorState error={current.error} compact />
            {isAboutEncoding(current.error) || current.encoding ? (
              <AskEncoding
                tried={current.encoding}
                onChoose={(encoding) => {
                  upload(path.workspace_id, current.files, { kind: current.kind, encoding });
                }}
              />
            ) : null}
          </>
        ) : null}
      </div>
      {kind === "history" ? <FormatHelp /> : null}
      <History />
    </div>
  );
}
