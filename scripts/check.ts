/**
 * `npm test`, and what CI runs: every check there is, then a table of them and `N passed, N failed`.
 * `--quick` leaves out what takes long: crash tests, simulation, situations, the older PostgreSQL, the browser.
 */
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureWebBuilt } from './build-web.ts';
import { ensureChromium } from './chromium.ts';
import { startPostgres15 } from './postgres15.ts';

interface Outcome {
  name: string;
  passed: number;
  failed: number;
  /** Names of the tests that failed, so that the end of a long log says them once more. */
  failures: string[];
  seconds: number;
}

type Count = Pick<Outcome, 'passed' | 'failed' | 'failures'>;

const isQuick = process.argv.includes('--quick');
const reports = mkdtempSync(path.join(tmpdir(), 'segue-check-'));
const bin = (name: string) => path.join('node_modules', '.bin', name);

const outcomes: Outcome[] = await Promise.all([
  stage('format', () => quietly(bin('oxfmt'), ['--check'])),
  stage('lint', () => quietly(bin('oxlint'), ['--type-aware', '--deny-warnings'])),
  stage('house rules', () => quietly(process.execPath, ['scripts/check-house.ts'])),
  stage('types', () => quietly(bin('tsc'), ['--noEmit', '-p', '.'])),
  stage('dashboard types', () => quietly(bin('tsc'), ['--noEmit', '-p', 'src/web'])),
  stage('dashboard', buildDashboard),
]);
if (isQuick) {
  outcomes.push(await stage('tests', () => runTests('quick', ['quick'])));
} else {
  outcomes.push(await stage('tests', () => runTests('all', ['quick', 'crash', 'situations'])));
  outcomes.push(await stage('PostgreSQL 15', runOnPostgres15));
  if (globSync('test/e2e/**/*.e2e.ts').length > 0) outcomes.push(await stage('browser', runInBrowser));
}
rmSync(reports, { recursive: true, force: true });
report();

/** A check that throws says why in its message. */
async function stage(name: string, check: () => Promise<Count>): Promise<Outcome> {
  const startedAt = performance.now();
  let count: Count = { passed: 0, failed: 1, failures: [] };
  try {
    count = await check();
  } catch (error) {
    console.error(`\n${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { name, ...count, seconds: (performance.now() - startedAt) / 1000 };
}

/** Shows what a program says only if it fails; a failure counts as one, a success as no test. */
async function quietly(command: string, args: string[]): Promise<Count> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await endOf(child);
  if (code === 0) return { passed: 0, failed: 0, failures: [] };
  throw new Error(`failed\n${stripVTControlCharacters(said).trim()}`);
}

/** Before the tests: some look at what the browser gets. */
async function buildDashboard(): Promise<Count> {
  await ensureWebBuilt();
  return { passed: 0, failed: 0, failures: [] };
}

async function runTests(name: string, projects: string[], env: Record<string, string> = {}): Promise<Count> {
  const file = path.join(reports, `${name}.json`);
  const args = [
    'run',
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  for (const project of projects) args.push('--project', project);
  console.log(`\nTests: ${projects.join(', ')}${name === 'postgres15' ? ' (on PostgreSQL 15)' : ''}`);
  const child = spawn(bin('vitest'), args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const code = await endOf(child);
  return readReport(file, code);
}

/** A file that cannot be loaded, or an error outside any test, fails no test but the run: counted as one. */
function readReport(file: string, code: number): Count {
  // As: what vitest's own JSON reporter writes.
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
  };
  const failures = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${path.relative('.', name)}: ${fullName}`),
  );
  const failed = code === 0 ? numFailedTests : Math.max(numFailedTests, 1);
  return { passed: numPassedTests, failed, failures };
}

async function runOnPostgres15(): Promise<Count> {
  const server = await startPostgres15();
  try {
    return await runTests('postgres15', ['postgres'], { TEST_DATABASE_URL: server.url });
  } finally {
    await server.stop();
  }
}

async function runInBrowser(): Promise<Count> {
  return runTests('browser', ['e2e'], { CHROMIUM_PATH: ensureChromium() });
}

function endOf(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function report(): void {
  console.log('');
  for (const { name, passed, failed, seconds } of outcomes) {
    const result = failed > 0 ? 'FAILED' : 'ok';
    const tests = passed + failed > 0 ? `${passed} passed, ${failed} failed` : '';
    console.log(
      `${name.padEnd(16)}${result.padEnd(8)}${seconds.toFixed(1).padStart(7)} s   ${tests}`.trimEnd(),
    );
  }
  for (const failure of outcomes.flatMap(({ failures }) => failures)) console.log(`\nFAILED  ${failure}`);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  process.exitCode = failed > 0 ? 1 : 0;
  console.log(`\n${passed} passed, ${failed} failed`);
}
