/** The titles a route can name in `staticData.title`. */
export const titleKeys = {
  home: "shell:nav.home",
  members: "shell:nav.members",
  member: "shell:title.member",
  persona: "insights:persona.title",
  tags: "tags:title",
  edits: "tags:edit.title",
  lifeCycle: "members:nav.lifeCycle",
  rfm: "members:nav.rfm",
  segments: "segments:title",
  newSegment: "segments:edit.newTitle",
  segment: "segments:one",
  editSegment: "segments:edit.title",
  attributes: "shell:title.attributes",
  communities: "shell:nav.communities",
  community: "communities:one",
  group: "communities:group.one",
  workspaceSettings: "settings:workspace.title",
  staff: "settings:staff.title",
  roles: "settings:roles.title",
  keys: "settings:keys.title",
  sources: "settings:sources.title",
  source: "settings:source.one",
  eventTypes: "settings:eventTypes.title",
  audit: "settings:audit.title",
  system: "settings:system.title",
  analytics: "shell:nav.analytics",
  settings: "shell:nav.settings",
  import: "shell:title.import",
  login: "shell:title.login",
  setup: "shell:title.setup",
  invite: "shell:title.invite",
  account: "shell:title.account",
  newWorkspace: "shell:newWorkspace",
  guide: "shell:title.guide",
  notFound: "shell:title.notFound",
  gallery: "shell:title.gallery",
} as const;

export type TitleKey = keyof typeof titleKeys;

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    title?: TitleKey;
  }
}
