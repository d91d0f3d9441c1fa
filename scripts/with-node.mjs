/**
 * Runs a file of this project under Node 24, whatever Node (20 or newer) it was started with:
 *   node scripts/with-node.mjs FILE [arguments]
 * Brings Node 24 from the npm registry into `.node/` where it is missing, installs the dependencies
 * when they do not fit package-lock.json, and then gives way to FILE. Has no dependencies itself.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import './end-with-parent.mjs';

const wantedMajor = 24;

/**
 * Room for what lives shortly. Left to grow by itself it is small when a burst begins, so that what a
 * run holds for some milliseconds is moved to the old generation and stays there for long.
 */
const heap = ['--max-semi-space-size=32'];

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const stateDir = path.join(root, '.node');
const lockFile = path.join(stateDir, 'busy');
const isWindows = process.platform === 'win32';

/** What is wrong, in one sentence, for a person at a terminal. */
class Trouble extends Error {}

main().catch((error) => {
  if (!(error instanceof Trouble)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});

async function main() {
  const [file, ...args] = process.argv.slice(2);
  if (!file) throw new Trouble('Usage: node scripts/with-node.mjs FILE [arguments]');
  if (!findNode() || !isInstalled()) await alone(prepare);
  const node = findNode();
  if (!node) throw new Trouble(`Node ${wantedMajor} is still missing: remove ${stateDir} and try again.`);
  run(node, [path.resolve(root, file), ...args]);
}

async function prepare() {
  if (!findNode()) await fetchNode();
  if (!isInstalled()) await installDependencies(findNode());
}

/** The running Node if it is new enough, else the one in `.node/`, else null. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) return process.execPath;
  const name = isWindows ? 'bin/node.exe' : 'bin/node';
  const file = path.join(stateDir, 'node_modules', packageName(), name);
  return existsSync(file) && spawnSync(file, ['--version']).status === 0 ? file : null;
}

function packageName() {
  const system = isWindows ? 'win' : process.platform;
  return `node-${system}-${process.arch}`;
}

async function fetchNode() {
  console.error(
    `Segue needs Node ${wantedMajor}, this is ${process.versions.node}: fetching it into .node/ (once) …`,
  );
  mkdirSync(stateDir, { recursive: true });
  // Without a package.json of its own npm would take the nearest folder above that has one.
  writeFileSync(path.join(stateDir, 'package.json'), '{"private":true}\n');
  const args = [
    'install',
    '--prefix',
    stateDir,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
  ];
  await npm(
    process.execPath,
    [...args, '--no-package-lock', '--loglevel=error', `${packageName()}@${wantedMajor}`],
    {
      cwd: stateDir,
      task: `fetch Node ${wantedMajor} (package ${packageName()})`,
    },
  );
  if (!findNode()) {
    throw new Trouble(
      `The package ${packageName()} brought no Node ${wantedMajor} that runs here: install Node ${wantedMajor} by hand.`,
    );
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for, by the record that npm writes as the
 * last thing of an install: a broken-off one has no record. Packages of other systems may be absent.
 */
function isInstalled() {
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  const found = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (!wanted)
    throw new Trouble('package-lock.json is missing or damaged: bring it back from the repository.');
  if (!found) return false;
  return Object.entries(wanted).every(
    ([place, entry]) => place === '' || found[place]?.version === entry.version || !isForHere(entry),
  );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return null;
  }
}

function isForHere(entry) {
  if (!entry.optional) return true;
  if (entry.libc) return false;
  return (
    Boolean(entry.os ?? entry.cpu) && allows(entry.os, process.platform) && allows(entry.cpu, process.arch)
  );
}

function allows(list, here) {
  return !list || list.includes(here);
}

async function installDependencies(node) {
  console.error('Installing the dependencies (npm ci) …');
  // Development packages too, whatever NODE_ENV says: `npm test` must work after `npm start`.
  const args = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
  ];
  await npm(node, [...args, '--loglevel=error'], { cwd: root, task: 'install the dependencies' });
  if (!isInstalled())
    throw new Trouble('npm ci ended well but packages are missing: remove node_modules and try again.');
}

