import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export interface WebFile {
  type: string;
  plain: Uint8Array<ArrayBuffer>;
  br?: Uint8Array<ArrayBuffer>;
  gzip?: Uint8Array<ArrayBuffer>;
}

/** The dashboard as it was built, in memory: a build that comes meanwhile changes nothing here. */
export interface WebFiles {
  /** The page; `NONCE` stands where each answer puts its own. */
  index: string;
  /** By the path they are asked for. */
  files: ReadonlyMap<string, WebFile>;
  /** Differs for every different dashboard. */
  build: string;
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Null where nothing was built. */
export function readWebFiles(folder: string): WebFiles | null {
  const indexFile = path.join(folder, 'index.html');
  if (!existsSync(indexFile)) return null;
  const page = readFileSync(indexFile, 'utf8');
  const build = createHash('sha256').update(page).digest('base64url').slice(0, 12);
  const index = page
    .replace('name="segue-build" content=""', `name="segue-build" content="${build}"`)
    .replace('name="segue-nonce" content=""', 'name="segue-nonce" content="NONCE"')
    .replace('name="segue-visitor" content=""', 'name="segue-visitor" content="VISITOR"');
  const files = new Map<string, WebFile>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = types[path.extname(name)];
    if (type === undefined) continue;
    const file = path.join(folder, name);
    const packed = (ending: string) => (existsSync(file + ending) ? readFileSync(file + ending) : undefined);
    const [br, gzip] = [packed('.br'), packed('.gz')];
    files.set(`/${name.replaceAll('\\', '/')}`, {
      type,
      plain: readFileSync(file),
      ...(br && { br }),
      ...(gzip && { gzip }),
    });
  }
  return { index, files, build };
}
