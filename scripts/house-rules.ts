/** The rules of the house that no linter knows: who may import whom, and where a vendor may be named. */
import path from 'node:path';

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  path: string;
  text: string;
}

const features = [
  'accounts',
  'connections',
  'credits',
  'fans',
  'flows',
  'go-live',
  'home',
  'kill-switch',
  'landing-pages',
  'messages',
  'people',
  'plans',
  'privacy',
  'releases',
  'results',
  'runs',
  'visits',
  'webhooks',
];
const lists = ['connectors/index.ts', 'steps/index.ts', 'triggers/index.ts'];
const typeFiles = [
  'connectors/connector.ts',
  'steps/step.ts',
  'steps/expectations.ts',
  'triggers/trigger.ts',
];
const serverLists = ['connectors/server.ts', 'steps/server.ts', 'triggers/server.ts'];

/** What the engine shows to features: what it and the product say to each other, gates, and its types. */
const engineFace = ['engine/contract.ts', 'engine/gates.ts', 'engine/balances.ts', 'types:engine/'];

/** What the browser may know beside contracts: no more than what these rest on. */
const browserSafe = [
  'flows/definition.ts',
  'flows/history/difference.ts',
  'landing-pages/content.ts',
  'landing-pages/palette.ts',
  'messages/call-to-action.ts',
];

/** Matching against all flows at once is a feature's work, by the rules of the trigger. */
const keywordMatching = 'triggers/keyword/';

const featureMayImport = [
  'lib/',
  'db/',
  ...engineFace,
  ...lists,
  ...typeFiles,
  ...features.map((other) => `${other}/`),
];

/** Folder → what it may import besides itself; `types:` for what may be imported as a type only. */
const mayImport: Record<string, string[]> = {
  lib: [],
  db: ['lib/'],
  engine: ['lib/', 'db/', 'types:steps/step.ts', 'types:triggers/trigger.ts'],
  ...Object.fromEntries(features.map((feature) => [feature, featureMayImport])),
  flows: [...featureMayImport, 'steps/server.ts', keywordMatching],
  messages: [...featureMayImport, keywordMatching],
  http: ['lib/', 'db/', ...lists, ...typeFiles, ...features.map((feature) => `${feature}/`)],
  pages: ['lib/', 'db/', ...lists, ...typeFiles, ...features.map((feature) => `${feature}/`)],
  sandbox: [
    'lib/',
    'db/',
    ...engineFace,
    ...lists,
    ...typeFiles,
    ...serverLists,
    ...features.map((feature) => `${feature}/`),
  ],
  web: ['lib/endpoint.ts', 'lib/field.ts', ...lists, ...typeFiles, ...browserSafe],
};

/** Plug-in folders see the contract of their kind, `lib` and the kit, nothing else: not even each other. */
const plugins: Record<string, string[]> = {
  connectors: ['connectors/connector.ts'],
  steps: ['steps/step.ts', 'steps/expectations.ts', 'steps/plain-words.ts'],
  // The words of a keyword are the same wherever a fan writes them.
  triggers: ['triggers/trigger.ts', 'triggers/kit/', 'triggers/keyword/normalise.ts'],
};

/** A channel of its own in the product's words, and the name of a protocol: they may be named. */
const namedChannels = ['instagram', 'smtp'];

/** What several connectors of a kind do alike. */
const connectorKit = 'connectors/kit/';

/** All breaches, one sentence each, in the order of the files. */
export function findBreaches(files: SourceFile[]): string[] {
  const ids = findConnectorIds(files);
  return files.flatMap((file) => [
    ...checkImports(file),
    ...checkEnvironment(file),
    ...checkBrands(file, ids),
  ]);
}

function checkImports(file: SourceFile): string[] {
  if (!file.path.startsWith('src/') || isTestCode(file.path)) return [];
  const from = file.path.slice('src/'.length);
  return findImports(file)
    .filter(({ target, isType }) => !isAllowed(from, target, isType))
    .map(
      ({ target, line }) =>
        `${file.path}:${line} may not import src/${target} (see ARCHITECTURE.md, "Who may import whom")`,
    );
}

