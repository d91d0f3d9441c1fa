import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FlowView } from '#flows/contract.ts';
import { CallError, type Problem } from '#lib/endpoint.ts';
import { newId } from '#lib/ids.ts';
import { draftOf, keyed, moveStep, type Draft } from './draft.ts';
import { DraftKeeper } from './draft-keeper.ts';
import type { KeptEdits } from './kept-edits.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const flow = (change: Partial<FlowView> = {}): FlowView => ({
  id: newId(),
  name: 'Flow',
  state: 'draft',
  pauseReason: null,
  version: 1,
  activeVersion: null,
  trigger: { trigger: 'keyword', config: { keywords: ['HI'], match: 'first', mode: 'reply' } },
  steps: [{ step: 'send-text', config: { body: 'hello' }, onUnmet: 'defer', stopOnFailure: false }],
  reentry: { policy: 'once' },
  summary: 'A fan texts HI',
  problems: [],
  createdAt: '2031-01-01T00:00:00.000Z',
  updatedAt: '2031-01-01T00:00:00.000Z',
  ...change,
});

const refusal = (problem: Partial<Problem>) =>
  new CallError({ type: '', title: '', status: 409, code: 'x', detail: 'No.', ...problem });

/** A server that answers as told, and a browser that keeps. */
function stage(start = flow(), kept: KeptEdits | null = null) {
  const answers: (() => Promise<FlowView>)[] = [];
  const saved: Draft[] = [];
  let memory = kept;
  let server = start;
  const keeper = new DraftKeeper(start, {
    save: async (_, draft, version) => {
      saved.push(draft);
      const next = answers.shift();
      if (next !== undefined) return next();
      server = { ...server, ...draft, version: version + 1 };
      return server;
    },
    load: () => Promise.resolve(server),
    keep: {
      read: () => memory,
      write: (edits) => void (memory = edits),
      forget: () => void (memory = null),
    },
  });
  return { keeper, saved, answers, kept: () => memory, setServer: (next: FlowView) => void (server = next) };
}

const rename = (name: string) => (draft: Draft) => ({ ...draft, name });
const rest = () => vi.advanceTimersByTimeAsync(700);

describe('autosave', () => {
  test('saves once after a rest, and forgets what the browser kept', async () => {
    const { keeper, saved, kept } = stage();
    keeper.change(rename('A'));
    keeper.change(rename('AB'));
    expect([keeper.current().state, kept()?.draft.name]).toEqual(['unsaved', 'AB']);
    await rest();
    expect(saved.map(({ name }) => name)).toEqual(['AB']);
    expect([keeper.current().state, keeper.current().flow.version, kept()]).toEqual(['saved', 2, null]);
  });

  test('what is typed during a save is saved after it, over the version it made', async () => {
    const { keeper, saved, answers } = stage();
    let answer: (flow: FlowView) => void = () => undefined;
    answers.push(() => new Promise((resolve) => (answer = resolve)));
    keeper.change(rename('A'));
    await rest();
    keeper.change(rename('B'));
    answer(flow({ name: 'A', version: 2 }));
    await rest();
    await rest();
    expect(saved.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(keeper.current()).toMatchObject({ state: 'saved', flow: { version: 3 }, draft: { name: 'B' } });
  });

  test('what cannot be saved stays, with the field and the words', async () => {
    const { keeper, saved, kept } = stage();
    const long = 'x'.repeat(50_000);
    keeper.change((draft) => ({
      ...draft,
      steps: draft.steps.map((step) => ({ ...step, config: { body: long } })),
    }));
    await rest();
    expect(saved).toEqual([]);
    expect(keeper.current()).toMatchObject({ state: 'invalid', errors: [{ path: 'steps.0.config.body' }] });
    expect(kept()?.draft.steps[0]?.config['body']).toBe(long);
  });
});

describe('nothing is lost', () => {
  test('without a connection: kept, and saved when it is back', async () => {
    const { keeper, answers, kept } = stage();
    answers.push(() => Promise.reject(new TypeError('network')));
    keeper.change(rename('A'));
    await rest();
    expect([keeper.current().state, kept()?.draft.name]).toEqual(['unreachable', 'A']);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(keeper.current().state).toBe('saved');
  });

  test('signed out: kept until somebody signed in again', async () => {
    const { keeper, answers } = stage();
    answers.push(() => Promise.reject(refusal({ status: 401, code: 'unauthorized' })));
    keeper.change(rename('A'));
    await rest();
    expect(keeper.current().state).toBe('signed_out');
    keeper.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(keeper.current().state).toBe('saved');
  });

  test('a closed tab: brought back at the next visit', async () => {
    const start = flow();
    const { keeper, saved } = stage(start, { version: 1, draft: { ...draftOf(start), name: 'Mine' } });
    expect(keeper.current()).toMatchObject({ isRestored: true, draft: { name: 'Mine' } });
    await rest();
    expect(saved.map(({ name }) => name)).toEqual(['Mine']);
  });
});

describe('two editors', () => {
  async function conflict() {
    const all = stage();
    const theirs = flow({ name: 'Theirs', version: 2 });
    all.setServer(theirs);
    all.answers.push(() => Promise.reject(refusal({ code: 'stale_version' })));
    all.keeper.change(rename('Mine'));
    await rest();
    expect(all.keeper.current()).toMatchObject({
      state: 'stale',
      theirs: { name: 'Theirs' },
      draft: { name: 'Mine' },
    });
    return all;
  }

  test('mine is saved over theirs, when the person says so', async () => {
    const { keeper, saved } = await conflict();
    await keeper.keepMine();
    expect(keeper.current()).toMatchObject({ state: 'saved', flow: { version: 3, name: 'Mine' } });
    expect(saved).toHaveLength(2);
  });

  test('theirs takes the place of mine', async () => {
    const { keeper, kept } = await conflict();
    keeper.takeTheirs();
    expect(keeper.current()).toMatchObject({ state: 'saved', draft: { name: 'Theirs' } });
    expect(kept()).toBeNull();
  });

  test('until then nothing is sent, and further edits are kept', async () => {
    const { keeper, saved, kept } = await conflict();
    keeper.change(rename('Mine, more'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect([saved.length, keeper.current().state, kept()?.draft.name]).toEqual([1, 'stale', 'Mine, more']);
  });

  test('a save whose answer was lost is no conflict', async () => {
    const { keeper, answers, setServer } = stage();
    setServer(flow({ name: 'A', version: 2 }));
    answers.push(() => Promise.reject(refusal({ code: 'stale_version' })));
    keeper.change(rename('A'));
    await rest();
    expect(keeper.current()).toMatchObject({ state: 'saved', flow: { version: 2 } });
  });

  test('edits kept on an older version are not sent unasked', () => {
    const start = flow({ version: 4 });
    const { keeper } = stage(start, { version: 3, draft: { ...draftOf(start), name: 'Old' } });
    expect(keeper.current()).toMatchObject({ state: 'stale', theirs: { version: 4 } });
  });
});

test('a step moves to its place, and nowhere beyond the ends', () => {
  const draft = draftOf(flow());
  const steps = ['a', 'b', 'c'].map((body) =>
    keyed({ step: 'send-text', config: { body }, onUnmet: 'defer', stopOnFailure: false }),
  );
  const bodies = (from: number, to: number) =>
    moveStep({ ...draft, steps }, from, to).steps.map(({ config }) => config['body']);
  expect(bodies(0, 2)).toEqual(['b', 'c', 'a']);
  expect(bodies(2, 0)).toEqual(['c', 'a', 'b']);
  expect(bodies(0, 3)).toEqual(['a', 'b', 'c']);
});
