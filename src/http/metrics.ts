import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What is read when somebody looks at `/metrics`. */
export interface Gauges {
  /** Seconds that the oldest due work has been waiting; 0 when nothing is due. */
  queueAgeSeconds(): Promise<number>;
  /** Items in the hands of this process. */
  inFlight(): number;
}

/** Everything the engine reports, as Prometheus series. Pass it to the engine, its registry to the API. */
export interface Metrics {
  registry: Registry;
  accepted(events: number, runs: number): void;
  finished(status: string): void;
  batch(kind: string, entries: number, ms: number): void;
  call(effect: string, ms: number, isOk: boolean): void;
  laneWait(): void;
  leaseLost(): void;
  /** Registers what is read on demand; once. */
  observe(gauges: Gauges): void;
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `segue_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, labelNames: string[], buckets: number[]) =>
    new Histogram({ name: `segue_${name}`, help, labelNames, buckets, registers });

  const events = counter('events_accepted_total', 'Events accepted, repeats included');
  const runs = counter('runs_started_total', 'Runs started');
  const finished = counter('outcomes_total', 'Outcomes of steps as they were recorded', ['status']);
  const laneWaits = counter('lane_waits_total', 'Times that work had to wait for a rate limit');
  const leasesLost = counter('leases_lost_total', 'Results that came too late to be recorded');
  const sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500];
  const batchSize = histogram('batch_entries', 'Entries committed together', ['kind'], sizes);
  const batchTime = histogram('batch_seconds', 'Time of one commit', ['kind'], seconds);
  const calls = histogram('call_seconds', 'Calls to providers', ['effect', 'ok'], seconds);
  return {
    registry,
    accepted(eventCount, runCount) {
      events.inc(eventCount);
      runs.inc(runCount);
    },
    finished: (status) => finished.inc({ status }),
    batch(kind, entries, ms) {
      batchSize.observe({ kind }, entries);
      batchTime.observe({ kind }, ms / 1000);
    },
    call: (effect, ms, isOk) => calls.observe({ effect, ok: String(isOk) }, ms / 1000),
    laneWait: () => laneWaits.inc(),
    leaseLost: () => leasesLost.inc(),
    observe(gauges) {
      void new Gauge({
        name: 'segue_queue_age_seconds',
        help: 'How long the oldest due work has been waiting',
        registers,
        async collect() {
          // What cannot be read now must not take the other series with it.
          this.set(await gauges.queueAgeSeconds().catch(() => Number.NaN));
        },
      });
      void new Gauge({
        name: 'segue_in_flight',
        help: 'Items in the hands of this process',
        registers,
        collect() {
          this.set(gauges.inFlight());
        },
      });
    },
  };
}
