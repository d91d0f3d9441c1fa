import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { ConfirmProvider } from './ui/confirm.tsx';
import { Starting } from './layout/starting.tsx';
import { Notices } from './layout/notices.tsx';
import { SessionEnded } from './layout/session-ended.tsx';
import { enterProject } from './connection-state.ts';
import { createQueryClient } from './query-client.ts';
import { outside, projectRootOf } from './paths.ts';
import { createOutsideRouter, createProjectRouter } from './routes.tsx';
import { HereContext, isAstray, loadSession, type Session, type Visitor } from './session.ts';
import { cssVariables, theme } from './theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name=segue-nonce]')?.content ?? '';
// Where the library that keeps the page still behind a dialog looks for it.
if (nonce !== '') Object.assign(globalThis, { __webpack_nonce__: nonce });

/** Everything around the pages: looks, kept answers, questions, notices. */
export function App() {
  const [client] = useState(createQueryClient);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={client}>
        <ConfirmProvider>
          <Notices />
          <SessionEnded />
          <Place />
          <Notifications position="bottom-left" limit={3} />
        </ConfirmProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Inside a project, or outside any, by the address that was opened. */
function Place() {
  const session = useQuery({ queryKey: ['session'], queryFn: loadSession, staleTime: 60_000 });
  // What was known goes on while it cannot be read anew: what was typed on the page stays.
  if (session.data === undefined) {
    if (isAstray(session.error)) return <Outside session="astray" />;
    if (session.isError) return <Starting failed={() => void session.refetch()} />;
    return <Starting />;
  }
  const here = projectRootOf(window.location.pathname);
  if (session.data === null || here === null) return <Outside session={session.data} />;
  return <Inside session={session.data} slug={here.slug} root={here.root} />;
}

function Outside({ session }: { session: Visitor }) {
  const router = useMemo(() => createOutsideRouter(session), [session]);
  const projects = session === null || session === 'astray' ? [] : session.projects;
  const [first] = projects;
  const { pathname } = window.location;
  if (first !== undefined && (pathname === outside.start() || pathname === outside.signIn())) {
    window.location.replace(outside.project(lastProject(projects) ?? first.slug));
    return <Starting />;
  }
  return <RouterProvider router={router} />;
}

function Inside({ session, slug, root }: { session: Session; slug: string; root: string }) {
  const here = useMemo(() => {
    const project = session.projects.find((one) => one.slug === slug);
    return project === undefined ? null : { ...session, project };
  }, [session, slug]);
  const projectId = here?.project.id ?? null;
  const router = useMemo(() => {
    if (projectId !== null) enterProject(projectId);
    return createProjectRouter(root, projectId !== null);
  }, [root, projectId]);
  useEffect(() => {
    if (projectId !== null) localStorage.setItem('segue-project', slug);
  }, [projectId, slug]);
  return (
    <HereContext value={here}>
      <RouterProvider router={router} />
    </HereContext>
  );
}

function lastProject(projects: Session['projects']): string | null {
  const slug = localStorage.getItem('segue-project');
  return projects.some((one) => one.slug === slug) ? slug : null;
}
