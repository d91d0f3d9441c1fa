import type { StepContext, StepServer } from '../step.ts';
import { sendInstagramDm } from './step.ts';

interface Config {
  text: string;
  connectionId?: string | undefined;
  /** Absent in flows that were drawn before there was a choice. */
  fallback?: 'none' | 'text';
}

export const runSendInstagramDm: StepServer<Config> = {
  definition: sendInstagramDm,
  async evaluate(ctx, { text, connectionId, fallback }) {
    const parts = await ctx.directMessages.send({ text, connectionId: connectionId ?? null });
    const isTextInstead = fallback === 'text' && parts.some(isOutsideWindow);
    return isTextInstead ? ctx.texts.send({ body: text, connectionId: null }) : parts;
  },
};

type Parts = Awaited<ReturnType<StepContext['directMessages']['send']>>;

function isOutsideWindow({ verdict }: Parts[number]): boolean {
  return verdict.kind === 'skip' && verdict.reason === 'ig_window';
}
