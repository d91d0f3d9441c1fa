import type { Connections } from '#connections/connections.ts';
import type { Access } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { Effect, ItemView, NewItem, Part, Writer } from '#engine/contract.ts';
import { textAt } from '#lib/json.ts';
import type { FanFacts } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { DomainClock } from '#lib/clock.ts';
import type { Sealer } from '#lib/seal.ts';
import type { StepContext, StepPolicy } from '#steps/step.ts';
import { writeLinks } from './connect-links.ts';
import { createEffects } from './effects.ts';
import { followPart, releasePart } from './evaluate-release.ts';
import { evaluateSaveItem } from './evaluate-save.ts';
import { createGrantAccess } from './grant-access.ts';
import { createRefreshBreaker, type RefreshBreaker } from './refresh-breaker.ts';
import { beginNextSaves, nextSaveParts, nextSaveWriter } from './nextsave.ts';
import { evaluateReadBack, readBackKind } from './read-back.ts';
import { releaseMoment } from './release-moment.ts';
import { partsByService } from './services-of.ts';
import { deadlineOf, gatesOf, type Target } from './target.ts';
import { createWorks, type ReleaseWork } from './works.ts';
import { addFollowed, markSaves, proveGrants } from './writers.ts';

export interface StreamingDeps {
  db: Db;
  sealer: Sealer;
  clocks: DomainClock;
  connections: Connections;
  /** IANA zone of the fan's midnight (R57); null: the project's. */
  zoneOf?: (facts: FanFacts) => string | null;
  /**
   * The item that sends a reminder on release day (R102), with an id of its own so that the outcome
   * follows it; it may be due at once when the release is out. Absent: reminders are only noted.
   */
  reminder?: (input: ReminderInput) => NewItem | null;
  /** Refreshes at once in this process. */
  refreshSlots?: number;
  breaker?: RefreshBreaker;
}

export interface ReminderInput {
  view: ItemView;
  facts: FanFacts;
  release: ReleaseWork;
  /** The release's moment for this fan. */
  outAt: Date;
  service: string;
}

export interface ReleaseForFan {
  work: ReleaseWork;
  /** The release's moment for this fan (R57). */
  outAt: Date;
}

export interface Streaming {
  /** What streaming steps ask for: one part a linked service, each with its row of the requirements table. */
  forStep(view: ItemView, policy: StepPolicy, facts: () => Promise<FanFacts>): StepContext['streaming'];
  /** Items of kind `save` and `read-back`. */
  evaluateSave(view: ItemView, facts: FanFacts): Promise<Part[]>;
  /** A release as one fan meets it, read anew; undefined: it is gone. */
  releaseFor(view: ItemView, facts: FanFacts, releaseId: string): Promise<ReleaseForFan | undefined>;
  /** Living access to one fan's service, refreshed once over all processes. */
  grantAccess(projectId: string, fanId: string, service: string): Access;
  effects: Record<string, Effect>;
  writers: Record<string, Writer>;
}

