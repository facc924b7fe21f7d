/** Every address of the console. Pages are loaded when they are first opened. */
import { useQuery, type QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
  useRouteContext,
} from "@tanstack/react-router";
import { useMemo } from "react";

import { parseJourneySearch, parseJourneysSearch } from "../automation/journeys/filters";
import { parseNewRuleSearch, parseRuleSearch, parseRulesSearch } from "../automation/rules/filters";
import { parseBroadcastsSearch } from "../broadcasts/filters";
import { parseCommunitiesSearch, parseCommunitySearch, parseGroupSearch } from "../communities/filters";
import { FIRST_PAGE, guideQuery } from "../guide/pages";
import { currentLanguage, withTexts } from "../i18n";
import { parseInboxSearch } from "../inbox/filters";
import { parseLifeCycleSearch, parseRFMSearch } from "../lifecycle/filters";
import { parseImportSearch } from "../imports/kinds";
import { parseMemberSearch, parseMembersSearch } from "../members/filters";
import { parseScriptsSearch } from "../scripts/filters";
import { parseSegmentSearch, parseSegmentsSearch } from "../segments/filters";
import { parseSendingSearch } from "../sending/filters";
import { parseAccountSearch } from "../channels/filters";
import { parseAuditSearch, parseEventTypesSearch, parseSettingsSearch } from "../workspaces/settings/filters";
import { parseAnalyticsSearch, parseReportSearch, type ReportSearch } from "../reports/filters";
import { extentQuery, whoseOf } from "../reports/scope";
import { parseTagsSearch } from "../tags/filters";
import { parseNewRuleSearch as parseNewReplySearch, parseRepliesSearch } from "../replies/filters";
import { parseAlertsSearch } from "../alerts/filters";
import { parseTodosSearch } from "../todos/filters";
import { NotFound } from "./NotFound";
import { PageFailure } from "./PageFailure";
import { PageSkeleton } from "./PageSkeleton";
import { PageTitle } from "./PageTitle";
import { PlainFrame } from "./PlainFrame";
import { parseSearch, stringifySearch } from "./search";
import { communitiesQuery, loadCommunities, loadSession, placeOf, SessionContext, sessionOf, sessionQuery, setupQuery, type Place, type User } from "./session";
import { Shell } from "./Shell";

interface RouterContext {
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet });

/** Only an address of this console is followed after the log-in. */
function localPath(raw: unknown): string | undefined {
  if (typeof raw !== "string" || !raw.startsWith("/")) return undefined;
  const target = URL.parse(raw, window.location.origin);
  return target?.origin === window.location.origin ? raw : undefined;
}

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = localPath(search.next);
    return next === undefined ? {} : { next };
  },
  staticData: { title: "login" },
  component: lazyRouteComponent(() => import("../workspaces/LoginPage"), "LoginPage"),
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  staticData: { title: "setup" },
  component: lazyRouteComponent(() => import("../workspaces/SetupPage"), "SetupPage"),
});
const inviteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invite/$token",
  staticData: { title: "invite" },
  component: lazyRouteComponent(() => import("../workspaces/InvitePage"), "InvitePage"),
});
const newWorkspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/workspaces/new",
  staticData: { title: "newWorkspace" },
  component: lazyRouteComponent(() => import("../workspaces/NewWorkspacePage"), "NewWorkspacePage"),
});

interface InsideSearch {
  community?: string;
  workspace?: string;
}

const insideSearch = (search: Record<string, unknown>): InsideSearch => ({
  ...(typeof search.community === "string" ? { community: search.community } : {}),
  ...(typeof search.workspace === "string" ? { workspace: search.workspace } : {}),
});

interface Entered {
  user: User;
  place: Place;
}

