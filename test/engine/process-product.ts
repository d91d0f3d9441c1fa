import type { Effect, EffectContext, JsonObject } from '#engine/contract.ts';
import { request } from 'undici';
import { guardedAgent } from './late-guard.ts';
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

const agent = guardedAgent(300);

async function ask(url: string, context: EffectContext, payload?: JsonObject): Promise<JsonObject> {
  const what =
    payload === undefined
      ? { method: 'GET' as const }
      : { method: 'POST' as const, body: JSON.stringify(payload) };
  const { statusCode, body } = await request(url, { ...what, dispatcher: agent, signal: context.signal });
  const answer = await body.json();
  if (statusCode !== 200) throw new Error(`the provider said ${statusCode}`);
  return answer as JsonObject; // our own fake answers objects
}
