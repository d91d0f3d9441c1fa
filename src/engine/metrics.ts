/** What the engine tells about itself; the composition root turns it into Prometheus series. */
export interface EngineMetrics {
  accepted(events: number, runs: number): void;
  finished(status: string): void;
  batch(kind: 'accept' | 'record' | 'intent' | 'lane', entries: number, ms: number): void;
  call(effect: string, ms: number, isOk: boolean): void;
  laneWait(): void;
  leaseLost(): void;
}

export const noMetrics: EngineMetrics = {
  accepted: () => undefined,
  finished: () => undefined,
  batch: () => undefined,
  call: () => undefined,
  laneWait: () => undefined,
  leaseLost: () => undefined,
};
