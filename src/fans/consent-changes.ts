import { newId } from '#lib/ids.ts';
import type { ConsentRecord, ConsentState } from './consent-state.ts';

/** A consent to be written, with its end where it was withdrawn before that. */
export interface NewConsent extends ConsentRecord {
  fanId: string;
  address: string;
  method: 'keyword' | 'web' | 'restart' | 'claimed';
  source: Record<string, unknown>;
  grantedAt: Date;
  revokedAt: Date | null;
  revokedBy: string | null;
}

/** What a batch of texts changed about consent; written together by `writeConsentChanges`. */
export interface ConsentChanges {
  /** Stored consents that end, by id, with the word that ended them. */
  ended: Map<string, { word: string; at: Date }>;
  /** In the order in which they were given. */
  given: NewConsent[];
  /** Stored pending consents completed by a yes-word, by id. */
  activated: Map<string, Date>;
  /** By number. */
  optedOut: Map<string, { word: string; at: Date }>;
  cleared: Map<string, Date>;
  /** By fan: held for a doubtful sentence, or released. */
  hold: Map<string, boolean>;
}

export function noChanges(): ConsentChanges {
  return {
    ended: new Map(),
    given: [],
    activated: new Map(),
    optedOut: new Map(),
    cleared: new Map(),
    hold: new Map(),
  };
}

export function hasChanges({ ended, given, activated, optedOut, cleared, hold }: ConsentChanges): boolean {
  return given.length > 0 || [ended, activated, optedOut, cleared, hold].some((part) => part.size > 0);
}

// Each verb notes one change and moves `state` along, so that the next text of the same number in
// the batch is decided on what this one left.

export function giveConsent(
  changes: ConsentChanges,
  state: ConsentState,
  consent: Pick<NewConsent, 'text' | 'textVersion' | 'perMonth' | 'method' | 'source'>,
  at: Date,
  /** Waits for the fan's own yes (R97). */
  { isPending = false }: { isPending?: boolean } = {},
): void {
  endConsent(changes, state, 'replaced', at);
  const { fanId, address } = state;
  const { text, textVersion, perMonth, method, source } = consent;
  const given: NewConsent = {
    id: newId(),
    fanId,
    address,
    text,
    textVersion,
    perMonth,
    method,
    source,
    grantedAt: at,
    activeAt: isPending ? null : at,
    revokedAt: null,
    revokedBy: null,
  };
  changes.given.push(given);
  state.live = given;
  if (!isPending) state.last = given;
}

/** Nothing happens where there is none. */
export function endConsent(changes: ConsentChanges, state: ConsentState, word: string, at: Date): void {
  if (state.live === null) return;
  const { id } = state.live;
  const unwritten = changes.given.find((one) => one.id === id);
  if (unwritten === undefined) changes.ended.set(id, { word, at });
  else Object.assign(unwritten, { revokedAt: at, revokedBy: word });
  state.live = null;
}

/** A pending consent becomes active; an active one stays as it is. */
export function activateConsent(changes: ConsentChanges, state: ConsentState, at: Date): void {
  if (state.live === null || state.live.activeAt !== null) return;
  changes.activated.set(state.live.id, at);
  state.live = { ...state.live, activeAt: at };
  state.last = state.live;
}

export function optOut(changes: ConsentChanges, state: ConsentState, word: string, at: Date): void {
  changes.optedOut.set(state.address, { word, at });
  changes.cleared.delete(state.address);
  state.optedOutAt = at;
}

export function clearOptOut(changes: ConsentChanges, state: ConsentState, at: Date): void {
  if (state.optedOutAt === null) return;
  changes.cleared.set(state.address, at);
  state.optedOutAt = null;
}

/** True when this changed something. */
export function setHeld(changes: ConsentChanges, state: ConsentState, isHeld: boolean): boolean {
  if (state.isHeld === isHeld) return false;
  changes.hold.set(state.fanId, isHeld);
  state.isHeld = isHeld;
  return true;
}
