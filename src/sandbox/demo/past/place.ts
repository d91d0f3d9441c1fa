import type { GateRead } from '#engine/contract.ts';
import type { Sealer } from '#lib/seal.ts';
import type { PastFlow } from './facts.ts';

/** Where the past takes place: the rows that it refers to. */
export interface Place {
  projectId: string;
  now: Date;
  smsConnectionId: string;
  streamingConnectionId: string;
  artistId: string;
  releases: Record<'lanterns' | 'presave', string>;
  segments: Record<PastFlow, string>;
  flows: Record<PastFlow, FlowPlace>;
  /** Flow gates as they stand: a held run waits on its own. */
  gates: ReadonlyMap<string, GateRead>;
  sealer: Sealer;
}

export interface FlowPlace {
  flowId: string;
  versionId: string;
  /** The published words of a keyword that opts in. */
  words: { text: string; version: string } | null;
}
