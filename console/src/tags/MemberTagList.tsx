/** The tags of one member on their page: taken off and put on in place. */
import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { plainText } from "../kit/safeText";
import type { Member } from "../members/queries";
import { TagLink } from "./TagChip";
import { TagSelect } from "./TagSelect";
import { BELONGING, useTagsChanged } from "./queries";
import "./tags.css";

const ONE = "/api/workspaces/{workspace_id}/members/{member_id}/tags/{tag_id}";

export function MemberTagList({ member }: { member: Member }) {
  const { t } = useTranslation(["tags", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const maySee = useMay("segments.read");
  const mayTag = useMay("members.tag") && member.merged_into === null;
  const changed = useTagsChanged();
  const [adding, setAdding] = useState(false);
  const params = { path: { ...path, member_id: member.id } };
  const { data, error, refetch } = $api.useQuery("get", BELONGING, { params }, { enabled: maySee });
  const outcome = {
    async onSuccess({ items }: { items: NonNullable<typeof data>["tags"] }) {
      queryClient.setQueryData($api.queryOptions("get", BELONGING, { params }).queryKey, (before) => (before ? { ...before, tags: items } : before));
      setAdding(false);
      await changed();
    },
    onError(problem: unknown) {
      void message.error(problem instanceof ApiProblem ? problem.detail : t("member.notSaved"));
    },
  };
  const put = $api.useMutation("put", ONE, outcome);
  const take = $api.useMutation("delete", ONE, outcome);
  if (!maySee) return null;
  return (
    <section aria-labelledby="member-tags">
      <h2 id="member-tags">{t("title")}</h2>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} compact />
      ) : !data ? (
        <Skeleton active title={false} paragraph={{ rows: 1 }} />
      ) : (
        <>
          {data.tags.length === 0 ? <p className="ht-secondary">{t("member.none")}</p> : null}
          <ul className="ht-member-tags" aria-label={t("title")}>
            {data.tags.map((tag) => {
              const byRule = tag.source.startsWith("segment:");
              return (
                <li key={tag.id} title={t(byRule ? "member.byRule" : "member.by", { name: plainText(tag.source_name) })}>
                  <span className="ht-tag">
                    <TagLink tag={tag} />
                    {mayTag && !byRule ? (
                      <Button
                        type="text"
                        size="small"
                        className="ht-tag-take"
                        icon={<CloseOutlined />}
                        aria-label={t("member.take", { name: plainText(tag.name) })}
                        disabled={take.isPending}
                        onClick={() => {
                          take.mutate({ params: { path: { ...params.path, tag_id: tag.id } } });
                        }}
                      />
                    ) : null}
                  </span>
                </li>
              );
            })}
          </ul>
          {mayTag ? (
            <div className="ht-attribute-add ht-member-tag-add">
              {adding ? (
                <>
                  <TagSelect
                    label={t("member.which")}
                    autoFocus
                    fits={({ id }) => !data.tags.some((tag) => tag.id === id)}
                    onChange={(tag_id) => {
                      put.mutate({ params: { path: { ...params.path, tag_id } } });
                    }}
                  />
                  <Button
                    size="small"
                    onClick={() => {
                      setAdding(false);
                    }}
                  >
                    {t("common:cancel")}
                  </Button>
                </>
              ) : (
                <Button
                  type="link"
                  size="small"
                  icon={<PlusOutlined aria-hidden />}
                  onClick={() => {
                    setAdding(true);
                  }}
                >
                  {t("member.add")}
                </Button>
              )}
            </div>
          ) : null}
        </>
      )}
    </section>
  );
}
