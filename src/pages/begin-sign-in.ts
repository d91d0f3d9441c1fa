import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import type { Connection } from '#connections/connections.ts';
import type { StreamingClient } from '#connectors/connector.ts';
import type { NewPurpose } from '#releases/purposes.ts';
import type { PagesDeps } from './deps.ts';
import { storeState } from './oauth-state.ts';
import { scriptPage } from './script-sign-in.ts';

/** What has to survive the way to the service and back; sealed in the database, never in the address. */
const carriedSchema = z.object({
  verifier: z.string(),
  /** Path of the page it began on. */
  back: z.string(),
  /** Of whoever comes from a public page: what that page is about, and the language she reads it in. */
  about: z
    .object({
      releaseId: z.string().nullable(),
      artistId: z.string().nullable(),
      releaseAt: z.coerce.date().nullable(),
    })
    .optional(),
  language: z.string().optional(),
  purposes: z.array(
    z.object({
      kind: z.enum(['release', 'follow', 'future']),
      targetId: z.string(),
      words: z.string(),
      source: z.string(),
    }),
  ),
});
export type Carried = z.infer<typeof carriedSchema>;

export function readCarried(text: string): Carried {
  return carriedSchema.parse(JSON.parse(text));
}

export interface SignInStart {
  projectId: string;
  /** Null: somebody from a public page, who is a fan once the service has said who she is. */
  fanId: string | null;
  connection: Connection;
  label: string;
  purposes: readonly NewPurpose[];
  /** Least scopes for these purposes (R68). */
  scopes: readonly string[];
  /** Path of the page it begins on. */
  back: string;
  /** Where a service's own script hands its token. */
  takenPath: string;
  about?: Carried['about'];
  language?: string;
  now: Date;
}

/** Sends the fan to the service's sign-in, or to the page where its own script asks; states are single use. */
export async function beginSignIn(deps: PagesDeps, c: Context, start: SignInStart): Promise<Response> {
  const { connection, projectId, fanId, back, label } = start;
  const { connector } = connection;
  const client = requireClient(connection);
  const verifier = randomBytes(32).toString('base64url');
  const { about, language } = start;
  const carried: Carried = { verifier, back, about, language, purposes: [...start.purposes] };
  const state = await storeState(deps, {
    projectId,
    fanId,
    connectionId: connection.id,
    connector,
    carried: JSON.stringify(carried),
  });
  const { signIn } = client;
  if (signIn.kind === 'script') {
    const endsAt = client.oauth.diesAt(start.now);
    const asked = { action: start.takenPath, back, label, state, endsAt };
    return scriptPage(c, asked, signIn, deps.publicUrl());
  }
  return c.redirect(
    signIn.authorizeUrl({
      redirectUri: redirectUri(deps, connector),
      state,
      codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
      scopes: start.scopes,
    }),
    303,
  );
}

export function redirectUri({ publicUrl }: PagesDeps, connector: string): string {
  return `${publicUrl()}/oauth/${connector}/callback`;
}

export function requireClient({ streaming }: Connection): StreamingClient {
  if (streaming === null) throw new Error('only services with a streaming client are offered');
  return streaming;
}
