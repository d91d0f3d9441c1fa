import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ensureWebBuilt, webFolder } from './build-web.ts';

beforeAll(ensureWebBuilt, 60_000);

const kilobyte = 1000;
const sizeOf = (file: string) => statSync(path.join(webFolder, `${file}.gz`)).size;

/** A script with everything that it needs before it can begin. */
function withImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(path.join(webFolder, file), 'utf8');
  for (const [, from = ''] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
    withImports(`assets/${from}`, seen);
  return seen;
}

const bytesOf = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + sizeOf(file), 0);

test('the first useful screen takes at most 300 KB of script, gzipped', () => {
  const index = readFileSync(path.join(webFolder, 'index.html'), 'utf8');
  const [, entry = ''] = /<script type="module"[^>]* src="\/(assets\/[\w.-]+\.js)"/.exec(index) ?? [];
  const first = withImports(entry);
  expect(bytesOf(first)).toBeGreaterThan(50 * kilobyte);
  const pages = readdirSync(path.join(webFolder, 'assets')).filter((file) =>
    /^(home|flow-list)-.*\.js$/.test(file),
  );
  expect(pages.length).toBe(2);
  for (const page of pages) {
    const all = withImports(`assets/${page}`, new Set(first));
    expect(bytesOf(all), page).toBeLessThanOrEqual(300 * kilobyte);
  }
});

test('styles stay small, and every file that text is in was compressed', () => {
  const files = readdirSync(webFolder, { recursive: true, encoding: 'utf8' });
  const styles = files.filter((file) => file.endsWith('.css'));
  expect(bytesOf(styles)).toBeLessThanOrEqual(60 * kilobyte);
  for (const file of files.filter((one) => /\.(js|css)$/.test(one)))
    expect(files.includes(`${file}.br`), file).toBe(true);
});

test('a second build of the same changes nothing', async () => {
  const before = statSync(path.join(webFolder, 'index.html')).mtimeMs;
  await ensureWebBuilt();
  expect(statSync(path.join(webFolder, 'index.html')).mtimeMs).toBe(before);
});