/** Steps, saves and calls on streaming services, for the engine's ports. */
export function createStreaming(deps: StreamingDeps): Streaming {
  const { db, connections } = deps;
  const works = createWorks(db);
  const access = createGrantAccess({ ...deps, breaker: deps.breaker ?? createRefreshBreaker() });
  const zoneOf = (facts: FanFacts, work: ReleaseWork) => deps.zoneOf?.(facts) ?? work.projectZone;

  async function release(
    { view, policy, facts }: StepCall,
    releaseId: string,
    isPresave: boolean,
  ): Promise<Part[]> {
    const [known, work] = await Promise.all([facts(), works.release(view.projectId, releaseId)]);
    const gates = gatesOf(view, known, work === undefined ? [] : [work.gate]);
    const over = whatEnds(view, known, work === undefined || work.isCancelled);
    if (over !== null)
      return [{ service: view.service, verdict: { kind: 'skip', reason: over }, gates: gates.actGates }];
    if (work === undefined) throw new Error('a release that is gone has ended the step above');
    if (isPresave && work.kind === 'playlist') {
      // R22: a playlist has no release to wait for.
      return [
        { service: view.service, verdict: { kind: 'skip', reason: 'unsupported' }, gates: gates.actGates },
      ];
    }
    const outAt = releaseMoment(work, zoneOf(known, work));
    const target: Target = {
      view,
      facts: known,
      policy,
      action: `save-${work.kind}`,
      purposes: [
        { kind: 'release', targetId: work.id },
        { kind: 'future', targetId: work.artistId },
      ],
      serviceIds: work.serviceIds,
      promise: `${known.fanId}:${isPresave ? 'presave' : 'save'}:${work.id}`,
      deadlineAt: deadlineOf(view, policy, isPresave ? outAt : null),
      ...gates,
      release: work,
      isPresave,
      remind: (service) => deps.reminder?.({ view, facts: known, release: work, outAt, service }) ?? null,
    };
    return partsByService(connections, target, (ready) => releasePart(target, work, outAt, ready));
  }

  /** What a step wants for an artist, or why it is over. */
  async function artistTarget(
    { view, policy, facts }: StepCall,
    artistId: string,
    wish: Pick<Target, 'action' | 'purposes'> & { name: string },
  ): Promise<Target | Part> {
    const [known, artist] = await Promise.all([facts(), works.artist(view.projectId, artistId)]);
    const gates = gatesOf(view, known, []);
    const over = whatEnds(view, known, false);
    if (over !== null)
      return { service: view.service, verdict: { kind: 'skip', reason: over }, gates: gates.actGates };
    const { name, ...wanted } = wish;
    return {
      view,
      facts: known,
      policy,
      ...wanted,
      serviceIds: artist?.serviceIds ?? new Map(),
      promise: `${known.fanId}:${name}:${artistId}`,
      deadlineAt: deadlineOf(view, policy, null),
      ...gates,
      release: null,
      isPresave: false,
      remind: () => null,
    };
  }

  async function follow(call: StepCall, artistId: string): Promise<Part[]> {
    const purposes = [{ kind: 'follow' as const, targetId: artistId }];
    const target = await artistTarget(call, artistId, { name: 'follow', action: 'follow-artist', purposes });
    if ('verdict' in target) return [target];
    return partsByService(connections, target, (ready) => followPart(target, artistId, ready));
  }

  async function nextSave(call: StepCall, artistId: string): Promise<Part[]> {
    const purposes = [{ kind: 'future' as const, targetId: artistId }];
    const target = await artistTarget(call, artistId, { name: 'nextsave', action: 'save-album', purposes });
    return 'verdict' in target ? [target] : nextSaveParts(connections, target, artistId);
  }

  return {
    forStep: (view, policy, facts) => ({
      presave: (releaseId) => release({ view, policy, facts }, releaseId, true),
      saveRelease: (releaseId) => release({ view, policy, facts }, releaseId, false),
      followArtist: (artistId) => follow({ view, policy, facts }, artistId),
      nextSave: (artistId) => nextSave({ view, policy, facts }, artistId),
    }),
    async evaluateSave(view, facts) {
      if (view.kind === readBackKind) return evaluateReadBack(connections, view, facts);
      const work = await works.release(view.projectId, textAt(view.data, 'releaseId'));
      const zone = work === undefined ? 'UTC' : zoneOf(facts, work);
      return evaluateSaveItem(connections, view, facts, work, zone);
    },
    async releaseFor(view, facts, releaseId) {
      const work = await works.release(view.projectId, releaseId);
      return work && { work, outAt: releaseMoment(work, zoneOf(facts, work)) };
    },
    grantAccess: access,
    effects: createEffects({ db, connections, access }),
    writers: {
      'save.mark': markSaves,
      'followed.add': addFollowed,
      [nextSaveWriter]: beginNextSaves,
      'grant.proven': proveGrants,
      'link.create': writeLinks,
    },
  };
}

interface StepCall {
  view: ItemView;
  policy: StepPolicy;
  facts: () => Promise<FanFacts>;
}

function whatEnds(view: ItemView, facts: FanFacts, isCancelled: boolean): string | null {
  const deleted = view.flowId === null ? undefined : facts.gates.get(gateKeys.flowDeleted(view.flowId));
  if (deleted?.closed) return 'flow_deleted';
  return isCancelled ? 'release_cancelled' : null;
}
