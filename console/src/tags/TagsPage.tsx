/** Every tag, by group: who has it, which segment gives it, what rests on it. */
import { EllipsisOutlined, PlusOutlined } from "@ant-design/icons";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Dropdown, type MenuProps } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { NothingMatches, NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { FilterBar } from "../kit/filters/FilterBar";
import { PageHeader } from "../kit/PageHeader";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { PageSkeleton } from "../app/PageSkeleton";
import { MembersNav } from "../members/MembersNav";
import { parseTagsSearch, tagFilters } from "./filters";
import { MergeTag } from "./MergeTag";
import { TagChip } from "./TagChip";
import { TagForm } from "./TagForm";
import { TagGroupForm } from "./TagGroupForm";
import { TAGS, useTags, useTagsChanged, type Tag, type TagGroup } from "./queries";
import "../members/members.css";
import "./tags.css";

type Dialog = { kind: "form"; tag: Tag | null; group_id?: string | null } | { kind: "merge" | "delete"; tag: Tag } | { kind: "group"; group: TagGroup | null } | { kind: "deleteGroup"; group: TagGroup };

function TagRow({ tag, open }: { tag: Tag; open: (dialog: Dialog) => void }) {
  const { t } = useTranslation(["tags", "common"]);
  const mayManage = useMay("tags.manage");
  const name = plainText(tag.name);
  const items: NonNullable<MenuProps["items"]> = [
    { key: "edit", label: t("row.edit"), onClick: () => { open({ kind: "form", tag }); } },
    { key: "merge", label: t("row.merge"), onClick: () => { open({ kind: "merge", tag }); } },
    { key: "delete", label: t("row.delete"), danger: true, onClick: () => { open({ kind: "delete", tag }); } },
  ];
  return (
    <li className="ht-tag-row">
      <span className="ht-tag-name">
        <TagChip tag={tag} />
        {tag.is_sample ? <span className="ht-secondary">{t("row.sample")}</span> : null}
      </span>
      <span className="ht-tag-about">
        {tag.description ? <SafeText text={tag.description} /> : null}
        {tag.segment ? (
          <span className="ht-secondary">
            <Phrase text={t("row.follows", { segment: slot(0) })} parts={[<SafeText key="segment" text={tag.segment.name} />]} />
          </span>
        ) : null}
        {tag.named_by.length > 0 ? (
          <span className="ht-secondary">
            <Phrase text={t("row.namedBy", { segments: slot(0) })} parts={[<SafeText key="segments" text={tag.named_by.map((one) => one.name).join(t("separator"))} />]} />
          </span>
        ) : null}
      </span>
      <Link to="/members" search={{ among: [`tag:${tag.id}`] }} className="ht-number" aria-label={t("row.membersOf", { name, count: tag.members_count, shown: formatCount(tag.members_count) })}>
        {t("row.members", { count: tag.members_count, shown: formatCount(tag.members_count) })}
      </Link>
      {mayManage ? (
        <Dropdown trigger={["click"]} menu={{ items }} placement="bottomRight">
          <Button type="text" size="small" icon={<EllipsisOutlined />} aria-label={t("row.actions", { name })} />
        </Dropdown>
      ) : null}
    </li>
  );
}

interface GroupProps {
  group: TagGroup | null;
  groups: readonly TagGroup[];
  tags: readonly Tag[];
  open: (dialog: Dialog) => void;
  move: (group: TagGroup, position: number) => void;
}

function Group({ group, groups, tags, open, move }: GroupProps) {
  const { t } = useTranslation(["tags", "common"]);
  const mayManage = useMay("tags.manage");
  const id = `tag-group-${group?.id ?? "none"}`;
  const place = group === null ? -1 : groups.findIndex((one) => one.id === group.id);
  const items: NonNullable<MenuProps["items"]> =
    group === null
      ? []
      : [
          { key: "add", label: t("group.addTag"), onClick: () => { open({ kind: "form", tag: null, group_id: group.id }); } },
          { key: "rename", label: t("group.rename"), onClick: () => { open({ kind: "group", group }); } },
          { key: "up", label: t("group.up"), disabled: place === 0, onClick: () => { move(group, place - 1); } },
          { key: "down", label: t("group.down"), disabled: place === groups.length - 1, onClick: () => { move(group, place + 1); } },
          { key: "delete", label: t("group.delete"), danger: true, onClick: () => { open({ kind: "deleteGroup", group }); } },
        ];
  return (
    <section className="ht-card ht-tag-group" aria-labelledby={id}>
      <header>
        <h2 id={id}>{group === null ? t("group.none") : <SafeText text={group.name} />}</h2>
        <span className="ht-secondary">{t("group.count", { count: tags.length })}</span>
        {group !== null && mayManage ? (
          <Dropdown trigger={["click"]} menu={{ items }} placement="bottomRight">
            <Button type="text" size="small" icon={<EllipsisOutlined />} aria-label={t("group.actions", { name: plainText(group.name) })} />
          </Dropdown>
        ) : null}
      </header>
      {tags.length === 0 ? (
        <p className="ht-secondary">{t("group.empty")}</p>
      ) : (
        <ul className="ht-tag-rows">
          {tags.map((tag) => (
            <TagRow key={tag.id} tag={tag} open={open} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Dialogs({ dialog, groups, onClose }: { dialog: Dialog | null; groups: readonly TagGroup[]; onClose: () => void }) {
  const { t } = useTranslation(["tags", "common"]);
  const path = useWorkspacePath();
  const changed = useTagsChanged();
  const remove = $api.useMutation("delete", `${TAGS}/{tag_id}`, { onSuccess: changed });
  const removeGroup = $api.useMutation("delete", "/api/workspaces/{workspace_id}/tag-groups/{tag_group_id}", { onSuccess: changed });
  const tag = dialog?.kind === "delete" ? dialog.tag : null;
  const group = dialog?.kind === "deleteGroup" ? dialog.group : null;
  return (
    <>
      {dialog?.kind === "form" ? <TagForm tag={dialog.tag} groups={groups} group_id={dialog.group_id ?? null} onClose={onClose} /> : null}
      {dialog?.kind === "merge" ? <MergeTag tag={dialog.tag} onClose={onClose} /> : null}
      {dialog?.kind === "group" ? <TagGroupForm group={dialog.group} onClose={onClose} /> : null}
      <ConfirmDanger
        open={tag !== null}
        title={t("delete.title")}
        consequence={
          tag ? (
            <p>
              <Phrase text={t("delete.body", { name: slot(0), count: tag.members_count, shown: formatCount(tag.members_count) })} parts={[<TagChip key="tag" tag={tag} />]} />
            </p>
          ) : null
        }
        action={t("row.delete")}
        {...(tag && tag.members_count > 0 ? { typeName: tag.name } : {})}
        onConfirm={async () => {
          if (tag) await remove.mutateAsync({ params: { path: { ...path, tag_id: tag.id } } });
        }}
        onClose={onClose}
      />
      <ConfirmDanger
        open={group !== null}
        title={t("group.deleteTitle")}
        consequence={group ? <p><Phrase text={t("group.deleteBody", { name: slot(0) })} parts={[<SafeText key="name" text={group.name} />]} /></p> : null}
        action={t("group.delete")}
        onConfirm={async () => {
          if (group) await removeGroup.mutateAsync({ params: { path: { ...path, tag_group_id: group.id } } });
        }}
        onClose={onClose}
      />
    </>
  );
}

export function TagsPage() {
  const { t } = useTranslation(["tags", "common"]);
  const { message } = App.useApp();
  const navigate = useNavigate({ from: "/members/tags" });
  const search = parseTagsSearch(useSearch({ from: "/_in/members/tags" }));
  const path = useWorkspacePath();
  const mayManage = useMay("tags.manage");
  const changed = useTagsChanged();
  const { data, error, refetch } = useTags();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const reorder = $api.useMutation("patch", "/api/workspaces/{workspace_id}/tag-groups/{tag_group_id}", {
    onSuccess: changed,
    onError(problem) {
      void message.error(problem instanceof ApiProblem ? problem.detail : t("group.notMoved"));
    },
  });
  const show = (values: typeof search) => {
    void navigate({ search: (previous) => ({ ...(previous.workspace ? { workspace: previous.workspace } : {}), ...values }), replace: true });
  };
  const wanted = search.q?.toLocaleLowerCase();
  const tags = (data?.items ?? []).filter(({ name, description }) => !wanted || `${name}\n${description}`.toLocaleLowerCase().includes(wanted));
  const groups = data?.groups ?? [];
  const sections = [...groups, null]
    .map((group) => ({ group, tags: tags.filter(({ group_id }) => group_id === (group?.id ?? null)) }))
    .filter((one) => one.tags.length > 0 || (one.group !== null && !wanted));
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => { setDialog({ kind: "form", tag: null }); }}>
      {t("add")}
    </Button>
  );
  return (
    <div className="ht-page">
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          mayManage ? (
            <>
              <Button onClick={() => { setDialog({ kind: "group", group: null }); }}>{t("group.add")}</Button>
              {add}
            </>
          ) : null
        }
      />
      <MembersNav />
      {data === undefined ? (
        error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <PageSkeleton />
      ) : data.items.length + groups.length === 0 ? (
        <NothingYet title={t("empty.title")} body={t("empty.body")} guide="tags" action={mayManage ? add : undefined} />
      ) : (
        <>
          <FilterBar filters={tagFilters} values={search} onChange={show} fields={{ q: { label: t("search") } }}>
            {t("count", { count: tags.length, shown: formatCount(tags.length) })}
          </FilterBar>
          {sections.length === 0 ? (
            <NothingMatches onClear={() => { show({}); }} />
          ) : (
            <div className="ht-tag-groups">
              {sections.map(({ group, tags: some }) => (
                <Group
                  key={group?.id ?? "none"}
                  group={group}
                  groups={groups}
                  tags={some}
                  open={setDialog}
                  move={({ id }, position) => {
                    reorder.mutate({ params: { path: { ...path, tag_group_id: id } }, body: { position } });
                  }}
                />
              ))}
            </div>
          )}
        </>
      )}
      <Dialogs dialog={dialog} groups={groups} onClose={() => { setDialog(null); }} />
    </div>
  );
}
