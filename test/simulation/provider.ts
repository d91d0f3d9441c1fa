import type { Effect, EffectContext, JsonObject } from '#engine/contract.ts';
import { GiveUp, RetryLater, Unsure } from '#lib/errors.ts';
import { createRandom, seedOf } from './random.ts';

/** What the far side has really done: the truth that outcomes are held against. */
export class SimulatedProvider {
  readonly #seed: number;
  /** Key → what was carried out, in order. */
  readonly carriedOut = new Map<string, { effect: string; payload: string }[]>();
  /** Keys in the order in which their first call began. */
  readonly begun: string[] = [];
  readonly mistakes: string[] = [];
  readonly #tries = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  count(key: string): number {
    return this.carriedOut.get(key)?.length ?? 0;
  }

  /** One call, whose fate hangs on the seed, the fan, the step and the try alone. */
  async call(effect: string, context: EffectContext, payload: JsonObject): Promise<{ providerId: string }> {
    const name = `${JSON.stringify(payload['fan'])}/${JSON.stringify(payload['position'])}`;
    const tries = (this.#tries.get(context.key) ?? 0) + 1;
    this.#tries.set(context.key, tries);
    if (tries === 1) this.begun.push(context.key);
    const random = createRandom(seedOf(this.#seed, `${name}/${tries}`));
    await wait(random.int(12));
    // A provider that knows keys answers as it did the first time.
    if (effect === 'keyed' && this.count(context.key) > 0) return this.#carryOut(effect, context, payload);
    const fate = random.next();
    if (tries > 3 || fate < 0.7) return this.#carryOut(effect, context, payload);
    if (fate < 0.78) throw new RetryLater('busy');
    if (fate < 0.82) throw new GiveUp('refused');
    if (fate < 0.88) {
      this.#carryOut(effect, context, payload);
      throw random.chance(0.5) ? new Unsure('answer lost') : new TypeError('unreadable answer');
    }
    if (fate < 0.94) throw new Unsure('request lost');
    // Nothing comes until the call is cut off.
    await aborted(context.signal);
    if (random.chance(0.5)) this.#carryOut(effect, context, payload);
    throw new Unsure('timed out');
  }

  #carryOut(effect: string, { key }: EffectContext, payload: JsonObject): { providerId: string } {
    const text = JSON.stringify(payload);
    const before = this.carriedOut.get(key) ?? [];
    if (effect === 'keyed' && before[0] && before[0].payload !== text)
      this.mistakes.push(`another payload under ${key}`);
    if (effect !== 'keyed' || before.length === 0)
      this.carriedOut.set(key, [...before, { effect, payload: text }]);
    return { providerId: key };
  }
}

/** Effects that find the provider of the project they are called for. */
export function simulatedEffects(
  of: (projectId: string) => SimulatedProvider,
  live: () => Promise<void>,
): Record<string, Effect> {
  const make = (effectClass: Effect['class']): Effect => ({
    class: effectClass,
    windowMs: 60_000,
    async perform(context, payload) {
      await live();
      try {
        return await of(context.projectId).call(effectClass, context, payload);
      } finally {
        // A dead process hears no answer, good or bad.
        await live();
      }
    },
    async settle({ projectId, key }) {
      await live();
      return of(projectId).count(key) > 0 ? { providerId: key, reason: 'accepted' } : null;
    },
  });
  return { once: make('once'), keyed: make('keyed'), repeatable: make('repeatable') };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
