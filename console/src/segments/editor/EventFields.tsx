/** The fields of rows about events: how often, of what measure, when, where, or followed by what. */
import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { plainText } from "../../kit/safeText";
import { Select } from "../../kit/Select";
import { useEditing, useRow } from "./context";
import type { EventLeaf, SequenceLeaf } from "./language";
import {
  countTest,
  HOWS,
  howOf,
  isOrder,
  measureOf,
  needed,
  spanOf,
  SPANS,
  windowOf,
  withCountOperator,
  withHow,
  withMeasured,
  withOperator,
  withType,
  type How,
  type Span,
} from "./leaf";
import { CountOperatorSelect, Operator } from "./Operator";
import { Part } from "./Part";
import { AddTest, PropertyPicker, TypePicker, Where } from "./Properties";
import { matches } from "./search";
import { ValueInput } from "./ValueInput";
import { WindowInput } from "./WindowInput";

type AnyEvent = EventLeaf | SequenceLeaf;
type Put<Of> = (leaf: Of, field?: string) => void;

const HOW_GROUPS = { often: HOWS.slice(0, 3), measured: HOWS.slice(3, 9), after: HOWS.slice(9) } as const;
const GROUP_NAMES = ["often", "measured", "after"] as const;

function HowSelect({ how, onChange }: { how: How; onChange: (how: How) => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const { disabled } = useEditing();
  return (
    <Part at="measure/of" label={t("editor.how")} className="ht-ce-operator">
      {(control) => (
        <Select
          {...control}
          disabled={disabled}
          value={how}
          popupMatchSelectWidth={false}
          listHeight={400}
          options={GROUP_NAMES.map((group) => ({ label: t(`editor.hows.${group}`), title: group, options: HOW_GROUPS[group].map((one) => ({ value: one, label: t(`editor.howName.${one}`) })) }))}
          onChange={(next: unknown) => {
            const chosen = HOWS.find((one) => one === next);
            if (chosen) onChange(chosen);
          }}
        />
      )}
    </Part>
  );
}

function Counted({ leaf, put }: { leaf: EventLeaf; put: Put<EventLeaf> }) {
  const test = countTest(leaf);
  return (
    <>
      <CountOperatorSelect
        at="op"
        op={test.op}
        onChange={(op) => {
          put({ ...leaf, ...needed(withCountOperator(test, op)) });
        }}
      />
      <ValueInput
        at="value"
        type="number"
        times
        test={test}
        of={null}
        onChange={(value) => {
          put({ ...leaf, ...needed({ op: test.op, value }) }, "value");
        }}
      />
    </>
  );
}

function Measured({ leaf, put }: { leaf: EventLeaf; put: Put<EventLeaf> }) {
  const { words } = useEditing();
  const measure = measureOf(leaf);
  const test = countTest(leaf);
  const ordered = isOrder(measure.of);
  const type = ordered ? measure.type : "number";
  const known = words.property(leaf.event, measure.property).type;
  return (
    <>
      <PropertyPicker
        at="measure/property"
        event={leaf.event}
        value={measure.property}
        onChange={(property, of) => {
          put(withMeasured(leaf, property, of));
        }}
      />
      {ordered && measure.property !== "" && known === undefined ? (
        <TypePicker
          at="measure/type"
          measured
          value={measure.type}
          onChange={(next) => {
            put({ ...leaf, measure: { ...measure, type: next }, ...needed(withType(next, test, false)) });
          }}
        />
      ) : null}
      {ordered ? (
        <Operator
          at="op"
          type={type}
          op={test.op}
          allowEmpty={false}
          onChange={(op) => {
            put({ ...leaf, ...needed(withOperator(type, test, op)) });
          }}
        />
      ) : (
        <CountOperatorSelect
          at="op"
          op={test.op}
          onChange={(op) => {
            put({ ...leaf, ...needed(withCountOperator(test, op)) });
          }}
        />
      )}
      <ValueInput
        at="value"
        type={type}
        test={test}
        of={measure.property === "" ? null : { event: leaf.event, property: measure.property }}
        onChange={(value, typed) => {
          put({ ...leaf, ...needed({ op: test.op, value }) }, typed ? "value" : undefined);
        }}
      />
    </>
  );
}

function Followed({ leaf, put }: { leaf: SequenceLeaf; put: Put<SequenceLeaf> }) {
  const { t } = useTranslation(["segments", "common"]);
  const { words, disabled } = useEditing();
  const [chosen, setChosen] = useState<Span | null>(null);
  const unit = chosen !== null && (leaf.within_minutes === null || leaf.within_minutes % SPANS[chosen] === 0) ? chosen : spanOf(leaf.within_minutes);
  const number = leaf.within_minutes === null ? undefined : leaf.within_minutes / SPANS[unit];
  const missing = leaf.then.event !== "" && !words.eventOptions.some(({ value }) => value === leaf.then.event);
  return (
    <>
      <Part at="then/event" label={t("editor.thenEvent")} className="ht-ce-then">
        {(control) => (
          <Select
            {...control}
            disabled={disabled}
            placeholder={t("editor.eventHint")}
            value={leaf.then.event === "" ? null : leaf.then.event}
            options={[...(missing ? [{ value: leaf.then.event, label: plainText(leaf.then.event), search: leaf.then.event }] : []), ...words.eventOptions]}
            popupMatchSelectWidth={280}
            showSearch={{ filterOption: (typed, option) => option !== undefined && matches(option.search, typed) }}
            onChange={(event: string | null) => {
              put({ ...leaf, then: { ...leaf.then, event: event ?? "" } });
            }}
          />
        )}
      </Part>
      <span className="ht-ce-span">
        <span className="ht-secondary">{t("editor.within")}</span>
        <ValueInput
          at="within_minutes"
          type="number"
          times
          test={{ op: "is", value: number }}
          of={null}
          unit=""
          onChange={(value) => {
            put({ ...leaf, within_minutes: typeof value === "number" ? value * SPANS[unit] : null }, "within_minutes");
          }}
        />
        <Part at="within_minutes" label={t("editor.spanUnit")}>
          {(control) => (
            <Select
              {...control}
              disabled={disabled}
              value={unit}
              popupMatchSelectWidth={false}
              options={(Object.keys(SPANS) as Span[]).map((one) => ({ value: one, label: t(`editor.span.${one}`) }))}
              onChange={(next) => {
                setChosen(next);
                put({ ...leaf, within_minutes: number === undefined ? null : Math.max(1, Math.round(number)) * SPANS[next] });
              }}
            />
          )}
        </Part>
      </span>
    </>
  );
}

const SCOPES = ["community", "group"] as const;

function Scope({ leaf, put, onClose }: { leaf: EventLeaf; put: Put<EventLeaf>; onClose: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const { words, disabled } = useEditing();
  const set = SCOPES.filter((kind) => typeof leaf[kind] === "string");
  const sections = words.sections.filter(({ kind }) => SCOPES.some((one) => one === kind));
  const choose = (text: string | undefined, before: (typeof SCOPES)[number] | undefined) => {
    const { community, group, ...rest } = leaf;
    const kept = { ...(typeof community === "string" && before !== "community" ? { community } : {}), ...(typeof group === "string" && before !== "group" ? { group } : {}) };
    const kind = SCOPES.find((one) => text?.startsWith(`${one}:`));
    put({ ...rest, ...kept, ...(kind && text ? { [kind]: text.slice(kind.length + 1) } : {}) });
    if (!kind) onClose();
  };
  return (
    <>
      {(set.length > 0 ? set : [undefined]).map((kind) => {
        const value = kind && leaf[kind] ? `${kind}:${leaf[kind]}` : undefined;
        const known = value === undefined || sections.some(({ options }) => options.some((one) => one.value === value));
        return (
          <span key={kind ?? "none"} className="ht-ce-scope ht-ce-line">
            <span className="ht-secondary">{t("editor.inPlace")}</span>
            <Part at={kind ?? "community"} label={t("editor.place")} className="ht-ce-then">
              {(control) => (
                <Select
                  {...control}
                  allowClear
                  autoFocus={kind === undefined}
                  disabled={disabled}
                  placeholder={t("editor.placeHint")}
                  value={value}
                  popupMatchSelectWidth={280}
                  options={[
                    ...(known ? [] : [{ label: t("editor.gone"), title: "", options: [{ value: value, label: t("editor.gone"), search: "" }] }]),
                    ...sections.map((section) => ({ label: t(`editor.section.${section.kind}`), title: section.kind, options: section.options })),
                  ]}
                  showSearch={{ filterOption: (typed, option) => option !== undefined && "search" in option && matches(String(option.search), typed) }}
                  onChange={(next: string | undefined) => {
                    choose(next, kind);
                  }}
                />
              )}
            </Part>
          </span>
        );
      })}
    </>
  );
}

export function EventFields({ leaf, put }: { leaf: AnyEvent; put: Put<AnyEvent> }) {
  const { t } = useTranslation(["segments", "common"]);
  const { words, disabled } = useEditing();
  const { name } = useRow();
  const [counting, setCounting] = useState(false);
  const [scoping, setScoping] = useState(false);
  const how = howOf(leaf, counting);
  const change = (next: How) => {
    setCounting(next === "count");
    put(withHow(leaf, next, (event) => words.properties(event).find(({ type, name: one }) => type === "number" && !one.startsWith("$"))?.name));
  };
  const scoped = leaf.kind === "event" && SCOPES.some((kind) => typeof leaf[kind] === "string");
  return (
    <>
      <HowSelect how={how} onChange={change} />
      {leaf.kind === "sequence" ? <Followed leaf={leaf} put={put} /> : how === "count" ? <Counted leaf={leaf} put={put} /> : how === "did" || how === "did_not" ? null : <Measured leaf={leaf} put={put} />}
      <WindowInput
        window={windowOf(leaf)}
        onChange={(window, field) => {
          put({ ...leaf, window }, field);
        }}
      />
      {leaf.kind === "sequence" ? (
        <>
          <Where
            prefix="first"
            step={leaf.first}
            onChange={(first, field) => {
              put({ ...leaf, first }, field);
            }}
          />
          {leaf.then.where && leaf.then.where.length > 0 ? <span className="ht-ce-break ht-secondary">{t("editor.thenWhere")}</span> : null}
          <Where
            prefix="then"
            step={leaf.then}
            onChange={(then, field) => {
              put({ ...leaf, then }, field);
            }}
          />
        </>
      ) : (
        <Where prefix="" step={leaf} onChange={put} />
      )}
      {leaf.kind === "event" && (scoped || scoping) ? (
        <Scope
          leaf={leaf}
          put={put}
          onClose={() => {
            setScoping(false);
          }}
        />
      ) : null}
      <span className="ht-ce-more">
        {leaf.kind === "sequence" ? (
          <>
            <AddTest
              step={leaf.first}
              label={t("editor.addFirstTest")}
              onChange={(first) => {
                put({ ...leaf, first });
              }}
            />
            <AddTest
              step={leaf.then}
              label={t("editor.addThenTest")}
              onChange={(then) => {
                put({ ...leaf, then });
              }}
            />
          </>
        ) : (
          <>
            <AddTest step={leaf} label={t("editor.addTest")} onChange={put} />
            {scoped || scoping ? null : (
              <Button
                type="link"
                size="small"
                disabled={disabled}
                icon={<PlusOutlined aria-hidden />}
                aria-label={`${name}: ${t("editor.addPlace")}`}
                onClick={() => {
                  setScoping(true);
                }}
              >
                {t("editor.addPlace")}
              </Button>
            )}
          </>
        )}
      </span>
    </>
  );
}
