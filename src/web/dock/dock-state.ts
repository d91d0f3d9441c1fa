import { useSyncExternalStore } from 'react';

export const dockTabs = ['phone', 'player', 'mail', 'instagram', 'break'] as const;
export type DockTab = (typeof dockTabs)[number];

interface DockState {
  isOpen: boolean;
  tab: DockTab;
  hasTwoPhones: boolean;
}

const kept = 'segue-dock';
let state: DockState = { isOpen: localStorage.getItem(kept) === 'open', tab: 'phone', hasTwoPhones: false };
const listeners = new Set<() => void>();

function change(part: Partial<DockState>): void {
  state = { ...state, ...part };
  for (const listener of listeners) listener();
}

/** Whether the dock is open, which is kept over reloads, and what it shows. */
export function useDock(): DockState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

export function openDock(tab: DockTab = state.tab): void {
  localStorage.setItem(kept, 'open');
  change({ isOpen: true, tab });
}

export function closeDock(): void {
  localStorage.setItem(kept, 'closed');
  change({ isOpen: false });
}

/** As in the layout's styles: below it the dock would lie over the page. */
const besideThePage = '(min-width: 80.01rem)';

/** Whether it is shown to who looks at a demo: who has neither opened nor closed it yet, where there is room. */
export function isDockOffered(): boolean {
  return localStorage.getItem(kept) === null && window.matchMedia(besideThePage).matches;
}

/** Shows it where it is offered; the next page decides anew. */
export function offerDock(): void {
  if (isDockOffered()) change({ isOpen: true });
}

export const showTab = (tab: DockTab) => change({ tab });
export const setTwoPhones = (hasTwoPhones: boolean) => change({ hasTwoPhones });
