import type { Db } from '#db/database.ts';
import { LruCache } from '#lib/lru-cache.ts';
import type { StepPolicy } from '#steps/step.ts';

/** A step as the artist set it, in one immutable version. */
export interface VersionStep {
  step: string;
  config: Record<string, unknown>;
  policy: StepPolicy;
  stopOnFailure: boolean;
}

export interface FlowVersion {
  flowId: string;
  steps: readonly VersionStep[];
}

/** Versions never change: what was read once is kept. */
export class FlowVersions {
  readonly #db: Db;
  readonly #cache = new LruCache<string, Promise<FlowVersion>>(2_000);

  constructor(db: Db) {
    this.#db = db;
  }

  get(projectId: string, versionId: string): Promise<FlowVersion> {
    const key = `${projectId}/${versionId}`;
    const version = this.#cache.getOrMake(key, () => this.#read(projectId, versionId));
    // A failed read is not kept.
    version.catch(() => this.#cache.delete(key));
    return version;
  }

  async #read(projectId: string, versionId: string): Promise<FlowVersion> {
    const row = await this.#db
      .selectFrom('flow_version')
      .select(['flow_id', 'steps'])
      .where('project_id', '=', projectId)
      .where('id', '=', versionId)
      .executeTakeFirstOrThrow();
    // As: written through the flow's contract.
    const steps = row.steps as StoredStep[];
    return { flowId: row.flow_id, steps: steps.map(toStep) };
  }
}

interface StoredStep {
  step: string;
  config: Record<string, unknown>;
  onUnmet?: 'defer' | 'skip';
  deadlineHours?: number;
  stopOnFailure?: boolean;
}

function toStep(stored: StoredStep): VersionStep {
  return {
    step: stored.step,
    config: stored.config,
    policy: { onUnmet: stored.onUnmet ?? 'defer', deadlineHours: stored.deadlineHours ?? null },
    stopOnFailure: stored.stopOnFailure ?? false,
  };
}
