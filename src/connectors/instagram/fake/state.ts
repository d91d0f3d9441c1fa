import { createHash } from 'node:crypto';
import type { FakeStore } from '../../connector.ts';
import { keepList } from '../../kit/fake/kept.ts';

export interface FakeAccount {
  id: string;
  name: string;
}

export interface FakePerson {
  /** The name that people see. */
  name: string;
  /** As this account knows her. */
  scopedId: string;
}

export interface FakeMessage {
  id: string;
  /** Scoped id of the fan. */
  personId: string;
  text: string;
  direction: 'in' | 'out';
  commentId: string | null;
  at: string;
}

export interface FakeComment {
  id: string;
  postId: string;
  personId: string;
  text: string;
  at: string;
  /** Answered privately. */
  isAnswered: boolean;
}

export interface FakePost {
  id: string;
  caption: string;
  kind: 'FEED' | 'REELS';
}

export const posts: readonly FakePost[] = [
  {
    id: '17900000000000001',
    caption: 'Midnight Ferry is nearly here. Comment FERRY for the link.',
    kind: 'FEED',
  },
  { id: '17900000000000002', caption: 'Rehearsal, 3 am', kind: 'REELS' },
];

/** What the fake knows; every change is in the store before its function ends. */
export function createInstagramState(store: FakeStore) {
  const people = keepList<FakePerson>(store, 'instagram.people');
  const messages = keepList<FakeMessage>(store, 'instagram.messages');
  const comments = keepList<FakeComment>(store, 'instagram.comments');

  return {
    messages,
    comments,
    async person(name: string): Promise<FakePerson> {
      const scopedId = scopedIdOf(name);
      const known = (await people.all()).get(scopedId);
      if (known !== undefined) return known;
      const made = { name, scopedId };
      await people.put(scopedId, made);
      return made;
    },
    async personById(scopedId: string): Promise<FakePerson | undefined> {
      return (await people.all()).get(scopedId);
    },
  };
}

export type InstagramState = ReturnType<typeof createInstagramState>;

/** Scoped ids are long numbers that do not say who it is. */
export function scopedIdOf(name: string): string {
  const hash = createHash('sha256').update(name.toLowerCase()).digest();
  return `9${String(hash.readBigUInt64BE() % 10n ** 15n).padStart(15, '0')}`;
}
