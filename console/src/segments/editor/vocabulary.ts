/** The vocabulary as the editor asks it: names in the reader's language, and the list of everything a row can be about. */
import type { Language } from "../../i18n/language";
import { plainText } from "../../kit/safeText";
import { isPropertyType, type PropertyType, type ValueType, type Vocabulary } from "./language";
import { subjectOf, subjectText, SUBJECTS, typeOrText, type SubjectKind } from "./leaf";
import type { Leaf } from "./language";
import { alsoFoundBy, searchText } from "./search";

export interface Option {
  value: string;
  label: string;
  search: string;
}

export interface Section {
  kind: SubjectKind;
  options: Option[];
}

export interface Property {
  name: string;
  label: string;
  type: PropertyType | undefined;
}

interface Named {
  zh: string;
  en: string;
}

export interface Words {
  vocabulary: Vocabulary;
  sections: Section[];
  /** The name of what a row is about; undefined where there is no such thing (any more). */
  subjectName: (kind: SubjectKind, key: string) => string | undefined;
  attributeType: (key: string) => ValueType;
  attributeOptions: (key: string) => readonly string[];
  /** Those every event has, and its own; the event's own first. */
  properties: (event: string) => Property[];
  property: (event: string, name: string) => Property;
  eventOptions: Option[];
}

/** Groups are shown with their community: names of groups repeat. */
export function wordsOf(vocabulary: Vocabulary, language: Language): Words {
  const said = ({ zh, en }: Named) => plainText(language === "zh" ? zh : en);
  const bilingual = (value: string, one: Named, key: string): Option => ({ value, label: said(one), search: searchText(one.zh, one.en, key) });
  const plain = (kind: SubjectKind, id: string, name: string): Option => ({ value: subjectText({ kind, key: id }), label: plainText(name), search: searchText(name) });
  const communities = new Map(vocabulary.communities.map(({ id, name }) => [id, name]));
  const groupName = ({ name, community_id }: Vocabulary["groups"][number]) => `${communities.get(community_id) ?? ""} · ${name}`.replace(/^ · /, "");
  const of: Record<SubjectKind, () => Option[]> = {
    attribute: () => vocabulary.attributes.map((one) => bilingual(`attribute:${one.key}`, one, one.key)),
    event: () => vocabulary.events.map((one) => bilingual(`event:${one.name}`, one, one.name)),
    tag: () => vocabulary.tags.map(({ id, name, group }) => ({ ...plain("tag", id, name), search: alsoFoundBy(searchText(name), group ?? "") })),
    segment: () => vocabulary.segments.map(({ id, name }) => plain("segment", id, name)),
    community: () => vocabulary.communities.map(({ id, name }) => plain("community", id, name)),
    group: () => vocabulary.groups.map((one) => plain("group", one.id, groupName(one))),
    score: () => vocabulary.scores.map((one) => bilingual(`score:${one.name}`, one, one.name)),
    consent: () => vocabulary.purposes.map((one) => bilingual(`consent:${one.name}`, one, one.name)),
  };
  const sections = SUBJECTS.map((kind) => ({ kind, options: of[kind]() })).filter(({ options }) => options.length > 0);
  const labels = new Map(sections.flatMap(({ options }) => options.map(({ value, label }) => [value, label] as const)));
  const attributes = new Map(vocabulary.attributes.map((one) => [one.key, one]));
  const word = ({ name, type, ...rest }: Vocabulary["built_in_properties"][number]): Property => ({ name, label: said(rest), type: isPropertyType(type) ? type : undefined });
  const builtIn = vocabulary.built_in_properties.map(word);
  const ofEvent = new Map(vocabulary.events.map(({ name, properties }) => [name, [...properties.map(word), ...builtIn]]));
  const properties = (event: string) => ofEvent.get(event) ?? builtIn;
  return {
    vocabulary,
    sections,
    subjectName: (kind, key) => labels.get(subjectText({ kind, key })),
    attributeType: (key) => typeOrText(attributes.get(key)?.type),
    attributeOptions: (key) => attributes.get(key)?.options ?? [],
    properties,
    property: (event, name) => properties(event).find((one) => one.name === name) ?? { name, label: name, type: undefined },
    eventOptions: vocabulary.events.map((one) => bilingual(one.name, one, one.name)),
  };
}

/** What a row is called to people who hear the page; empty while nothing is chosen. */
export function leafName(leaf: Leaf, words: Words): string {
  const subject = subjectOf(leaf);
  return subject ? (words.subjectName(subject.kind, subject.key) ?? plainText(subject.key)) : "";
}
