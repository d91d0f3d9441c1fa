import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { decodeCursor, toPage } from '#lib/cursor.ts';
import { UserError } from '#lib/errors.ts';
import { route, type Route } from '#lib/route.ts';
import * as contract from './contract.ts';
import type { FanView } from './contract.ts';
import { parseEmail, parsePhone } from './parse-address.ts';
import { changeFan, listFanRows, type FanFilter } from './queries.ts';
import {
  addToSegment,
  createSegment,
  deleteSegment,
  getSegment,
  listSegments,
  removeFromSegment,
  renameSegment,
} from './segments.ts';
import { readTimeline, type TimelineDeps } from './timeline.ts';

export interface FanDeps extends TimelineDeps {
  db: Db;
  clock: DomainClock;
  /** Where each of these fans of the project connects her services; an address for every id. */
  connectUrls(projectId: string, fanIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export function fanRoutes(deps: FanDeps): Route[] {
  return [...personRoutes(deps), ...segmentRoutes(deps), ...memberRoutes(deps)];
}

function personRoutes(deps: FanDeps): Route[] {
  const { db } = deps;
  return [
    route(contract.listFans, ({ projectId, caller, query: { limit, cursor, ...filter } }) => {
      const isByNameOnly = !caller.permissions.has('see-addresses');
      return pageOfFans(deps, projectId, { ...normalised(filter), isByNameOnly }, limit, cursor);
    }),
    route(contract.getFan, ({ projectId, params }) => getFan(deps, projectId, params.id)),
    route(contract.updateFan, async ({ projectId, params, body, caller: { actor } }) => {
      await transaction(db, async (tx) => {
        await changeFan(tx, projectId, params.id, body);
        const subject = `fan:${params.id}`;
        // Which fields, not what stands there: the log cannot be altered, and a fan can be erased.
        const after = { changed: Object.keys(body) };
        await writeAudit(tx, projectId, { actor, action: 'fan.edited', subject, after });
      });
      return getFan(deps, projectId, params.id);
    }),
    route(contract.listFanTimeline, async ({ projectId, params, query }) => {
      await getFan(deps, projectId, params.id);
      return readTimeline(deps, projectId, params.id, { limit: query.limit, cursor: query.cursor });
    }),
  ];
}

function segmentRoutes({ db, clock }: FanDeps): Route[] {
  return [
    route(contract.listSegments, async ({ projectId, query: { limit, cursor, q } }) =>
      toPage(await listSegments(db, projectId, { before: decodeCursor(cursor), limit: limit + 1, q }), limit),
    ),
    route(contract.createSegment, async ({ projectId, body, caller: { actor } }) => {
      const segment = await createSegment(db, projectId, body, clock.now(projectId));
      const subject = `segment:${segment.id}`;
      await writeAudit(db, projectId, { actor, action: 'segment.created', subject, after: body });
      return segment;
    }),
    route(contract.getSegment, ({ projectId, params }) => getSegment(db, projectId, params.id)),
    route(contract.renameSegment, async ({ projectId, params, body, caller: { actor } }) => {
      const { name } = await getSegment(db, projectId, params.id);
      const segment = await renameSegment(db, projectId, params.id, body.name);
      const subject = `segment:${segment.id}`;
      const change = { before: { name }, after: body };
      await writeAudit(db, projectId, { actor, action: 'segment.renamed', subject, ...change });
      return segment;
    }),
    route(contract.deleteSegment, async ({ projectId, params, caller: { actor } }) => {
      await transaction(db, async (tx) => {
        await deleteSegment(tx, projectId, params.id);
        const subject = `segment:${params.id}`;
        await writeAudit(tx, projectId, { actor, action: 'segment.deleted', subject });
      });
      return undefined;
    }),
  ];
}

function memberRoutes(deps: FanDeps): Route[] {
  const { db, clock } = deps;
  return [
    route(contract.listSegmentFans, async ({ projectId, params, query: { limit, cursor } }) => {
      await getSegment(db, projectId, params.id);
      return pageOfFans(deps, projectId, { segmentId: params.id }, limit, cursor);
    }),
    route(contract.addToSegment, async ({ projectId, params: { id, fanId }, caller: { actor } }) => {
      await transaction(db, async (tx) => {
        await addToSegment(tx, projectId, id, fanId, clock.now(projectId));
        const subject = `segment:${id}`;
        await writeAudit(tx, projectId, { actor, action: 'segment.fan_added', subject, after: { fanId } });
      });
      return undefined;
    }),
    route(contract.removeFromSegment, async ({ projectId, params: { id, fanId }, caller: { actor } }) => {
      await transaction(db, async (tx) => {
        await removeFromSegment(tx, projectId, id, fanId);
        const subject = `segment:${id}`;
        await writeAudit(tx, projectId, { actor, action: 'segment.fan_removed', subject, before: { fanId } });
      });
      return undefined;
    }),
  ];
}

/** Throws 404. */
async function getFan(deps: FanDeps, projectId: string, fanId: string): Promise<FanView> {
  const { items } = await pageOfFans(deps, projectId, { ids: [fanId] }, 1, undefined);
  const [fan] = items;
  if (fan === undefined) throw new UserError(404, 'not_found', 'There is no such fan.');
  return fan;
}

/** Addresses as they are stored, so that two spellings of one number find one fan (R51). */
function normalised({ phone, email, ...rest }: FanFilter): FanFilter {
  return {
    ...rest,
    // A `+` that was not encoded in the query has become a blank.
    ...(phone === undefined ? {} : { phone: parsePhone(phone.replace(/^ (?=\d)/, '+')) ?? '' }),
    ...(email === undefined ? {} : { email: parseEmail(email) ?? '' }),
  };
}

async function pageOfFans(
  deps: FanDeps,
  projectId: string,
  filter: FanFilter,
  limit: number,
  cursor: string | undefined,
): Promise<{ items: FanView[]; nextCursor: string | null }> {
  const page = { before: decodeCursor(cursor), limit: limit + 1 };
  const { items, nextCursor } = toPage(await listFanRows(deps.db, projectId, filter, page), limit);
  const ids = items.map((fan) => fan.id);
  const urls = ids.length === 0 ? new Map<string, string>() : await deps.connectUrls(projectId, ids);
  const views = items.map(({ isSmsHeld, ...fan }) => ({
    ...fan,
    sendingHeld: { sms: isSmsHeld },
    connectUrl: urls.get(fan.id) ?? '',
  }));
  return { items: views, nextCursor };
}
