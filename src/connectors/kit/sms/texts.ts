import type { FakeStore, PhoneView } from '../../connector.ts';

/** A text as every SMS fake keeps it. */
export interface KeptText {
  from: string;
  to: string;
  body: string;
  parts: number;
  status: string;
  direction: string;
  createdAt: string;
  /** The id that a phone named its text by; null for everything else. */
  callerId: string | null;
}

/** What an SMS fake knows of texts, in memory; every change is in the store before its function ends. */
export interface Texts<T extends KeptText> {
  /** Reads what an earlier process left. */
  load(): Promise<void>;
  add(text: T): Promise<void>;
  /** Stores a text that was changed in place. */
  changed(text: T): Promise<void>;
  find(id: string): T | undefined;
  /** Oldest first; everything, or what one number sent and got. */
  list(number?: string): readonly T[];
  /** As phones see them: see `SmsFake`. */
  views(filter?: { number?: string; direction?: 'in' | 'out'; limit?: number; before?: string }): PhoneView[];
}

export interface TextsOptions<T extends KeptText> {
  store: FakeStore;
  /** Names the collection. */
  collection: string;
  idOf: (text: T) => string;
  /** States of texts of ours that never reached a phone. */
  lost: ReadonlySet<string>;
}

export function createTexts<T extends KeptText>(options: TextsOptions<T>): Texts<T> {
  const { store, collection, idOf, lost } = options;
  const byId = new Map<string, T>();
  const ordered: T[] = [];
  const byNumber = new Map<string, T[]>();

  function keep(text: T): void {
    byId.set(idOf(text), text);
    ordered.push(text);
    for (const number of new Set([text.from, text.to])) {
      const list = byNumber.get(number);
      if (list === undefined) byNumber.set(number, [text]);
      else list.push(text);
    }
  }

  const list = (number?: string) => (number === undefined ? ordered : (byNumber.get(number) ?? []));

  /** A number asked for as a phone shows its own side; a text that failed never reached one. */
  function isSeen(text: T, number: string | undefined): boolean {
    const isInbound = text.direction === 'inbound';
    if (!isInbound && lost.has(text.status)) return false;
    return number === undefined || number === (isInbound ? text.from : text.to);
  }

  function toView(text: T): PhoneView {
    const { callerId, from, to, body, parts, status, createdAt } = text;
    const direction = text.direction === 'inbound' ? 'out' : 'in';
    return { id: callerId ?? idOf(text), from, to, body, parts, status, direction, at: createdAt };
  }

  return {
    async load() {
      // The cast: nobody but this file writes the collection.
      for (const { value } of await store.list(collection)) keep(value as T);
    },
    async add(text) {
      // In memory first: a second call with the same id must see it while the store is still writing.
      keep(text);
      await store.append(collection, idOf(text), text);
    },
    changed: (text) => store.put(collection, idOf(text), text),
    find: (id) => byId.get(id),
    list,
    views({ number, direction, limit = Infinity, before } = {}) {
      const found: PhoneView[] = [];
      let isAfter = before === undefined;
      for (const text of list(number).toReversed()) {
        if (found.length >= limit) break;
        const view = toView(text);
        if (isAfter && isSeen(text, number) && (direction ?? view.direction) === view.direction)
          found.push(view);
        isAfter ||= view.id === before;
      }
      return found;
    },
  };
}
