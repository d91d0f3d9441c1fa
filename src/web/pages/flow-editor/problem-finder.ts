import { t } from '../../catalogue/index.ts';
import { problemsAt } from './draft.ts';
import type { Kept } from './draft-keeper.ts';

export interface Found {
  /** What must be put right before the flow starts, or before it can be saved. */
  error: string | undefined;
  /** What is worth saying. */
  hints: string[];
}

/** Problems by the field they name: the API's path within a config → that field's words. */
export type FindProblems = (name: string) => Found;

export function problemFinder({ errors, flow, state }: Kept, at: string): FindProblems {
  return (name) => {
    const path = `${at}.${name}`;
    const [unsaved] = problemsAt(errors, path);
    const found = problemsAt(flow.problems, path);
    // A field that is empty because it was added a moment ago is asked for, not complained about.
    const isFresh = state === 'unsaved' || state === 'saving';
    const error = found.find(
      ({ severity, code }) => severity === 'error' && !(isFresh && code === 'required'),
    );
    return {
      error: unsaved?.message ?? error?.message,
      hints: found.filter(({ severity }) => severity === 'warning').map(({ message }) => message),
    };
  };
}

/** 50,000 pasted characters: how many there are, how many may be. Undefined: it fits. */
export function lengthWords(text: string, max: number): string | undefined {
  return text.length > max ? t.editor.tooLong(text.length, max) : undefined;
}
