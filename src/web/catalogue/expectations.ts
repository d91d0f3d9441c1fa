import { expectations as en } from './en/expectations.ts';

/** What becomes of a step, in the person's language: apart from `t`, since only the flow editor says it. */
export const expectations: typeof en = en;
