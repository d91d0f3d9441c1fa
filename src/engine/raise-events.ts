import type { Tx } from '#db/database.ts';
import { acceptCaused } from './accept.ts';
import type { CausedEvent, Entry, Ports } from './contract.ts';
import type { Mine, RecordEntry } from './record.ts';
import type { StepResult } from './results.ts';

/** Accepts the events that steps caused, in the commit of their outcomes; they carry the chain (R33). */
export async function raiseEvents(
  tx: Tx,
  ports: Pick<Ports, 'admit'>,
  projectId: string,
  mine: readonly Mine[],
  worker: string | null,
): Promise<void> {
  const caused = mine.flatMap((entry) =>
    entry.results.flatMap((result) =>
      result.events.map((event) => ({
        to: entry.to,
        entry: causedEntry(entry, result, event),
        now: entry.now,
      })),
    ),
  );
  const first = caused[0];
  if (first === undefined) return;
  const entries = caused.map(({ entry }) => entry);
  const { leased, opened } = await acceptCaused(tx, ports, projectId, entries, first.now, worker);
  first.to.leased.push(...leased);
  if (opened > leased.length) first.to.hasLeftWork = true;
}

/** Named after the run, step and service that raised it. */
function causedEntry({ item, now }: RecordEntry, result: StepResult, event: CausedEvent): Entry {
  const chain = Array.isArray(item.data['chain']) ? item.data['chain'].map(String) : [];
  const root = item.data['rootEventId'];
  return {
    source: 'step',
    key: `${item.runId ?? item.id}:${result.position}:${result.service}:${event.type}:${event.key ?? ''}`,
    type: event.type,
    fingerprint: '',
    occurredAt: now,
    payload: { fanId: item.fanId, subject: event.subject },
    chain,
    ...(typeof root === 'string' ? { rootEventId: root } : {}),
  };
}
