import type { Effect, EffectContext, JsonObject } from '#engine/contract.ts';
import { RetryLater } from '#lib/errors.ts';
import { createHttp, HttpFailure } from '#lib/http.ts';
import { call, part } from './verdicts.ts';
import type { TestProduct } from './rig.ts';

/** Steps of a test process: calls of all classes around a local step, over HTTP to `startProvider`. */
export const processSteps = [
  { step: 'once' },
  { step: 'local' },
  { step: 'repeatable' },
  { step: 'keyed' },
  { step: 'once' },
];

export interface CallHooks {
  before?: () => Promise<void> | void;
  after?: () => Promise<void> | void;
}

export function processProduct(
  options: { provider: string; name: string; flowId: string; versionId: string },
  hooks: CallHooks = {},
): TestProduct {
  const effect = (effectClass: Effect['class']): Effect => ({
    class: effectClass,
    windowMs: 60_000,
    perform: async (context, payload) => {
      await hooks.before?.();
      await ask(
        `${options.provider}/call?effect=${effectClass}&process=${options.name}&key=${context.key}`,
        context,
        payload,
      );
      await hooks.after?.();
      return { providerId: context.key };
    },
    settle: async (context) => {
      const answer = await ask(`${options.provider}/found?key=${context.key}`, context);
      return answer['found'] === true ? { providerId: context.key, reason: 'accepted' } : null;
    },
  });
  return {
    steps: processSteps,
    flowId: options.flowId,
    versionId: options.versionId,
    evaluate: (view, step) => [
      step === 'local'
        ? part({ kind: 'done', writes: [{ writer: 'none', row: {} }] })
        : part(call(step, { payload: { at: view.now.toISOString() } })),
    ],
    effects: { once: effect('once'), keyed: effect('keyed'), repeatable: effect('repeatable') },
    writers: { none: () => Promise.resolve() },
  };
}

const http = createHttp({ connections: 512 });

/** Through the product's own client, which looks once more at the lease where the first byte is written. */
async function ask(url: string, context: EffectContext, payload?: JsonObject): Promise<JsonObject> {
  const { signal, mayLeave } = context;
  const what =
    payload === undefined
      ? { method: 'GET' as const }
      : { method: 'POST' as const, body: JSON.stringify(payload), mayLeave };
  const { status, text } = await http({ url, signal, ...what }).catch((error: unknown) => {
    if (error instanceof HttpFailure && !error.mayHaveArrived) throw new RetryLater(error.message);
    throw error;
  });
  if (status !== 200) throw new Error(`the provider said ${status}`);
  return JSON.parse(text) as JsonObject; // our own fake answers objects
}
