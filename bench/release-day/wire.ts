/** What the bench and its fakes, a child process, say to each other. */
import type { CatalogueFake } from '#connectors/connector.ts';

export const services = ['spotify', 'tidal', 'soundcloud'] as const;
export type Service = (typeof services)[number];

export type Ask =
  | { ask: 'grants'; service: Service; users: string[] }
  /** From now on each service refuses what a lane of the usual rate may not send. */
  | { ask: 'limit' }
  | { ask: 'counts' }
  | { ask: 'saved'; service: Service; users: string[] };

/** What one service has seen. */
export interface Counts {
  /** People who were saved for. */
  people: number;
  /** Calls that saved for somebody who had it already. */
  repeated: number;
  /** Calls answered with 429. */
  refused: number;
  /** When the last save came, milliseconds of the epoch. */
  lastAt: number;
}

export interface Ready {
  service: Service;
  url: string;
  settings: Record<string, unknown>;
  samples: ReturnType<CatalogueFake['samples']>;
}
