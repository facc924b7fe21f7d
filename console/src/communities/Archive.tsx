/** Putting a community or a group away, and taking it back. */
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { ErrorState } from "../kit/ErrorState";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { useForget, type Community, type Group } from "./queries";

interface ArchivalProps {
  name: string;
  isArchived: boolean;
  about: string;
  title: string;
  /** With a slot for the name. */
  consequence: string;
  archive: () => Promise<unknown>;
  restore: () => Promise<unknown>;
}

function Archival({ name, isArchived, about, title, consequence, archive, restore }: ArchivalProps) {
  const { t } = useTranslation(["communities", "common"]);
  const { message } = App.useApp();
  const forget = useForget();
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [pending, setPending] = useState(false);

  async function takeBack() {
    setPending(true);
    setFailure(null);
    try {
      await restore();
      void message.success(t("archive.restored"));
      await forget();
    } catch (error) {
      setFailure(error);
    } finally {
      setPending(false);
    }
  }

  return (
    <section className="ht-card" aria-labelledby="archival">
      <h2 id="archival" className="ht-form-title">{isArchived ? t("archive.isTitle") : t("archive.title")}</h2>
      <p className="ht-secondary ht-below-filters">{isArchived ? t("archive.isBody") : about}</p>
      {failure === null ? null : <ErrorState error={failure} compact />}
      {isArchived ? (
        <Button loading={pending} onClick={() => void takeBack()}>{t("archive.restore")}</Button>
      ) : (
        <Button danger onClick={() => { setAsking(true); }}>{t("archive.action")}</Button>
      )}
      <ConfirmDanger
        open={asking}
        title={title}
        consequence={
          <>
            <p><Phrase text={consequence} parts={[<SafeText key="name" text={name} />]} /></p>
            <p className="ht-secondary">{t("archive.back")}</p>
          </>
        }
        action={t("archive.action")}
        onConfirm={async () => {
          await archive();
          void message.success(t("archive.done"));
          await forget();
        }}
        onClose={() => { setAsking(false); }}
      />
    </section>
  );
}

export function Archive({ community }: { community: Community }) {
  const { t } = useTranslation(["communities", "common"]);
  const path = useWorkspacePath();
  const address = { params: { path: { ...path, community_id: community.id } } };
  const archive = $api.useMutation("put", "/api/workspaces/{workspace_id}/communities/{community_id}/archival");
  const restore = $api.useMutation("delete", "/api/workspaces/{workspace_id}/communities/{community_id}/archival");
  return (
    <Archival
      name={community.name}
      isArchived={community.archived_at !== null}
      about={t("archive.about")}
      title={t("archive.communityTitle")}
      consequence={t("archive.communityBody", { name: slot(0), groups: formatCount(community.groups), members: formatCount(community.members) })}
      archive={() => archive.mutateAsync(address)}
      restore={() => restore.mutateAsync(address)}
    />
  );
}

export function ArchiveGroup({ group }: { group: Group }) {
  const { t } = useTranslation(["communities", "common"]);
  const path = useWorkspacePath();
  const address = { params: { path: { ...path, group_id: group.id } } };
  const archive = $api.useMutation("put", "/api/workspaces/{workspace_id}/groups/{group_id}/archival");
  const restore = $api.useMutation("delete", "/api/workspaces/{workspace_id}/groups/{group_id}/archival");
  return (
    <Archival
      name={group.name}
      isArchived={group.archived_at !== null}
      about={t("archive.groupAbout")}
      title={t("archive.groupTitle")}
      consequence={t("archive.groupBody", { name: slot(0), members: formatCount(group.members) })}
      archive={() => archive.mutateAsync(address)}
      restore={() => restore.mutateAsync(address)}
    />
  );
}