function isAllowed(from: string, target: string, isType: boolean): boolean {
  const [area = '', inner] = from.split('/');
  if (!from.includes('/')) return true;
  if (target === 'env.ts') return isType;
  if (isTestCode(`src/${target}`)) return false;
  const contract = plugins[area];
  if (contract) return isAllowedForPlugin(from, target, isType, contract);
  if (target.startsWith(`${area}/`)) return true;
  if (area === 'web' && inner && /^([^/]+\/)+contract\.ts$/.test(target)) return true;
  return (mayImport[area] ?? []).some((rule) => {
    if (!rule.startsWith('types:')) return target.startsWith(rule);
    return isType && target.startsWith(rule.slice('types:'.length));
  });
}

function isAllowedForPlugin(from: string, target: string, isType: boolean, contract: string[]): boolean {
  if (
    target.startsWith('lib/') ||
    contract.some((one) => target === one || (one.endsWith('/') && target.startsWith(one)))
  )
    return true;
  const [area, folder, ...rest] = from.split('/');
  const isInFolder = rest.length > 0;
  if (isInFolder)
    return (
      target.startsWith(`${area}/${folder}/`) || (area === 'connectors' && target.startsWith(connectorKit))
    );
  // The contract's own file and the two lists: their kind, and the types of other contracts.
  return target.startsWith(`${area}/`) || (isType && [...typeFiles, 'engine/contract.ts'].includes(target));
}

interface Import {
  target: string;
  line: number;
  isType: boolean;
}

function findImports(file: SourceFile): Import[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?from\s*)?'([^']+)'|import\(\s*'([^']+)'/g;
  const found: Import[] = [];
  for (const match of file.text.matchAll(pattern)) {
    const target = resolve(file.path, match[2] ?? match[3] ?? '');
    if (target === null) continue;
    const line = file.text.slice(0, match.index + match[0].length).split('\n').length;
    found.push({ target, line, isType: match[1] !== undefined });
  }
  return found;
}

/** Below `src/`; `null` for packages and for what lies elsewhere. */
function resolve(from: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (!specifier.startsWith('.')) return null;
  const target = path.posix.join(path.posix.dirname(from), specifier);
  return target.startsWith('src/') ? target.slice('src/'.length) : null;
}

function checkEnvironment(file: SourceFile): string[] {
  const mayRead = ['src/env.ts', 'src/main.ts'];
  if (!file.path.startsWith('src/') || mayRead.includes(file.path) || isTestCode(file.path)) return [];
  return linesWith(file, /\bprocess\.env\b/).map(
    (line) => `${file.path}:${line} reads process.env: take it from src/env.ts through an argument`,
  );
}

function findConnectorIds(files: SourceFile[]): string[] {
  const folders = files.map((file) => /^src\/connectors\/([a-z0-9-]+)\/connector\.ts$/.exec(file.path)?.[1]);
  return [...new Set(folders)].filter((id) => id !== undefined && !namedChannels.includes(id)) as string[];
}

function checkBrands(file: SourceFile, ids: string[]): string[] {
  if (!/^(src|migrations)\//.test(file.path) || isTestCode(file.path) || mayNameVendors(file.path)) return [];
  const own = /^src\/connectors\/([^/]+)\//.exec(file.path)?.[1];
  return ids
    .filter((id) => id !== own)
    .flatMap((id) => {
      // `apple-music` is also found as `appleMusic`, `Apple Music` and `APPLE_MUSIC`.
      const brand = new RegExp(id.replaceAll('-', '[-_ ]?'), 'i');
      return linesWith(file, brand).map(
        (line) => `${file.path}:${line} names ${id}: only src/connectors/${id}/ and the lists may`,
      );
    });
}

function mayNameVendors(file: string): boolean {
  const isList = ['src/connectors/index.ts', 'src/connectors/server.ts'].includes(file);
  return isList || file.startsWith('src/sandbox/demo');
}

function isTestCode(file: string): boolean {
  return /(\.test\.ts|\/testing\.ts|\/testing\/|\/conformance[^/]*\.ts)/.test(file);
}

function linesWith(file: SourceFile, pattern: RegExp): number[] {
  return file.text.split('\n').flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));
}
