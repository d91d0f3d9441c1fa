/**
 * Builds the dashboard into `dist/web`, where it is not built from what stands here now:
 *   node scripts/build-web.ts
 * `npm start`, `npm test` and `npm run screens` do so by themselves.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = path.dirname(import.meta.dirname);
export const webFolder = path.join(root, 'dist', 'web');
/** What decides about a build beside the modules in it. */
const alwaysInputs = ['package-lock.json', 'vite.config.ts', 'scripts/build-web.ts', 'src/web/index.html'];
const inputsFile = 'inputs.json';

/** Repeating it costs a few milliseconds. Two at once build twice; the later one's result stays. */
export async function ensureWebBuilt(): Promise<void> {
  if (isFresh()) return;
  const building = `${webFolder}-${process.pid}`;
  try {
    const inputs = await bundle(building);
    await compressAll(building);
    writeFileSync(path.join(building, inputsFile), JSON.stringify(hashesOf(inputs), null, 1));
    moveIntoPlace(building);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/** Whether every module that the last build was made of is still the same. */
function isFresh(): boolean {
  const file = path.join(webFolder, inputsFile);
  if (!existsSync(file)) return false;
  // As: written below, by us.
  const then = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  return Object.entries(then).every(([input, hash]) => hashOf(input) === hash);
}

/** Returns the files of this project that went into it, relative to its root. */
async function bundle(outDir: string): Promise<string[]> {
  // Only when it is needed: it is larger than all the rest of a start.
  const { build } = await import('vite');
  mkdirSync(path.dirname(outDir), { recursive: true });
  const inputs = new Set(alwaysInputs);
  const before = process.env['NODE_ENV'];
  // A test runner's `test` would put React's development form into what people then get.
  process.env['NODE_ENV'] = 'production';
  await build({
    configFile: path.join(root, 'vite.config.ts'),
    root: path.join(root, 'src/web'),
    logLevel: 'warn',
    build: { outDir },
    plugins: [
      {
        name: 'note-inputs',
        moduleParsed({ id }) {
          const [file = ''] = id.split('?');
          const input = path.relative(root, file);
          if (path.isAbsolute(file) && !input.startsWith('..') && !input.startsWith('node_modules'))
            inputs.add(input.replaceAll('\\', '/'));
        },
      },
    ],
  });
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
  return [...inputs].toSorted();
}

/** Each file once more as `.br` and `.gz`, so that serving it costs nothing. Fonts are compressed already. */
async function compressAll(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(js|css|svg|json)$/.test(file),
  );
  const brotli = promisify(brotliCompress);
  await Promise.all(
    files.map(async (name) => {
      const file = path.join(folder, name);
      const bytes = readFileSync(file);
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
      writeFileSync(`${file}.br`, await brotli(bytes, quality));
      writeFileSync(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }),
  );
}

function hashesOf(inputs: readonly string[]): Record<string, string> {
  return Object.fromEntries(inputs.map((input) => [input, hashOf(input) ?? '']));
}

function hashOf(input: string): string | null {
  const file = path.join(root, input);
  if (!existsSync(file)) return null;
  return createHash('sha256').update(readFileSync(file)).digest('base64url');
}

/** A process that starts meanwhile finds the old one, the new one, or for a moment none. */
function moveIntoPlace(building: string): void {
  const old = `${building}-old`;
  if (existsSync(webFolder)) renameSync(webFolder, old);
  renameSync(building, webFolder);
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] === import.meta.filename) await ensureWebBuilt();
