/** Prints every breach of the house's rules, and fails if there is one. */
import { globSync, readFileSync } from 'node:fs';
import { findBreaches } from './house-rules.ts';

const paths = globSync(['src/**/*.{ts,tsx}', 'migrations/*.sql']).map((file) => file.replaceAll('\\', '/'));
const breaches = findBreaches(paths.toSorted().map((path) => ({ path, text: readFileSync(path, 'utf8') })));
for (const breach of breaches) console.log(breach);
process.exitCode = breaches.length > 0 ? 1 : 0;
