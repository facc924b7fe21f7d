/** A translated sentence with elements in it: names stay isolated and links stay links, in whatever order the language has. */
import { Fragment, type ReactNode } from "react";

const MARK = "\u0000";

/** Stands in a translation for the element of that number, given as one of its values. */
export const slot = (index: number): string => `${MARK}${index}${MARK}`;

export function Phrase({ text, parts }: { text: string; parts: readonly ReactNode[] }) {
  return (
    <>
      {text.split(MARK).map((piece, index) => (
        <Fragment key={index}>{index % 2 === 1 ? parts[Number(piece)] : piece}</Fragment>
      ))}
    </>
  );
}
