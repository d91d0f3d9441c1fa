import { randomInt } from 'node:crypto';

/** A number of San Diego that is kept for fiction: nobody's phone rings. */
export function fictionalNumber(): string {
  return `+16195550${randomInt(100, 200)}`;
}
