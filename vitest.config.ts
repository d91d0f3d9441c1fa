import { defineConfig } from 'vitest/config';

/**
 * `quick`: everything that runs in seconds. `crash`: kills child processes or searches for bugs.
 * `situations`: the fifteen situations of the example flow, each with a whole app of its own.
 * `postgres`: the suites that also run on an older PostgreSQL. `e2e`: in a real browser.
 */
const slow = ['**/*.crash.test.ts', 'test/simulation/**/*.test.ts'];
const situations = ['test/situations/**/*.test.ts'];
const ignored = ['**/node_modules/**', '.node/**'];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Every core: much of a file's time is waiting for a database, a browser or a clock.
    maxWorkers: '100%',
    // Files share what they import: nothing here is replaced in a module or kept in one, and loading the
    // server anew for each file took two fifths of the time.
    isolate: false,
    setupFiles: ['test/network-guard.ts'],
    globalSetup: ['test/global-setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['{src,test,scripts,bench}/**/*.test.ts'],
          exclude: [...ignored, ...slow, ...situations],
        },
      },
      { extends: true, test: { name: 'situations', include: situations, testTimeout: 60_000 } },
      { extends: true, test: { name: 'crash', include: slow, exclude: ignored, testTimeout: 120_000 } },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['src/engine/**/*.test.ts', 'src/db/**/*.test.ts', 'src/**/*.queries.test.ts'],
          exclude: [...ignored, ...slow, 'src/db/embedded*', 'src/db/embedded/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts'],
          exclude: ignored,
          testTimeout: 60_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
