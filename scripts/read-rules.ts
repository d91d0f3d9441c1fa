/** The rules of `docs/rules.md`, and the tests that name them in their titles. */
import { globSync, readFileSync } from 'node:fs';

export interface Rule {
  id: string;
  text: string;
  /** Why no test proves it; null: one has to. */
  excuse: string | null;
  tests: NamedTest[];
}

export interface NamedTest {
  file: string;
  title: string;
}

const row = /^\| ([RAS]\d+) \| (.+?) \|$/gm;
/** A title stands behind `test(`, `it(`, `describe(` or the second bracket of `test.each(…)(`. */
const title = /(?:\b(?:test|it|describe)(?:\.\w+)*\(|[)\]]\)\()\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/gs;
const excusesBegin = '## Without a test';

/** Rules in the order of the document; every rule knows its tests. */
export function readRules(document: string, tests: readonly NamedTest[]): Rule[] {
  const [kept = '', excused = ''] = document.split(excusesBegin);
  const excuses = new Map([...excused.matchAll(row)].map(([, id = '', why = '']) => [id, why]));
  const byRule = new Map<string, NamedTest[]>();
  for (const test of tests) {
    for (const id of rulesIn(test.title)) byRule.set(id, [...(byRule.get(id) ?? []), test]);
  }
  return [...kept.matchAll(row)].map(([, id = '', text = '']) => ({
    id,
    text,
    excuse: excuses.get(id) ?? null,
    tests: byRule.get(id) ?? [],
  }));
}

/** What a title names: `R44`, and all of `R13–R15`. */
export function rulesIn(words: string): string[] {
  const found = [...words.matchAll(/\b([RAS])(\d{1,3})(?:[–-]\1?(\d{1,3}))?\b/g)];
  return found.flatMap(([, kind = '', first = '', last = first]) => {
    const many = Math.max(1, Number(last) - Number(first) + 1);
    return Array.from({ length: many }, (_, at) => `${kind}${Number(first) + at}`);
  });
}

/** Every titled test of the project, by what its source says. */
export function readTests(root: string): NamedTest[] {
  const files = globSync('{src,test,scripts,bench}/**/*.ts', { cwd: root }).toSorted();
  return files.flatMap((file) => {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    if (!/from 'vitest'/.test(text)) return [];
    return [...text.matchAll(title)].map(([, , words = '']) => ({ file, title: words }));
  });
}
