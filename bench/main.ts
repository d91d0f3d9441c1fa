/** `npm run bench -- <name> [--json]`: runs `bench/<name>.ts`, which exports `run(args)`. */
const [name, ...args] = process.argv.slice(2);
if (name === undefined || !/^[a-z]+$/.test(name)) {
  console.error('say which: npm run bench -- engine | burst | latency [--json]');
  process.exit(2);
}
// As: every bench exports this one function.
const bench = (await import(`./${name}.ts`)) as { run(args: readonly string[]): Promise<object> };
const figures = await bench.run(args);
if (args.includes('--json')) console.log(JSON.stringify(figures));
