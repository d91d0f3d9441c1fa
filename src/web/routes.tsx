import { createBrowserRouter, type RouteObject } from 'react-router';
import { Layout } from './layout/layout.tsx';
import { NotFound, NotFoundOutside, RouteFailed } from './layout/not-found.tsx';
import { Outside } from './layout/outside.tsx';
import type { Visitor } from './session.ts';

/**
 * Every page inside a project. Each is a file of its own with a component `Page…` as `Component`,
 * loaded when it is first opened.
 */
const projectRoutes: RouteObject[] = [
  { index: true, lazy: () => import('./pages/home.tsx') },
  { path: 'flows', lazy: () => import('./pages/flows/flow-list.tsx') },
  { path: 'flows/new', lazy: () => import('./pages/flow-editor/new-flow.tsx') },
  {
    path: 'flows/:flowId',
    lazy: () => import('./pages/flows/flow-tabs.tsx'),
    children: [
      { index: true, lazy: () => import('./pages/flow-editor/flow-editor.tsx') },
      { path: 'runs', lazy: () => import('./pages/flows/flow-runs.tsx') },
      { path: 'results', lazy: () => import('./pages/flows/flow-results.tsx') },
    ],
  },
  { path: 'runs', lazy: () => import('./pages/runs/run-list.tsx') },
  { path: 'runs/:runId', lazy: () => import('./pages/runs/run.tsx') },
  { path: 'fans', lazy: () => import('./pages/fans/fan-list.tsx') },
  { path: 'fans/:fanId', lazy: () => import('./pages/fans/fan.tsx') },
  { path: 'fans/:fanId/evidence', lazy: () => import('./pages/fans/evidence.tsx') },
  { path: 'segments', lazy: () => import('./pages/segments/segment-list.tsx') },
  { path: 'segments/:segmentId', lazy: () => import('./pages/segments/segment.tsx') },
  { path: 'releases', lazy: () => import('./pages/releases/release-list.tsx') },
  { path: 'releases/:releaseId', lazy: () => import('./pages/releases/release.tsx') },
  { path: 'releases/:releaseId/day', lazy: () => import('./pages/releases/release-day.tsx') },
  { path: 'pages', lazy: () => import('./pages/landing-pages/page-list.tsx') },
  { path: 'pages/:pageId', lazy: () => import('./pages/landing-pages/page-editor.tsx') },
  { path: 'artists', lazy: () => import('./pages/artists/artist-list.tsx') },
  { path: 'artists/:artistId', lazy: () => import('./pages/artists/artist.tsx') },
  { path: 'inbox', lazy: () => import('./pages/inbox/inbox.tsx') },
  { path: 'usage', lazy: () => import('./pages/usage/usage.tsx') },
  { path: 'connect', lazy: () => import('./pages/connections/connection-list.tsx') },
  { path: 'connect/go-live', lazy: () => import('./pages/go-live/go-live.tsx') },
  { path: 'connect/new', lazy: () => import('./pages/connections/new-connection.tsx') },
  { path: 'connect/signed-in', lazy: () => import('./pages/connections/signed-in.tsx') },
  { path: 'connect/:connectionId', lazy: () => import('./pages/connections/connection.tsx') },
  {
    path: 'settings',
    lazy: () => import('./pages/settings.tsx'),
    children: [
      { index: true, lazy: () => import('./pages/settings/project.tsx') },
      { path: 'projects', lazy: () => import('./pages/settings/projects.tsx') },
      { path: 'people', lazy: () => import('./pages/settings/people.tsx') },
      { path: 'keys', lazy: () => import('./pages/settings/keys.tsx') },
      { path: 'webhooks', lazy: () => import('./pages/settings/webhooks.tsx') },
      { path: 'webhooks/:endpointId', lazy: () => import('./pages/settings/webhooks/webhook.tsx') },
      { path: 'plan', lazy: () => import('./pages/settings/plan.tsx') },
      { path: 'log', lazy: () => import('./pages/settings/log.tsx') },
      { path: 'you', lazy: () => import('./pages/settings/you.tsx') },
    ],
  },
  { path: '*', Component: NotFound },
];

/** `root` is the project's own part of the address, which all links get in front. */
export function createProjectRouter(root: string, isKnown: boolean) {
  if (!isKnown) return createBrowserRouter([{ path: '*', Component: NotFoundOutside }]);
  return createBrowserRouter(
    [
      {
        Component: Layout,
        ErrorBoundary: RouteFailed,
        HydrateFallback: () => null,
        children: [{ ErrorBoundary: RouteFailed, children: projectRoutes }],
      },
    ],
    { basename: root },
  );
}

async function pageFor(visitor: Visitor) {
  if (visitor === null) return { Component: (await import('./pages/sign-in.tsx')).SignedOut };
  if (visitor === 'astray') return { Component: (await import('./pages/no-project.tsx')).NoProject };
  return { Component: NotFound };
}

async function invitationFor(visitor: Visitor) {
  const { Invitation } = await import('./pages/invitation.tsx');
  return { element: <Invitation visitor={visitor} /> };
}

/** Pages for whoever is not in a project: nobody is signed in, or there is none yet. */
export function createOutsideRouter(visitor: Visitor) {
  return createBrowserRouter([
    {
      Component: Outside,
      ErrorBoundary: RouteFailed,
      HydrateFallback: () => null,
      children: [
        { path: 'invitation', lazy: () => invitationFor(visitor) },
        { path: '*', lazy: () => pageFor(visitor) },
      ],
    },
  ]);
}
