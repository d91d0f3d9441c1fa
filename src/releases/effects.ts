import { z } from 'zod';
import type { Connections } from '#connections/connections.ts';
import type { StreamingClient } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { Effect, EffectContext, JsonObject, LocalWrite } from '#engine/contract.ts';
import { ConnectorError, GiveUp, NeedsReconnect, RetryLater } from '#lib/errors.ts';
import type { GrantAccess } from './grant-access.ts';
import { refuseGrant } from './grants.ts';
import { firstLook, look, readBackEffect, readBackPayload, savedStepSchema } from './read-back.ts';
import { scheduledSave, scheduledSchema } from './schedule.ts';

/**
 * The calls to streaming services. All of them may be repeated: adding, following or asking twice
 * changes nothing.
 */
export interface EffectDeps {
  db: Db;
  connections: Connections;
  access: GrantAccess;
}

const target = z.object({
  service: z.string(),
  connectionId: z.string(),
  /** The last proof lies an hour back or more: write this one down. */
  isProof: z.boolean(),
});

const savePayload = target.extend({
  ...savedStepSchema.shape,
  /** Why it is done now, where no fan just asked for it. */
  cause: z.string().optional(),
});
const followPayload = target.extend({ artistId: z.string(), artistServiceId: z.string() });
const probePayload = target.extend({ scheduled: scheduledSchema });

export type SavePayload = z.infer<typeof savePayload>;
export type FollowPayload = z.infer<typeof followPayload>;
export type ProbePayload = z.infer<typeof probePayload>;

export const effectNames = { save: 'library.save', follow: 'artist.follow', probe: 'grant.probe' } as const;

export function createEffects(deps: EffectDeps): Record<string, Effect> {
  return {
    [effectNames.save]: repeatable(
      async (context, given) => {
        const payload = savePayload.parse(given);
        const { service, releaseId, item, cause } = payload;
        const { result, readBack } = await call(deps, context, payload, async (client, access) => ({
          ...(await client.save(access, [item], { key: context.key, signal: context.signal })),
          readBack: client.readBack,
        }));
        const mark = { writer: 'save.mark', row: { releaseId, service, state: result } };
        return {
          reason: result,
          writes: [mark, ...proof(payload)],
          ...(result === 'accepted' && readBack ? firstLook(context, payload, readBack) : {}),
          events:
            result === 'already'
              ? []
              : [
                  {
                    type: 'release.saved',
                    subject: { releaseId, service, ...(cause === undefined ? {} : { cause }) },
                    key: service,
                  },
                ],
        };
      },
      (given) => {
        const { releaseId, service } = savePayload.parse(given);
        return [{ writer: 'save.mark', row: { releaseId, service, state: 'failed', reason: 'refused' } }];
      },
    ),

    // R62: a refusal while looking says nothing about the save, which was taken: it is as if not seen yet.
    [readBackEffect]: repeatable(async (context, given) => {
      const payload = readBackPayload(given);
      return call(deps, context, { ...payload, isProof: false }, async ({ readBack }, access) => {
        if (readBack === undefined) throw new RetryLater('the service is not read back any more');
        const isThere = await readBack.isThere(access, [payload.item]).catch((error: unknown) => {
          if (error instanceof GiveUp) return false;
          throw error;
        });
        return look(context, payload, readBack, isThere);
      });
    }),

    [effectNames.follow]: repeatable(async (context, given) => {
      const payload = followPayload.parse(given);
      const { service, artistId } = payload;
      const { result } = await call(deps, context, payload, (client, access) =>
        client.follow(access, payload.artistServiceId, { key: context.key, signal: context.signal }),
      );
      return {
        ...(result === 'verified' ? {} : { reason: result }),
        writes: [{ writer: 'followed.add', row: { artistId, service } }, ...proof(payload)],
        events:
          result === 'already'
            ? []
            : [{ type: 'artist.followed', subject: { artistId, service }, key: service }],
      };
    }),

    [effectNames.probe]: repeatable(async (context, given) => {
      const payload = probePayload.parse(given);
      await call(deps, context, payload, (client, access) => client.probe(access));
      const save = scheduledSave(context.fanId, payload.scheduled);
      return { ...save, writes: [...(save.writes ?? []), ...proof(payload)] };
    }),
  };
}

function repeatable(
  perform: Effect['perform'],
  onFinal: (payload: JsonObject) => LocalWrite[] = () => [],
): Effect {
  return {
    class: 'repeatable',
    perform,
    // The refusal of the app is kept by the call itself; the step is told the other ways.
    onRefused: (_, payload, skip) =>
      skip === 'refused_by_app'
        ? { writes: [], lookAgain: true }
        : { writes: onFinal(payload), lookAgain: false },
  };
}

function proof({ isProof, service }: z.infer<typeof target>): LocalWrite[] {
  return isProof ? [{ writer: 'grant.proven', row: { service } }] : [];
}

/** One call in the fan's name; what it says about the connection and the grant is kept. */
async function call<T>(
  { db, connections, access }: EffectDeps,
  context: EffectContext,
  { service, connectionId }: z.infer<typeof target>,
  perform: (client: StreamingClient, access: ReturnType<GrantAccess>) => Promise<T>,
): Promise<T> {
  const { projectId, fanId } = context;
  const client = (await connections.find(connectionId))?.streaming;
  if (fanId === null) throw new GiveUp('there is no fan to do it for');
  if (client === null || client === undefined) throw new RetryLater('the connection is not there');
  try {
    const done = await perform(client, access(projectId, fanId, service));
    connections.noteSuccess(connectionId);
    return done;
  } catch (error) {
    if (error instanceof GiveUp && error.skip === 'refused_by_app') {
      await refuseGrant(db, { projectId, fanId, service }, connectionId, context.now);
    }
    // A fan's own dead authorisation says nothing about the connection.
    if (error instanceof ConnectorError && !(error instanceof NeedsReconnect)) {
      connections.noteError(connectionId, error.reason);
    }
    throw error;
  }
}
