import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the process small under load. What lives is about 60 MB; V8 by itself lets the old
 * generation grow to a multiple of that before it collects, because it expects the machine to be
 * its own. Here a database lives beside it. Called once, before anything is built.
 */
export function keepHeapSmall(): void {
  // The old generation is collected when it has grown by this many percent since the last time.
  setFlagsFromString('--heap-growing-percent=100');
}
