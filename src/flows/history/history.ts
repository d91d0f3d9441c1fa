import { decodeCursor, toPage } from '#lib/cursor.ts';
import type { z } from 'zod';
import { referencesOf } from '../definition.ts';
import type { Actor, FlowDeps } from '../deps.ts';
import { loadFlowContext } from '../problems/context.ts';
import { nameOf } from '../problems/references.ts';
import { getFlowRow, type FlowRow } from '../queries.ts';
import { updateFlow } from '../save-flow.ts';
import type { FlowChange, getFlowVersion } from './contract.ts';
import { flowDifference } from './difference.ts';
import { getVersionRow, listVersionRows, readActorNames, type VersionRow } from './queries.ts';

type VersionView = Omit<z.input<typeof getFlowVersion.response & object>, 'trigger' | 'steps' | 'reentry'>;

export async function listVersions(
  { db }: Pick<FlowDeps, 'db'>,
  projectId: string,
  flowId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  const flow = await getFlowRow(db, projectId, flowId);
  const rows = await listVersionRows(db, projectId, flowId, {
    before: decodeCursor(cursor),
    limit: limit + 1,
  });
  const { items, nextCursor } = toPage(rows, limit);
  const names = await readActorNames(
    db,
    items.map(({ savedBy }) => savedBy),
  );
  return { items: items.map((row) => versionView(flow, row, names)), nextCursor };
}

export async function viewVersion(
  { db }: Pick<FlowDeps, 'db'>,
  projectId: string,
  flowId: string,
  version: number,
) {
  const flow = await getFlowRow(db, projectId, flowId);
  const row = await getVersionRow(db, projectId, flowId, version);
  const names = await readActorNames(db, [row.savedBy]);
  const { trigger, steps, reentry } = row;
  return { ...versionView(flow, row, names), trigger, steps, reentry };
}

/**
 * Saves an older version again as the newest; what runs stays what it is. 409 `stale_version` if
 * somebody saved since, 422 if it names what is no longer there.
 */
export async function restoreVersion(
  deps: FlowDeps,
  projectId: string,
  flowId: string,
  { version, over }: { version: number; over: number },
  actor: Actor,
): Promise<void> {
  const { name } = await getFlowRow(deps.db, projectId, flowId);
  const { trigger, steps, reentry } = await getVersionRow(deps.db, projectId, flowId, version);
  await updateFlow(deps, projectId, flowId, { name, trigger, steps, reentry, version: over }, actor);
}

/** From what runs to the newest, unless versions are named. Nothing started yet: nothing to compare. */
export async function compareVersions(
  { db }: Pick<FlowDeps, 'db'>,
  projectId: string,
  flowId: string,
  ask: { from?: number | undefined; to?: number | undefined },
): Promise<{ from: number | null; to: number; changes: FlowChange[] }> {
  const flow = await getFlowRow(db, projectId, flowId);
  const from = ask.from ?? flow.activeVersion;
  const to = ask.to ?? flow.version;
  if (from === null) return { from, to, changes: [] };
  const before = await getVersionRow(db, projectId, flowId, from);
  const after = await getVersionRow(db, projectId, flowId, to);
  const context = await loadFlowContext(db, projectId, [...referencesOf(before), ...referencesOf(after)]);
  return { from, to, changes: flowDifference(before, after, (reference) => nameOf(context, reference)) };
}

function versionView(flow: FlowRow, row: VersionRow, names: ReadonlyMap<string, string>): VersionView {
  const { version, savedAt, activatedAt, savedBy } = row;
  return {
    version,
    state: version === flow.activeVersion ? 'active' : version === flow.version ? 'draft' : 'old',
    savedAt,
    activatedAt,
    savedBy: { kind: kindOf(savedBy), name: names.get(savedBy) ?? null },
  };
}

function kindOf(actor: string): VersionView['savedBy']['kind'] {
  if (actor.startsWith('key:')) return 'key';
  return actor === 'system' ? 'system' : 'person';
}
