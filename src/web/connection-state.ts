import { useSyncExternalStore } from 'react';

/**
 * What the page knows of its own tie to the server: whether the session ended, and whether another
 * dashboard is served by now. Nothing typed is lost by either.
 */
interface Tie {
  isSignedOut: boolean;
  isOutdated: boolean;
}

let tie: Tie = { isSignedOut: false, isOutdated: false };
const listeners = new Set<() => void>();

function change(part: Partial<Tie>): void {
  tie = { ...tie, ...part };
  for (const listener of listeners) listener();
}

const ownBuild =
  typeof document === 'undefined'
    ? ''
    : (document.querySelector<HTMLMetaElement>('meta[name=segue-build]')?.content ?? '');

/** The project that the page works in, named with every call. Nothing is drawn from it. */
let currentId: string | null = null;
export const currentProject = () => currentId;
export const enterProject = (projectId: string) => (currentId = projectId);

export const noteSignedOut = () => tie.isSignedOut || change({ isSignedOut: true });
export const noteSignedIn = () => change({ isSignedOut: false });
export const noteOutdated = () => tie.isOutdated || change({ isOutdated: true });

/** `build`: what the server says it serves; null where the answer does not say. */
export function noteBuild(build: string | null): void {
  if (build !== null && ownBuild !== '' && build !== ownBuild) noteOutdated();
}

export function useTie(): Tie {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => tie,
  );
}
