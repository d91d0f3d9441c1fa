import { createContext, useContext } from 'react';
import { getMe, type Me } from '#people/contract.ts';
import { CallError } from '#lib/endpoint.ts';
import { send } from './call.ts';
import { projectRootOf } from './paths.ts';

/** Who is signed in, what they may do, and the projects they may work in. */
export type Session = Me;
export type Project = Me['projects'][number];

/**
 * Null: nobody is signed in. In a project, account, role and permissions are those of that project.
 * Throws when the server cannot be reached.
 */
export async function loadSession(): Promise<Session | null> {
  const visitor = document.querySelector<HTMLMetaElement>('meta[name=segue-visitor]');
  if (visitor?.content === 'new') {
    // As the page was served; whoever signs in from here is asked about.
    visitor.content = '';
    return null;
  }
  try {
    const session = await send(getMe);
    const here = projectRootOf(window.location.pathname);
    const project = session.projects.find((one) => one.slug === here?.slug);
    if (project === undefined || project.accountId === session.account.id) return session;
    return await send(getMe, {}, undefined, project.id);
  } catch (error) {
    if (error instanceof CallError && error.problem.status === 401) return null;
    throw error;
  }
}

interface Here extends Session {
  project: Project;
}

export const HereContext = createContext<Here | null>(null);

/** The session and the project that this page is about. */
export function useHere(): Here {
  const here = useContext(HereContext);
  if (here === null) throw new Error('this page is outside any project');
  return here;
}
