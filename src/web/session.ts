import { createContext, useContext } from 'react';
import { getMe, type Me } from '#people/contract.ts';
import { CallError } from '#lib/endpoint.ts';
import { send } from './call.ts';
import { currentProject } from './connection-state.ts';
import { projectRootOf } from './paths.ts';

/** Who is signed in, what they may do, and the projects they may work in. */
export type Session = Me;
/** Whoever is outside any project. */
export type Visitor = Session | 'astray' | null;
export type Project = Me['projects'][number];
export type Role = Me['role'];

/**
 * Null: nobody is signed in. In a project, account, role and permissions are those of that project.
 * Throws when the server cannot be reached, when the session of an open page ended, and for `isAstray`.
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
    // Inside a project the page stays as it is, and asks to sign in again over it.
    if (hasStatus(error, 401) && currentProject() === null) return null;
    throw error;
  }
}

/** Signed in, but in no project of any account: taken out of it, or of an account without one. */
export const isAstray = (error: unknown) => hasStatus(error, 403);

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof CallError && error.problem.status === status;
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