/** Runs npm under the given Node; throws one sentence when there is none, or it fails. */
async function npm(node, args, { cwd, task }) {
  const cli = findNpm();
  if (!cli)
    throw new Trouble(
      `Segue cannot ${task}: there is no npm beside Node or on the PATH. Install npm and try again.`,
    );
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
  // npm hands its own settings to what it runs; the outer run's folder and workspace must not steer the inner one.
  for (const name of Object.keys(env))
    if (/^npm_(config_(local_)?prefix|package_|lifecycle_)/i.test(name)) delete env[name];
  const child = spawn(node, [cli, ...args], { cwd, env, stdio: ['ignore', process.stderr, process.stderr] });
  // If we are killed npm goes on for a while: who comes next has to wait for it too.
  writeFileSync(path.join(lockFile, 'pids'), `${process.pid} ${child.pid ?? process.pid}`);
  const end = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
  if (end === 0) return;
  throw new Trouble(
    `Segue could not ${task}: npm ended with ${end} (see above; is the network there, and may this user write to ${cwd}?).`,
  );
}

/** npm's own script: of the npm that runs us, beside this Node, or on the PATH. */
function findNpm() {
  const given = process.env.npm_execpath;
  // Other package managers set it too, and have no `ci` of this kind.
  if (given && /npm-cli\.c?js$/.test(given) && existsSync(given)) return given;
  const beside = isWindows ? 'node_modules' : '../lib/node_modules';
  const folders = [path.dirname(process.execPath), ...(process.env.PATH ?? '').split(path.delimiter)];
  for (const folder of folders.filter(Boolean)) {
    for (const place of [beside, '../share/nodejs', 'node_modules']) {
      const cli = path.join(folder, place, 'npm/bin/npm-cli.js');
      if (existsSync(cli)) return cli;
    }
  }
  return null;
}

/** Does the work while no other start does; one that waited finds it done. */
async function alone(work) {
  let hasSaidSo = false;
  while (!takeLock()) {
    if (!hasSaidSo) console.error('Another start is installing; waiting for it …');
    hasSaidSo = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  try {
    await work();
  } finally {
    rmSync(lockFile, { recursive: true, force: true });
  }
}

/** A folder, since making one either succeeds or finds it made. A dead process's is removed. */
function takeLock() {
  try {
    mkdirSync(stateDir, { recursive: true });
    mkdirSync(lockFile);
    writeFileSync(path.join(lockFile, 'pids'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') {
      throw new Trouble(
        `Segue cannot write to ${stateDir} (${error.code}): give this user rights to the project's folder.`,
      );
    }
    if (isLockDead()) rmSync(lockFile, { recursive: true, force: true });
    return false;
  }
}

function isLockDead() {
  try {
    return !readFileSync(path.join(lockFile, 'pids'), 'utf8')
      .split(' ')
      .some((pid) => isAlive(Number(pid)));
  } catch {
    // No pids in it yet: its maker is about to write them, unless it was killed in between.
    const made = statSync(lockFile, { throwIfNoEntry: false });
    return made !== undefined && Date.now() - made.mtimeMs > 5_000;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Hands over: same terminal, same signals, same end; by becoming the other program where Node can. */
function run(node, args) {
  process.env.PATH = `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`;
  const tether = new URL('./end-with-parent.mjs', import.meta.url).href;
  const all = [...heap, '--import', tether, ...args];
  if (process.execve && !isWindows) process.execve(node, [node, ...all], process.env);
  runAsChild(node, all);
}

function runAsChild(node, args) {
  const env = { ...process.env, SEGUE_PARENT: String(process.pid) };
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => {
    // A terminal's Ctrl-C reaches the child anyway; twice would look like impatience.
    if (!process.stdin.isTTY && !process.stdout.isTTY) child.kill('SIGINT');
  });
  child.on('error', (error) => {
    console.error(`Node ${wantedMajor} could not be started: ${error.message}.`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
