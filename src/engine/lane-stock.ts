import type { LaneCharge } from './contract.ts';
import { uptime } from './monotonic.ts';

/** Units are taken ahead for this long; after it they are lost, as any unused booking. */
export const stockMs = 100;

/** A lane narrower than this many units in `stockMs` is never taken ahead: every unit counts there. */
export const leastStock = 20;

/**
 * Units of wide lanes that this process has booked ahead, so that a burst does not ask the database
 * for every batch. Held for a tenth of a second: the rate is kept, and a block that another process
 * puts on the lane is seen that much later at most.
 */
export class LaneStock {
  readonly #stock = new Map<string, { units: number; untilMs: number }>();

  /** Takes all charges of one call, or nothing. */
  take(charges: readonly LaneCharge[]): boolean {
    const nowMs = uptime();
    const isThere = charges.every(({ id, cost }) => {
      const held = this.#stock.get(id);
      return held !== undefined && held.untilMs > nowMs && held.units >= cost;
    });
    if (!isThere) return false;
    for (const { id, cost } of charges) {
      const held = this.#stock.get(id);
      if (held !== undefined) held.units -= cost;
    }
    return true;
  }

  put(id: string, units: number): void {
    this.#stock.set(id, { units, untilMs: uptime() + stockMs });
  }

  /** The lane was blocked: what was taken ahead may not be used. */
  drop(ids: readonly string[]): void {
    for (const id of ids) this.#stock.delete(id);
  }
}
