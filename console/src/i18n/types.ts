/** Teaches the compiler every key: a key that no file has does not build. Add a line here with each new namespace. */
import "i18next";

import type alerts from "./zh/alerts.json";
import type automation from "./zh/automation.json";
import type broadcasts from "./zh/broadcasts.json";
import type channels from "./zh/channels.json";
import type common from "./zh/common.json";
import type communities from "./zh/communities.json";
import type entry from "./zh/entry.json";
import type errors from "./zh/errors.json";
import type home from "./zh/home.json";
import type imports from "./zh/imports.json";
import type inbox from "./zh/inbox.json";
import type insights from "./zh/insights.json";
import type journeys from "./zh/journeys.json";
import type kit from "./zh/kit.json";
import type lifecycle from "./zh/lifecycle.json";
import type lists from "./zh/lists.json";
import type members from "./zh/members.json";
import type messages from "./zh/messages.json";
import type replies from "./zh/replies.json";
import type reports from "./zh/reports.json";
import type scripts from "./zh/scripts.json";
import type segments from "./zh/segments.json";
import type sending from "./zh/sending.json";
import type settings from "./zh/settings.json";
import type shell from "./zh/shell.json";
import type tags from "./zh/tags.json";
import type todos from "./zh/todos.json";
import type welcomes from "./zh/welcomes.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: {
      alerts: typeof alerts;
      automation: typeof automation;
      broadcasts: typeof broadcasts;
      channels: typeof channels;
      common: typeof common;
      communities: typeof communities;
      entry: typeof entry;
      errors: typeof errors;
      home: typeof home;
      imports: typeof imports;
      inbox: typeof inbox;
      insights: typeof insights;
      journeys: typeof journeys;
      kit: typeof kit;
      lifecycle: typeof lifecycle;
      lists: typeof lists;
      members: typeof members;
      messages: typeof messages;
      replies: typeof replies;
      reports: typeof reports;
      scripts: typeof scripts;
      segments: typeof segments;
      sending: typeof sending;
      settings: typeof settings;
      shell: typeof shell;
      tags: typeof tags;
      todos: typeof todos;
      welcomes: typeof welcomes;
    };
  }
}