/** The data loaded before, kept live: what a page changes about the session shows at once. */
function SignedIn({ place: entered, user: signedIn }: Entered) {
  const { data: answer } = useQuery(sessionQuery);
  const place = answer?.staff.find(({ workspace }) => workspace.id === entered.workspace.id) ?? entered;
  const { data: communities = [] } = useQuery(communitiesQuery(place.workspace.id));
  const session = useMemo(
    () => sessionOf(answer?.user ?? signedIn, answer?.staff ?? [place], place, communities),
    [answer, signedIn, place, communities],
  );
  return (
    <SessionContext value={session}>
      <PageTitle workspace={session.workspace.name} />
      <Shell>
        <Outlet />
      </Shell>
    </SessionContext>
  );
}

function Inside() {
  return <SignedIn {...useRouteContext({ from: "/_in" })} />;
}

const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "_in",
  validateSearch: insideSearch,
  search: { middlewares: [retainSearchParams(["community", "workspace"])] },
  async beforeLoad({ context: { queryClient }, location, search }) {
    const { user, staff } = await loadSession(queryClient);
    if (user === null) {
      const { needed } = await queryClient.query({ ...setupQuery, staleTime: 0 });
      if (needed) throw redirect({ to: "/setup" });
      throw redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href } });
    }
    const place = placeOf(staff, search.workspace);
    if (place === undefined) throw redirect({ to: "/workspaces/new" });
    await loadCommunities(queryClient, place.workspace.id);
    return { user, place };
  },
  component: Inside,
});

/** Asks for the days with data while the code of a page of numbers is still on its way. */
function beginReport({ context, deps }: { context: RouterContext & { place: Place }; deps: ReportSearch & InsideSearch }): void {
  for (const whose of [whoseOf(deps.community, deps), {}])
    context.queryClient.query(extentQuery(context.place.workspace.id, whose)).catch(() => undefined); // the page itself says what failed
}

const homeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/",
  validateSearch: parseReportSearch,
  loaderDeps: ({ search }) => search,
  loader: beginReport,
  staticData: { title: "home" },
  component: lazyRouteComponent(() => import("../home/HomePage"), "HomePage"),
});
const membersRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members",
  validateSearch: parseMembersSearch,
  staticData: { title: "members" },
  component: lazyRouteComponent(() => import("../members/MembersPage"), "MembersPage"),
});

const memberRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members/$memberId",
  validateSearch: parseMemberSearch,
  staticData: { title: "member" },
  component: lazyRouteComponent(() => import("../members/MemberPage"), "MemberPage"),
});

const personaRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members/segments/$segmentId/persona",
  staticData: { title: "persona" },
  component: lazyRouteComponent(() => import("../segments/persona/PersonaPage"), "PersonaPage"),
});
const tagsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members/tags",
  validateSearch: parseTagsSearch,
  staticData: { title: "tags" },
  component: lazyRouteComponent(() => import("../tags/TagsPage"), "TagsPage"),
});
const editsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members/edits",
  staticData: { title: "edits" },
  component: lazyRouteComponent(() => import("../tags/EditsPage"), "EditsPage"),
});
const lifeCycleRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members/life-cycle",
  validateSearch: parseLifeCycleSearch,
  staticData: { title: "lifeCycle" },
  component: lazyRouteComponent(() => import("../lifecycle/LifeCyclePage"), "LifeCyclePage"),
});
const rfmRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members/rfm",
  validateSearch: parseRFMSearch,
  staticData: { title: "rfm" },
  component: lazyRouteComponent(() => import("../lifecycle/RFMPage"), "RFMPage"),
});
const segmentsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members/segments",
  validateSearch: parseSegmentsSearch,
  staticData: { title: "segments" },
  component: lazyRouteComponent(() => import("../segments/SegmentsPage"), "SegmentsPage"),
});
const newSegmentRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members/segments/new",
  staticData: { title: "newSegment" },
  component: lazyRouteComponent(() => import("../segments/SegmentEditPage"), "NewSegmentPage"),
});
const segmentRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members/segments/$segmentId",
  validateSearch: parseSegmentSearch,
  staticData: { title: "segment" },
  component: lazyRouteComponent(() => import("../segments/SegmentPage"), "SegmentPage"),
});
const segmentEditRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/members/segments/$segmentId/edit",
  staticData: { title: "editSegment" },
  component: lazyRouteComponent(() => import("../segments/SegmentEditPage"), "SegmentEditPage"),
});

const attributesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/attributes",
  staticData: { title: "attributes" },
  component: lazyRouteComponent(() => import("../members/AttributesPage"), "AttributesPage"),
});
const communitiesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/communities",
  validateSearch: parseCommunitiesSearch,
  staticData: { title: "communities" },
  component: lazyRouteComponent(() => import("../communities/CommunitiesPage"), "CommunitiesPage"),
});
const communityRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/communities/$communityId",
  validateSearch: parseCommunitySearch,
  staticData: { title: "community" },
  component: lazyRouteComponent(() => import("../communities/CommunityPage"), "CommunityPage"),
});
const groupRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/communities/$communityId/groups/$groupId",
  validateSearch: parseGroupSearch,
  staticData: { title: "group" },
  component: lazyRouteComponent(() => import("../communities/GroupPage"), "GroupPage"),
});
const importRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/communities/import",
  staticData: { title: "import" },
  validateSearch: parseImportSearch,
  component: lazyRouteComponent(() => import("../imports/ImportsPage"), "ImportsPage"),
});

const oneImportRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/communities/import/$importId",
  staticData: { title: "import" },
  component: lazyRouteComponent(() => import("../imports/ImportPage"), "ImportPage"),
});

const alertsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/communities/alerts",
  validateSearch: parseAlertsSearch,
  staticData: { title: "alerts" },
  component: lazyRouteComponent(() => withTexts(["automation"], import("../alerts/AlertsPage")), "AlertsPage"),
});

const todosRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/communities/todos",
  validateSearch: parseTodosSearch,
  staticData: { title: "todos" },
  component: lazyRouteComponent(() => import("../todos/TodosPage"), "TodosPage"),
});

const automationRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation",
  beforeLoad: () => {
    throw redirect({ to: "/automation/journeys" });
  },
});
const journeysRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/journeys",
  validateSearch: parseJourneysSearch,
  staticData: { title: "journeys" },
  component: lazyRouteComponent(() => withTexts(["automation", "journeys"], import("../automation/journeys/JourneysPage")), "JourneysPage"),
});
const journeyRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/journeys/$journeyId",
  validateSearch: parseJourneySearch,
  staticData: { title: "journeys" },
  component: lazyRouteComponent(() => withTexts(["automation", "journeys"], import("../automation/journeys/JourneyPage")), "JourneyPage"),
});
const rulesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/rules",
  validateSearch: parseRulesSearch,
  staticData: { title: "rules" },
  component: lazyRouteComponent(() => withTexts(["automation"], import("../automation/rules/RulesPage")), "RulesPage"),
});
const newRuleRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/rules/new",
  validateSearch: parseNewRuleSearch,
  staticData: { title: "rules" },
  component: lazyRouteComponent(() => withTexts(["automation"], import("../automation/rules/RulePage")), "NewRulePage"),
});
const ruleRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/rules/$ruleId",
  validateSearch: parseRuleSearch,
  staticData: { title: "rules" },
  component: lazyRouteComponent(() => withTexts(["automation"], import("../automation/rules/RulePage")), "RulePage"),
});
const repliesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/replies",
  validateSearch: parseRepliesSearch,
  staticData: { title: "replies" },
  component: lazyRouteComponent(() => import("../replies/RepliesPage"), "RepliesPage"),
});
const newReplyRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/replies/new",
  validateSearch: parseNewReplySearch,
  staticData: { title: "newReply" },
  component: lazyRouteComponent(() => withTexts(["automation"], import("../replies/RulePage")), "NewRulePage"),
});
const replyRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/replies/$ruleId",
  staticData: { title: "reply" },
  component: lazyRouteComponent(() => withTexts(["automation"], import("../replies/RulePage")), "RulePage"),
});
const welcomesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/welcomes",
  staticData: { title: "welcomes" },
  component: lazyRouteComponent(() => import("../welcomes/WelcomesPage"), "WelcomesPage"),
});
const newWelcomeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/welcomes/new",
  staticData: { title: "newWelcome" },
  component: lazyRouteComponent(() => withTexts(["automation"], import("../welcomes/WelcomePage")), "NewWelcomePage"),
});
const welcomeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/automation/welcomes/$welcomeId",
  staticData: { title: "welcome" },
  component: lazyRouteComponent(() => withTexts(["automation"], import("../welcomes/WelcomePage")), "WelcomePage"),
});

const inboxRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/communities/inbox",
  validateSearch: parseInboxSearch,
  staticData: { title: "inbox" },
  component: lazyRouteComponent(() => import("../inbox/InboxPage"), "InboxPage"),
});
const scriptsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/content/scripts",
  validateSearch: parseScriptsSearch,
  staticData: { title: "scripts" },
  component: lazyRouteComponent(() => import("../scripts/ScriptsPage"), "ScriptsPage"),
});

const analyticsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/analytics",
  validateSearch: parseAnalyticsSearch,
  loaderDeps: ({ search }) => search,
  loader: beginReport,
  staticData: { title: "analytics" },
  component: lazyRouteComponent(() => import("../reports/AnalyticsPage"), "AnalyticsPage"),
});
const settingsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings",
  validateSearch: parseSettingsSearch,
  staticData: { title: "settings" },
  component: lazyRouteComponent(() => import("../workspaces/settings/SettingsPage"), "SettingsPage"),
});
const workspaceRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/workspace",
  staticData: { title: "workspaceSettings" },
  component: lazyRouteComponent(() => import("../workspaces/settings/WorkspacePage"), "WorkspacePage"),
});
const staffRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/staff",
  staticData: { title: "staff" },
  component: lazyRouteComponent(() => import("../workspaces/settings/StaffPage"), "StaffPage"),
});
const rolesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/roles",
  staticData: { title: "roles" },
  component: lazyRouteComponent(() => import("../workspaces/settings/RolesPage"), "RolesPage"),
});
const keysRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/keys",
  staticData: { title: "keys" },
  component: lazyRouteComponent(() => import("../workspaces/settings/KeysPage"), "KeysPage"),
});
const channelsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/channels",
  staticData: { title: "channels" },
  component: lazyRouteComponent(() => import("../channels/ChannelsPage"), "ChannelsPage"),
});
const sendingRulesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/sending-rules",
  validateSearch: parseSendingSearch,
  staticData: { title: "sendingRules" },
  component: lazyRouteComponent(() => import("../sending/SendingRulesPage"), "SendingRulesPage"),
});
const channelAccountRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/channels/$accountId",
  validateSearch: parseAccountSearch,
  staticData: { title: "channelAccount" },
  component: lazyRouteComponent(() => import("../channels/AccountPage"), "AccountPage"),
});
const sourcesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/sources",
  staticData: { title: "sources" },
  component: lazyRouteComponent(() => import("../workspaces/settings/SourcesPage"), "SourcesPage"),
});
const sourceRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/sources/$sourceId",
  staticData: { title: "source" },
  component: lazyRouteComponent(() => import("../workspaces/settings/SourcePage"), "SourcePage"),
});
const eventTypesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/event-types",
  validateSearch: parseEventTypesSearch,
  staticData: { title: "eventTypes" },
  component: lazyRouteComponent(() => import("../workspaces/settings/EventTypesPage"), "EventTypesPage"),
});
const auditRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/audit",
  validateSearch: parseAuditSearch,
  staticData: { title: "audit" },
  component: lazyRouteComponent(() => import("../workspaces/settings/AuditPage"), "AuditPage"),
});
const systemRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/settings/system",
  staticData: { title: "system" },
  component: lazyRouteComponent(() => import("../workspaces/settings/SystemPage"), "SystemPage"),
});

const accountRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/account",
  staticData: { title: "account" },
  component: lazyRouteComponent(() => import("../workspaces/AccountPage"), "AccountPage"),
});

const contentRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/content",
  beforeLoad: ({ search }) => redirect({ to: "/content/broadcasts", search, replace: true, throw: true }),
});
const broadcastsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/content/broadcasts",
  validateSearch: parseBroadcastsSearch,
  staticData: { title: "broadcasts" },
  component: lazyRouteComponent(() => import("../broadcasts/BroadcastsPage"), "BroadcastsPage"),
});
const broadcastRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/content/broadcasts/$broadcastId",
  staticData: { title: "broadcast" },
  component: lazyRouteComponent(() => import("../broadcasts/BroadcastPage"), "BroadcastPage"),
});

/** The guide can be read before the log-in; after it, beside the menu. */
function Guide() {
  const { entered } = useRouteContext({ from: "/_guide" });
  if (entered) return <SignedIn {...entered} />;
  return (
    <PlainFrame>
      <PageTitle />
      <Outlet />
    </PlainFrame>
  );
}

const guideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "_guide",
  validateSearch: insideSearch,
  search: { middlewares: [retainSearchParams(["community", "workspace"])] },
  async beforeLoad({ context: { queryClient }, search }): Promise<{ entered: Entered | null }> {
    const { user, staff } = await loadSession(queryClient);
    const place = placeOf(staff, search.workspace);
    if (user === null || place === undefined) return { entered: null };
    await loadCommunities(queryClient, place.workspace.id);
    return { entered: { user, place } };
  },
  component: Guide,
});

/** The page is there before it is shown, so that a link can lead to one of its headings. */
const loadGuide = (queryClient: QueryClient, page: string) =>
  Promise.all([FIRST_PAGE, page].map((one) => queryClient.query(guideQuery(currentLanguage(), one))));

const guidePageRoute = createRoute({
  getParentRoute: () => guideRoute,
  path: "/guide/$",
  loader: ({ context, params }) => loadGuide(context.queryClient, params._splat ?? FIRST_PAGE),
  staticData: { title: "guide" },
  component: lazyRouteComponent(() => import("../guide/GuidePage"), "GuidePage"),
});

// Any other address; behind the log-in, so that the menu is there to go on.
const elsewhereRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "$",
  staticData: { title: "notFound" },
  component: NotFound,
});

// The gallery of components is for those who build the console: `npm run dev`, or a build with --mode gallery.
const withGallery = import.meta.env.DEV || import.meta.env.MODE === "gallery";
const galleryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/gallery",
  staticData: { title: "gallery" },
  component: withGallery ? lazyRouteComponent(() => import("../gallery/GalleryPage"), "GalleryPage") : NotFound,
});

const settingsRoutes = [workspaceRoute, staffRoute, rolesRoute, keysRoute, channelsRoute, sendingRulesRoute, channelAccountRoute, sourcesRoute, sourceRoute, eventTypesRoute, auditRoute, systemRoute];
const segmentRoutes = [segmentsRoute, newSegmentRoute, segmentRoute, segmentEditRoute];
const automationRoutes = [automationRoute, journeysRoute, journeyRoute, rulesRoute, newRuleRoute, ruleRoute, welcomesRoute, newWelcomeRoute, welcomeRoute, repliesRoute, newReplyRoute, replyRoute];
const insideRoutes = [homeRoute, membersRoute, memberRoute, lifeCycleRoute, rfmRoute, personaRoute, ...segmentRoutes, tagsRoute, editsRoute, attributesRoute, communitiesRoute, inboxRoute, communityRoute, groupRoute, importRoute, oneImportRoute, alertsRoute, todosRoute, contentRoute, broadcastsRoute, broadcastRoute, scriptsRoute, ...automationRoutes, analyticsRoute, settingsRoute, ...settingsRoutes, accountRoute, elsewhereRoute];
const entryRoutes = [loginRoute, setupRoute, inviteRoute, newWorkspaceRoute];
const routeTree = rootRoute.addChildren([
  ...entryRoutes,
  guideRoute.addChildren([guidePageRoute]),
  insideRoute.addChildren(insideRoutes),
  ...(withGallery ? [galleryRoute] : []),
]);

export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0, // React Query is the cache
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: PageFailure,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
    // Pages see only what their route has checked.
    search: { strict: true },
    parseSearch,
    stringifySearch,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
