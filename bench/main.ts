/** `npm run bench -- NAME [--json]`; `dashboard` also takes `--scale`. */
const benches: Record<string, (isJson: boolean) => Promise<void>> = {
  burst: async (isJson) => (await import('./burst.ts')).burst(isJson),
  watched: async (isJson) => (await import('./watched.ts')).watched(isJson),
  pages: async (isJson) => (await import('./pages.ts')).pages(isJson),
  'release-day': async (isJson) => (await import('./release-day.ts')).releaseDay(isJson),
  latency: async (isJson) => (await import('./latency.ts')).latency(isJson),
  dashboard: async (isJson) => (await import('./dashboard.ts')).dashboard(isJson, scaleOf(flags)),
  connectors: async (isJson) => (await import('./connectors.ts')).connectorCosts(isJson),
  profile: async () => (await import('./profile.ts')).profile(),
  engine: async (isJson) => (await import('./engine.ts')).reportEngine(isJson),
};

const [name = '', ...flags] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(`Name a bench: ${Object.keys(benches).join(', ')}.\n`);
  process.exit(1);
}
await bench(flags.includes('--json'));

function scaleOf(given: readonly string[]): number {
  const scale = Number(given[given.indexOf('--scale') + 1] ?? '0.1');
  return given.includes('--scale') && scale > 0 ? scale : 0.1;
}
