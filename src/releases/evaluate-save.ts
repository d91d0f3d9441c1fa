import type { Connections } from '#connections/connections.ts';
import type { ItemView, Part, Verdict } from '#engine/contract.ts';
import { someText, textAt } from '#lib/json.ts';
import type { FanFacts } from '#fans/facts.ts';
import { addNow, farFuture } from './evaluate-release.ts';
import { releaseMoment } from './release-moment.ts';
import { partsByService } from './services-of.ts';
import { gatesOf, type Target } from './target.ts';
import type { ReleaseWork } from './works.ts';

const dayMs = 24 * 60 * 60_000;
/** A release without its id on this service is looked for again so often. */
const lookAgainMs = 15 * 60_000;
/** A due save waits so long for a link that ran out, and for the release to show up on the service. */
const patienceMs = 30 * dayMs;

/**
 * A scheduled save (R56): waits for the release wherever it moves, is performed once, retried until
 * done, and ends where the release is cancelled or the fan took it back.
 */
export async function evaluateSaveItem(
  connections: Connections,
  view: ItemView,
  facts: FanFacts,
  release: ReleaseWork | undefined,
  zone: string,
): Promise<Part[]> {
  const { service } = view;
  const gates = gatesOf(view, facts, release === undefined ? [] : [release.gate]);
  const part = (verdict: Verdict): Part[] => [{ service, verdict, gates: gates.waitGates }];
  if (release === undefined || release.isCancelled) {
    return part({ kind: 'skip', reason: 'release_cancelled', ...mark(view, 'cancelled') });
  }
  const save = facts.saves.find((one) => one.releaseId === release.id && one.service === service);
  if (save === undefined || save.state === 'undone' || save.state === 'cancelled') {
    return part({ kind: 'skip', reason: 'cancelled' });
  }
  if (['verified', 'accepted', 'already'].includes(save.state)) {
    return part({ kind: 'done', reason: save.state });
  }
  const outAt = releaseMoment(release, zone);
  // Told with the reason it already has, so that the record of the run does not change by it.
  const waitUntil = (until: Date) =>
    part({
      kind: 'defer',
      reason: 'scheduled',
      until,
      deadlineAt: farFuture,
      promise: '',
      waitingFor: 'release',
    });
  if (view.now < outAt) return waitUntil(outAt);
  const lostAt = new Date(begunAt(view, outAt).getTime() + patienceMs);
  if (!release.serviceIds.has(service) && view.now < lostAt) {
    return waitUntil(new Date(view.now.getTime() + lookAgainMs));
  }
  const target: Target = {
    view: { ...view, kind: 'step' },
    facts,
    policy: { onUnmet: 'defer', deadlineHours: null },
    action: `save-${release.kind}`,
    purposes: [
      { kind: 'release', targetId: release.id },
      { kind: 'future', targetId: release.artistId },
    ],
    serviceIds: release.serviceIds,
    promise: '',
    deadlineAt: lostAt,
    ...gates,
    release,
    // Past its release it is a save like others: no reminder comes in its place.
    isPresave: false,
    remind: () => null,
  };
  const parts = await partsByService(connections, target, (ready) =>
    addNow(target, release, ready, farFuture),
  );
  return parts.map((one) =>
    one.verdict.kind === 'skip'
      ? { ...one, verdict: { ...one.verdict, ...mark(view, 'failed', one.verdict.reason) } }
      : one,
  );
}

/** What failed once and is tried again has as much time as at first. */
function begunAt({ data }: ItemView, outAt: Date): Date {
  const retriedAt = someText(data, 'retriedAt');
  return retriedAt === null ? outAt : new Date(retriedAt);
}

function mark({ data, service }: ItemView, state: 'cancelled' | 'failed', reason: string | null = null) {
  const row = { releaseId: textAt(data, 'releaseId'), service, state, reason };
  return { writes: [{ writer: 'save.mark', row }] };
}
