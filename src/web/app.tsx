import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { ConfirmProvider } from './ui/confirm.tsx';
import { Starting } from './layout/starting.tsx';
import { Notices } from './layout/notices.tsx';
import { enterProject } from './connection-state.ts';
import { createQueryClient } from './query-client.ts';
import { outside, projectRootOf } from './paths.ts';
import { createOutsideRouter, createProjectRouter } from './routes.tsx';
import { HereContext, loadSession, type Session } from './session.ts';
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
  if (session.isPending) return <Starting />;
  if (session.isError) return <Starting failed={() => void session.refetch()} />;
  const here = projectRootOf(window.location.pathname);
  if (session.data === null || here === null) return <Outside session={session.data} />;
  return <Inside session={session.data} slug={here.slug} root={here.root} />;
}

function Outside({ session }: { session: Session | null }) {
  const router = useMemo(() => createOutsideRouter(session), [session]);
  const first = session?.projects[0];
  if (first !== undefined && window.location.pathname === outside.start()) {
    window.location.replace(outside.project(lastProject(session) ?? first.slug));
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

function lastProject(session: Session | null): string | null {
  const slug = localStorage.getItem('segue-project');
  return session?.projects.some((one) => one.slug === slug) === true ? slug : null;
}
