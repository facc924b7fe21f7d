/** What the build makes of a page of the guide (scripts/guide.ts). */

/** Markup, or a block of code, which gets a button to copy it. `label` is the heading it stands under. */
export type Piece = { html: string } | { code: string; label: string };

/** A page in the table of contents. */
export interface Entry {
  /** Its address below /guide, such as `import/wechat`. */
  page: string;
  /** Where the page has both languages, the part in the reader's. */
  hash: string;
  title: string;
}

export interface Section {
  title: string;
  entries: Entry[];
}

export interface GuideDocument {
  title: string;
  pieces: Piece[];
  /** The pages this one lists under its headings; only the first page of the guide has any. */
  contents: Section[];
}
