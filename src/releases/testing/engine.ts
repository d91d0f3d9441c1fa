import { sql } from 'kysely';
import type { ItemView, Part } from '#engine/contract.ts';
import { readFacts } from '#fans/facts.ts';
import { must } from '#engine/must.ts';
import { newId } from '#lib/ids.ts';
import { startEngine, testEntry, testPorts } from '../../../test/engine/rig.ts';
import type { Stage } from './stage.ts';

export type StreamingStep = ['presave' | 'saveRelease' | 'followArtist', string];
const policy = { onUnmet: 'defer', deadlineHours: null } as const;

/** A real engine over the real connector and its fake; events that steps cause are written down. */
export async function startStreaming(stage: Stage, url: string, steps: StreamingStep[]) {
  const events: { type: string; subject: unknown }[] = [];
  const streaming = stage.openStreaming();
  const rig = await startEngine(
    url,
    (rigDb) => {
      const ports = testPorts(
        {
          steps: steps.map(([step]) => ({ step })),
          flowId: newId(),
          versionId: newId(),
          evaluate: () => [],
          effects: streaming.effects,
          writers: streaming.writers,
        },
        rigDb,
      );
      return {
        ...ports,
        evaluate: (view) => evaluate(stage, streaming, steps, view),
        admit: async (tx, id, entries, now) => {
          const admitted = await ports.admit(tx, id, entries, now);
          return admitted.map((one, at) => {
            const { entry } = must(entries[at]);
            if (entry.source !== 'step') return one;
            events.push({ type: entry.type, subject: entry.payload['subject'] });
            return { ...one, candidates: [] };
          });
        },
      };
    },
    { clocks: stage.clocks },
  );
  return {
    events,
    run: async (fanId: string) =>
      must((await rig.engine.accept(stage.projectId, testEntry(newId(), fanId))).runs[0]),
    kick: () => rig.engine.kick(),
    close: () => rig.close(),
  };
}

async function evaluate(
  { db, projectId }: Stage,
  streaming: Stage['streaming'],
  steps: StreamingStep[],
  view: ItemView,
): Promise<Part[]> {
  const load = async () => {
    const fanId = must(view.fanId);
    const facts = await readFacts(db, projectId, [fanId], view.flowId ? [view.flowId] : [], view.now);
    return must(facts.get(fanId));
  };
  if (view.kind === 'save' || view.kind === 'read-back') return streaming.evaluateSave(view, await load());
  const [step, target] = must(steps[view.position - 1]);
  return streaming.forStep(view, policy, load)[step](target);
}

/** `position service status reason`, in order. */
export async function readOutcomes({ db, projectId }: Stage, runId: string): Promise<string[]> {
  const { rows } = await sql<{ position: number; service: string; status: string; reason: string | null }>`
    select position, service, status, reason from outcome where project_id = ${projectId} and run_id = ${runId}
     order by position, service`.execute(db);
  return rows.map((row) => [row.position, row.service, row.status, row.reason].join(' '));
}
