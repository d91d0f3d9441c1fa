import type { Log } from '#lib/log.ts';
import type { Claimed } from './claim.ts';
import type { Item } from './item.ts';
import { pause } from './pause.ts';
import type { Timing } from './timing.ts';

export interface PumpOptions {
  log: Log;
  timing: Timing;
  claim: (limit: number) => Promise<Claimed>;
  /** Items that may be taken now; 0 while this process may not start anything. */
  room: () => number;
  maxInFlight: number;
  take: (items: readonly Item[]) => void;
}

/** Looks for due work: when told to, when there is room for a backlog, and at every poll. */
export class Pump {
  readonly #options: PumpOptions;
  #pumping: Promise<void> | undefined;
  #isWanted = false;
  #hasBacklog = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PumpOptions) {
    this.#options = options;
  }

  start(): void {
    this.pollIn(0);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#pumping;
  }

  /** Looks now instead of at the next poll. */
  kick(): void {
    if (this.#isStopped) return;
    this.#isWanted = true;
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined;
    });
  }

  /** An item left: with a backlog, a quarter's room is worth a claim. */
  onRoom(): void {
    const { room, maxInFlight } = this.#options;
    if (this.#hasBacklog && room() >= maxInFlight / 4) this.kick();
  }

  /** Moves the next poll to so many milliseconds from now, if that is sooner. */
  pollIn(ms: number): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.pollIn(this.#options.timing.pollMs);
      this.kick();
    }, ms);
    this.#timer.unref();
  }

  async #pump(): Promise<void> {
    const { claim, room, take, log, timing } = this.#options;
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      const limit = room();
      this.#hasBacklog = limit <= 0;
      if (limit <= 0) return;
      try {
        const claimed = await claim(limit);
        take(claimed.items);
        this.#hasBacklog = claimed.items.length >= limit;
        if (claimed.hasLaneWaiters) this.pollIn(timing.lanePollMs);
      } catch (error) {
        log.warn({ err: error }, 'looking for work failed');
        return;
      }
      // Several kicks at once are one look.
      if (this.#isWanted) await pause(1);
    }
  }
}
