/** Two members side by side, and the one that comes of them. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatDateTime } from "../format/dates";
import { formatCount, NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";
import { attributeName, attributeText } from "./attributeValue";
import { shownId, useChannelName } from "./channels";
import type { AttributeValue, Identity, Member } from "./queries";

const earliest = (...moments: (string | null)[]) => moments.filter((at) => at !== null).sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
const latest = (...moments: (string | null)[]) => moments.filter((at) => at !== null).sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? null;

function IdentityList({ list }: { list: readonly Identity[] }) {
  const channelName = useChannelName();
  if (list.length === 0) return NO_VALUE;
  return (
    <ul>
      {list.map((identity) => (
        <li key={identity.id}>
          <span className="ht-secondary">{channelName(identity.channel)}</span> <SafeText text={identity.name || shownId(identity.external_id)} />
        </li>
      ))}
    </ul>
  );
}

function Names({ list }: { list: readonly { id: string; name: string }[] }) {
  if (list.length === 0) return NO_VALUE;
  return (
    <ul>
      {[...new Map(list.map(({ id, name }) => [id, name]))].map(([id, name]) => (
        <li key={id}>
          <SafeText text={name} />
        </li>
      ))}
    </ul>
  );
}

export function MergeComparison({ kept, absorbed, zone }: { kept: Member; absorbed: Member; zone: string }) {
  const { t } = useTranslation(["members", "common"]);
  const language = useLanguage();
  const at = (moment: string | null) => (moment === null ? NO_VALUE : formatDateTime(moment, zone, language));
  const value = (one: AttributeValue | undefined) =>
    one ? <SafeText text={attributeText(one.type, one.value, language, (yes) => t(yes ? "yes" : "no"))} /> : NO_VALUE;
  const kinds = [...new Map([...kept.attributes, ...absorbed.attributes].map((one) => [one.key, one])).values()];
  const of = (member: Member, key: string) => member.attributes.find((one) => one.key === key);
  const places = (member: Member) => member.participations.map(({ community }) => community);
  const rows: { key: string; label: ReactNode; cells: [ReactNode, ReactNode, ReactNode] }[] = [
    {
      key: "name",
      label: t("field.name"),
      cells: [<SafeText key="k" text={kept.name} />, <SafeText key="a" text={absorbed.name} />, <SafeText key="r" text={kept.name} />],
    },
    {
      key: "identities",
      label: t("identity.title"),
      cells: [
        <IdentityList key="k" list={kept.identities} />,
        <IdentityList key="a" list={absorbed.identities} />,
        <IdentityList key="r" list={[...kept.identities, ...absorbed.identities]} />,
      ],
    },
    {
      key: "messages",
      label: t("field.messages"),
      cells: [formatCount(kept.messages), formatCount(absorbed.messages), formatCount(kept.messages + absorbed.messages)],
    },
    { key: "joined", label: t("field.joined"), cells: [at(kept.joined_at), at(absorbed.joined_at), at(earliest(kept.joined_at, absorbed.joined_at))] },
    {
      key: "active",
      label: t("field.lastActive"),
      cells: [at(kept.last_active_at), at(absorbed.last_active_at), at(latest(kept.last_active_at, absorbed.last_active_at))],
    },
    {
      key: "communities",
      label: t("field.communities"),
      cells: [<Names key="k" list={places(kept)} />, <Names key="a" list={places(absorbed)} />, <Names key="r" list={[...places(kept), ...places(absorbed)]} />],
    },
    ...kinds.map(({ key, name_zh, name_en }) => ({
      key: `attribute.${key}`,
      label: <SafeText text={attributeName({ name_zh, name_en }, language)} />,
      cells: [value(of(kept, key)), value(of(absorbed, key)), value(of(kept, key) ?? of(absorbed, key))] as [ReactNode, ReactNode, ReactNode],
    })),
  ];
  return (
    <div className="ht-compare-frame" role="region" aria-label={t("merge.compare")} tabIndex={0}>
      <table className="ht-compare">
        <thead>
          <tr>
            <td />
            <th scope="col">{t("merge.kept")}</th>
            <th scope="col">{t("merge.absorbed")}</th>
            <th scope="col" className="ht-compare-result">
              {t("merge.result")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, label, cells }) => (
            <tr key={key}>
              <th scope="row">{label}</th>
              <td>{cells[0]}</td>
              <td>{cells[1]}</td>
              <td className="ht-compare-result">{cells[2]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
