import type { FakeStore } from '../../connector.ts';
import { keepList } from './kept.ts';

export interface FakeUser {
  id: string;
  displayName: string;
}

/** The fans that consent pages offer first, at every service. */
export const demoUsers: readonly FakeUser[] = [
  { id: 'mara-lindqvist', displayName: 'Mara Lindqvist' },
  { id: 'jonas-okafor', displayName: 'Jonas Okafor' },
  { id: 'priya-venter', displayName: 'Priya Venter' },
  { id: 'teo-marchetti', displayName: 'Teo Marchetti' },
  { id: 'ines-halloran', displayName: 'Inês Halloran' },
];

export interface People {
  find(id: string): Promise<FakeUser | undefined>;
  /** Anyone may be a fan of a fake: an id not seen before becomes a user of that name. */
  ensure(id: string): Promise<FakeUser>;
}

export const userIdForm = /^[\w.@+-]{1,64}$/;

export function createPeople(store: FakeStore): People {
  const users = keepList<FakeUser>(store, 'users');
  const find = async (id: string) => demoUsers.find((user) => user.id === id) ?? (await users.all()).get(id);
  return {
    find,
    async ensure(id) {
      const found = await find(id);
      if (found !== undefined) return found;
      const user = { id, displayName: id };
      await users.put(id, user);
      return user;
    },
  };
}
