import type { FakeStore, Tokens } from '../../connector.ts';
import { sixMonthsAfter } from '../../kit/code-flow.ts';
import { randomToken } from '../../kit/fake/answers.ts';
import { keep } from '../../kit/fake/kept.ts';
import type { People } from '../../kit/fake/people.ts';

interface UserToken {
  user: string;
  /** ISO time of the sign-in. */
  authorisedAt: string;
  isRevoked: boolean;
}

export interface UserTokens {
  issue(user: string, authorisedAt: Date): Promise<Tokens>;
  /** Whose it is; undefined: nobody's, or nobody's any more. */
  read(token: string): Promise<string | undefined>;
  revoke(token: string): Promise<void>;
  /** As a new password does. */
  revokeAllOf(user: string): Promise<void>;
}

/** What Apple gives a browser: opaque, good for half a year, never renewed. */
export function createUserTokens(store: FakeStore, now: () => Date, people: People): UserTokens {
  const tokens = keep<UserToken>(store, 'user_tokens');
  return {
    async issue(user, authorisedAt) {
      const { id } = await people.ensure(user);
      const token = randomToken('A');
      await tokens.put(token, { user: id, authorisedAt: authorisedAt.toISOString(), isRevoked: false });
      return {
        accessToken: token,
        refreshToken: null,
        expiresAt: sixMonthsAfter(authorisedAt),
        scopes: [],
      };
    },
    async read(token) {
      const row = await tokens.get(token);
      if (row === undefined || row.isRevoked) return undefined;
      return now() < sixMonthsAfter(new Date(row.authorisedAt)) ? row.user : undefined;
    },
    async revoke(token) {
      const row = await tokens.get(token);
      if (row !== undefined) await tokens.put(token, { ...row, isRevoked: true });
    },
    async revokeAllOf(user) {
      for (const [token, row] of await tokens.list())
        if (row.user === user) await tokens.put(token, { ...row, isRevoked: true });
    },
  };
}
