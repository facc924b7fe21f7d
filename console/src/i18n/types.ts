/** Teaches the compiler every key: a key that no file has does not build. Add a line here with each new namespace. */
import "i18next";

import type common from "./zh/common.json";
import type communities from "./zh/communities.json";
import type entry from "./zh/entry.json";
import type errors from "./zh/errors.json";
import type home from "./zh/home.json";
import type imports from "./zh/imports.json";
import type insights from "./zh/insights.json";
import type kit from "./zh/kit.json";
import type lifecycle from "./zh/lifecycle.json";
import type lists from "./zh/lists.json";
import type members from "./zh/members.json";
import type reports from "./zh/reports.json";
import type segments from "./zh/segments.json";
import type settings from "./zh/settings.json";
import type shell from "./zh/shell.json";
import type tags from "./zh/tags.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: {
      common: typeof common;
      communities: typeof communities;
      entry: typeof entry;
      errors: typeof errors;
      home: typeof home;
      imports: typeof imports;
      insights: typeof insights;
      kit: typeof kit;
      lifecycle: typeof lifecycle;
      lists: typeof lists;
      members: typeof members;
      reports: typeof reports;
      segments: typeof segments;
      settings: typeof settings;
      shell: typeof shell;
      tags: typeof tags;
    };
  }
}
