import { en } from './en.ts';

/** What a language has to say: the same keys, the same arguments. */
export type Catalogue = typeof en;

/** The sentences of the person's language; English is the only one so far. */
export const t: Catalogue = en;
