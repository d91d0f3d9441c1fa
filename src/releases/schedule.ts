import { z } from 'zod';
import type { EffectResult } from '#engine/contract.ts';
import { newId } from '#lib/ids.ts';

/** All that a scheduled save needs; plain JSON, since a probe may stand between wish and promise (R103). */
export const scheduledSchema = z.object({
  releaseId: z.string(),
  service: z.string(),
  /** The release's moment for this fan, domain time. */
  dueAt: z.iso.datetime(),
  /** When the authorisation ends before the release. */
  renewBy: z.iso.datetime().nullable(),
  runId: z.string().nullable(),
  position: z.number(),
  /** Chain and first event of the run, for the event that performing it raises. */
  origin: z.record(z.string(), z.json()),
  waitOn: z.array(z.object({ key: z.string(), seq: z.number(), closed: z.boolean() })),
});

export type Scheduled = z.infer<typeof scheduledSchema>;

/** Of a library add that nobody did at that moment: flows that listen for it may tell it apart (R110). */
export const releaseDay = 'release-day';

/** Release-day saves give way to what fans do at the moment (`priority.bulk`). */
const bulk = 3;

/**
 * What `done: scheduled` brings along: the save's row, its event, and the item that performs it at
 * the release. The item belongs to fan and release, not to the flow: it carries no flow id (R11).
 */
export function scheduledSave(fanId: string | null, scheduled: Scheduled): EffectResult {
  const { releaseId, service, renewBy, runId, position, origin } = scheduled;
  const id = newId();
  return {
    reason: 'scheduled',
    ...(renewBy === null
      ? {}
      : { detail: `The link to the service has to be renewed by ${renewBy.slice(0, 10)}.` }),
    writes: [{ writer: 'save.mark', row: { releaseId, service, state: 'scheduled', renewBy } }],
    events: [{ type: 'release.presaved', subject: { releaseId, service }, key: service }],
    items: [
      {
        id,
        kind: 'save',
        fanId,
        runId,
        position,
        service,
        priority: bulk,
        dueAt: new Date(scheduled.dueAt),
        promise: `${fanId ?? ''}:save:${releaseId}:${service}`,
        waitOn: scheduled.waitOn,
        data: { ...origin, releaseId, service, cause: releaseDay },
      },
    ],
    tracks: id,
  };
}
