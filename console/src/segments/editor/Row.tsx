/** One condition: what it is about, then how it is asked, as a sentence of controls. */
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { addRowAfter, changeLeaf, toggleNot } from "./actions";
import { Belonging } from "./Belonging";
import { problemId, RowContext, useEditing, type RowPlace } from "./context";
import { EventFields } from "./EventFields";
import { without, type Leaf } from "./language";
import { withOperator } from "./leaf";
import { NodeFrame, type Framed } from "./NodeFrame";
import { Operator } from "./Operator";
import { SubjectPicker } from "./SubjectPicker";
import { isNegated, type RowNode } from "./tree";
import { ValueInput } from "./ValueInput";
import { leafName } from "./vocabulary";

interface RowProps extends Framed {
  node: RowNode;
  number: string;
  problems: RowPlace["problems"];
  opens: boolean;
}

const isBelonging = (leaf: Leaf) => leaf.kind === "tag" || leaf.kind === "segment" || leaf.kind === "community" || leaf.kind === "group" || leaf.kind === "consent";

function Fields({ node, opens }: { node: RowNode; opens: boolean }) {
  const { words, run } = useEditing();
  const { id, leaf } = node;
  const put = (next: Leaf, field?: string) => {
    run(changeLeaf(id, next, field));
  };
  const subject = <SubjectPicker leaf={leaf} onChange={put} opens={opens} />;
  if (leaf.kind === "event" || leaf.kind === "sequence") {
    return (
      <>
        {subject}
        <EventFields leaf={leaf} put={put} />
      </>
    );
  }
  if (leaf.kind === "attribute" || leaf.kind === "score") {
    const type = leaf.kind === "score" ? "number" : words.attributeType(leaf.key);
    return (
      <>
        {subject}
        <Operator
          at="op"
          type={type}
          op={leaf.op}
          onChange={(op) => {
            put({ ...without(leaf, "op", "value"), ...withOperator(type, leaf, op) });
          }}
        />
        <ValueInput
          at="value"
          type={type}
          test={leaf}
          of={leaf.kind === "attribute" ? { attribute: leaf.key } : null}
          options={leaf.kind === "attribute" ? words.attributeOptions(leaf.key) : []}
          onChange={(value, typed) => {
            put({ ...without(leaf, "value"), ...(value === undefined ? {} : { value }) }, typed ? "value" : undefined);
          }}
        />
      </>
    );
  }
  if (isBelonging(leaf)) {
    return (
      <>
        {subject}
        <Belonging
          leaf={leaf}
          negated={isNegated(node)}
          onToggle={() => {
            run(toggleNot(id));
          }}
        />
      </>
    );
  }
  return subject;
}

const TYPED_INTO = ["text", "date", "search"];

export const Row = memo(function Row({ node, number, problems, opens, ...framed }: RowProps) {
  const { t } = useTranslation(["segments", "common"]);
  const { words, run } = useEditing();
  const name = t("editor.rowName", { number, name: leafName(node.leaf, words) || t("editor.rowEmpty") });
  const negated = isNegated(node) && !isBelonging(node.leaf);
  return (
    <NodeFrame node={node} name={name} {...framed} negated={negated} wrong={problems.length > 0}>
      <RowContext value={{ id: node.id, name, problems }}>
        <div
          className="ht-ce-fields"
          role="group"
          aria-label={name}
          onKeyDown={(event) => {
            // Enter in a field goes on to the next condition; lists and buttons keep their own Enter.
            if (event.key !== "Enter" || event.nativeEvent.isComposing || !(event.target instanceof HTMLInputElement)) return;
            const { type, role } = event.target;
            if (!TYPED_INTO.includes(type) || role === "combobox" || event.target.getAttribute("role") === "combobox") return;
            event.preventDefault();
            run(addRowAfter(node.id));
          }}
        >
          <Fields node={node} opens={opens} />
        </div>
        {problems.length > 0 ? (
          <ul className="ht-ce-problems">
            {problems.map(({ part, message }) => (
              <li key={`${part} ${message}`} id={problemId(node.id, part)}>
                {message}
              </li>
            ))}
          </ul>
        ) : null}
      </RowContext>
    </NodeFrame>
  );
});
