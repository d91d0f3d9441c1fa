/** `npm run bench -- NAME [--json]`. */
const benches: Record<string, (isJson: boolean) => Promise<void>> = {
  burst: async (isJson) => (await import('./burst.ts')).burst(isJson),
  latency: async (isJson) => (await import('./latency.ts')).latency(isJson),
  engine: async (isJson) => (await import('./engine.ts')).reportEngine(isJson),
};

const [name = '', ...flags] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(`Name a bench: ${Object.keys(benches).join(', ')}.\n`);
  process.exit(1);
}
await bench(flags.includes('--json'));
