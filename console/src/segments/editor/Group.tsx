/** A group: how its conditions are joined, the conditions, and the way to one more. */
import { DownOutlined, PlusOutlined, RightOutlined } from "@ant-design/icons";
import { Button, Segmented } from "antd";
import { useTranslation } from "react-i18next";

import * as act from "./actions";
import { useEditing, type RowPlace } from "./context";
import { NodeFrame, type Framed } from "./NodeFrame";
import { Row } from "./Row";
import { isNegated, visible, type GroupNode, type TreeNode } from "./tree";

export interface Walk extends Omit<Framed, "isCurrent" | "joined"> {
  current: string;
  numbers: ReadonlyMap<string, string>;
  problems: ReadonlyMap<string, RowPlace["problems"]>;
  folded: ReadonlySet<string>;
  onFold: (id: string, folded: boolean) => void;
  opening: string | null;
}

const NOTHING: RowPlace["problems"] = [];

function Head({ node, name, walk }: { node: GroupNode; name: string; walk: Walk }) {
  const { t } = useTranslation(["segments", "common"]);
  const { run, disabled } = useEditing();
  const isRoot = name === "";
  const isFolded = walk.folded.has(node.id);
  const label = isRoot ? t("editor.joinLabel") : `${name}: ${t("editor.joinLabel")}`;
  const count = visible(node).filter(({ type }) => type === "row").length;
  return (
    <div className="ht-ce-head">
      {isRoot ? null : (
        <Button
          type="text"
          size="small"
          icon={isFolded ? <RightOutlined /> : <DownOutlined />}
          aria-expanded={!isFolded}
          aria-label={`${name}: ${t(isFolded ? "editor.unfold" : "editor.fold")}`}
          onClick={() => {
            walk.onFold(node.id, !isFolded);
          }}
        />
      )}
      <Segmented
        size="small"
        aria-label={label}
        disabled={disabled}
        value={node.join}
        options={[
          { value: "all" as const, label: t("editor.all") },
          { value: "any" as const, label: t("editor.any") },
        ]}
        onChange={(join) => {
          run(act.setJoin(node.id, join));
        }}
      />
      <Button
        size="small"
        type={isNegated(node) ? "primary" : "text"}
        danger={isNegated(node)}
        aria-pressed={isNegated(node)}
        aria-label={isRoot ? t("editor.notAll") : `${name}: ${t("editor.notAll")}`}
        title={t("editor.notHint")}
        disabled={disabled}
        onClick={() => {
          run(act.toggleNot(node.id));
        }}
      >
        {t("editor.notAll")}
      </Button>
      {isFolded ? <span className="ht-secondary">{t("editor.folded", { count })}</span> : null}
    </div>
  );
}

function Foot({ node, name }: { node: GroupNode; name: string }) {
  const { t } = useTranslation(["segments", "common"]);
  const { run, disabled } = useEditing();
  const isRoot = name === "";
  const named = (text: string) => (isRoot ? text : `${name}: ${text}`);
  return (
    <div className="ht-ce-foot" data-foot={node.id}>
      <Button
        size="small"
        type={isRoot ? "default" : "link"}
        disabled={disabled}
        icon={<PlusOutlined aria-hidden />}
        aria-label={named(t("editor.addRow"))}
        onClick={() => {
          run(act.addRow(node.id));
        }}
      >
        {t("editor.addRow")}
      </Button>
      <Button
        size="small"
        type={isRoot ? "default" : "link"}
        disabled={disabled}
        icon={<PlusOutlined aria-hidden />}
        aria-label={named(t("editor.addGroup"))}
        onClick={() => {
          run(act.addGroup(node.id));
        }}
      >
        {t("editor.addGroup")}
      </Button>
    </div>
  );
}

function Node({ node, index, parent, walk }: { node: TreeNode; index: number; parent: GroupNode; walk: Walk }) {
  const { t } = useTranslation(["segments", "common"]);
  const number = walk.numbers.get(node.id) ?? "";
  const framed: Framed = {
    treeNow: walk.treeNow,
    onCurrent: walk.onCurrent,
    onWalk: walk.onWalk,
    isCurrent: walk.current === node.id,
    joined: index === 0 ? null : parent.join,
  };
  const problems = walk.problems.get(node.id) ?? NOTHING;
  if (node.type === "row") return <Row node={node} number={number} problems={problems} opens={walk.opening === node.id} {...framed} />;
  const name = t("editor.groupName", { number });
  return (
    <NodeFrame
      node={node}
      name={name}
      negated={false}
      wrong={problems.length > 0}
      onFold={(folded) => {
        walk.onFold(node.id, folded);
      }}
      {...framed}
    >
      <Group node={node} name={name} walk={walk} />
      {problems.length > 0 ? (
        <ul className="ht-ce-problems">
          {problems.map(({ part, message }) => (
            <li key={`${part} ${message}`}>{message}</li>
          ))}
        </ul>
      ) : null}
    </NodeFrame>
  );
}

/** `name` is empty for the outermost group. */
export function Group({ node, name, walk }: { node: GroupNode; name: string; walk: Walk }) {
  const { t } = useTranslation(["segments", "common"]);
  const folded = walk.folded.has(node.id);
  return (
    <div className="ht-ce-group" data-join={node.join} data-negated={isNegated(node)} role="group" aria-label={name === "" ? t("editor.label") : name}>
      <Head node={node} name={name} walk={walk} />
      {folded ? null : (
        <>
          {node.children.length === 0 ? (
            <p className="ht-ce-nothing ht-secondary">{t(node.join === "all" ? "editor.nothingAll" : "editor.nothingAny")}</p>
          ) : (
            <ul className="ht-ce-list">
              {node.children.map((child, index) => (
                <Node key={child.id} node={child} index={index} parent={node} walk={walk} />
              ))}
            </ul>
          )}
          <Foot node={node} name={name} />
        </>
      )}
    </div>
  );
}
