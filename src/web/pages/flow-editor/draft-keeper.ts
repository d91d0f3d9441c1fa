import { updateFlow, type FlowView } from '#flows/contract.ts';
import { CallError } from '#lib/endpoint.ts';
import { draftOf, isSame, requestOf, type Draft } from './draft.ts';
import type { KeptEdits } from './kept-edits.ts';

export type SaveState =
  | 'saved'
  | 'unsaved'
  | 'saving'
  /** A field cannot be saved as it stands: `errors` says which. */
  | 'invalid'
  /** No answer; tried again. */
  | 'unreachable'
  | 'signed_out'
  /** Somebody saved meanwhile: `theirs` is what they saved. */
  | 'stale'
  /** The API refused, in `refusal`'s words. */
  | 'refused';

export interface FieldError {
  path: string;
  message: string;
}

export interface Kept {
  draft: Draft;
  /** As the server has it. */
  flow: FlowView;
  state: SaveState;
  errors: FieldError[];
  theirs: FlowView | null;
  refusal: string | null;
  /** Whether edits of an earlier visit were brought back: said until the next edit, so that it can be read. */
  isRestored: boolean;
}

export interface KeeperDeps {
  save: (flowId: string, body: Draft, version: number) => Promise<FlowView>;
  load: (flowId: string) => Promise<FlowView>;
  keep: { read: () => KeptEdits | null; write: (edits: KeptEdits) => void; forget: () => void };
  /** Waits before saving, so that a sentence is not saved letter by letter. */
  saveAfterMs?: number;
  retryAfterMs?: number;
}

/**
 * Holds what somebody draws until the server has it. Every change is kept in the browser at once and
 * saved after a short rest, one save at a time, the newest always last; a failure loses nothing.
 */
export class DraftKeeper {
  readonly #deps: Required<KeeperDeps>;
  readonly #listeners = new Set<() => void>();
  #now: Kept;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> | null = null;

  constructor(flow: FlowView, deps: KeeperDeps) {
    this.#deps = { saveAfterMs: 700, retryAfterMs: 4_000, ...deps };
    const draft = draftOf(flow);
    const blank = { errors: [], theirs: null, refusal: null, isRestored: false };
    this.#now = { draft, flow, state: 'saved', ...blank };
    const kept = deps.keep.read();
    if (kept === null) return;
    if (isSame(kept.draft, draft)) deps.keep.forget();
    else {
      const isStale = kept.version !== flow.version;
      this.#now = {
        ...this.#now,
        draft: kept.draft,
        isRestored: true,
        state: isStale ? 'stale' : 'unsaved',
        theirs: isStale ? flow : null,
      };
      if (!isStale) this.#schedule(this.#deps.saveAfterMs);
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly current = (): Kept => this.#now;

  change(edit: (draft: Draft) => Draft): void {
    const draft = edit(this.#now.draft);
    if (draft === this.#now.draft) return;
    this.#keep(draft);
    const state = this.#now.state === 'stale' ? 'stale' : 'unsaved';
    this.#set({ draft, state, errors: [], refusal: null, isRestored: false });
    if (state === 'unsaved') this.#schedule(this.#deps.saveAfterMs);
  }

  /** Saves at once what is not saved yet. True: the server has everything. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.#saving !== null) await this.#saving;
    if (this.#now.state !== 'saved' && this.#now.state !== 'stale') await this.#save();
    return this.#now.state === 'saved';
  }

  /** Connected or signed in again. */
  retry(): void {
    if (['unreachable', 'signed_out', 'refused', 'unsaved'].includes(this.#now.state)) this.#schedule(0);
  }

  /** Of two versions, that of the person here: it is saved over the other. */
  async keepMine(): Promise<void> {
    const { theirs } = this.#now;
    if (theirs === null) return;
    this.#set({ flow: theirs, theirs: null, state: 'unsaved' });
    this.#keep(this.#now.draft);
    await this.flush();
  }

  takeTheirs(): void {
    if (this.#now.theirs !== null) this.adopt(this.#now.theirs);
  }

  /** What the server has is what is shown from now on: after a restore, or somebody else's save. */
  adopt(flow: FlowView): void {
    clearTimeout(this.#timer);
    this.#deps.keep.forget();
    const blank = { errors: [], theirs: null, refusal: null, isRestored: false };
    this.#set({ draft: draftOf(flow), flow, state: 'saved', ...blank });
  }

  /** The server's word on state, version and problems, where nothing is edited here. */
  note(flow: FlowView): void {
    const { state, flow: known } = this.#now;
    if (flow.version < known.version || this.#saving !== null) return;
    if (flow.version === known.version) this.#set({ flow });
    else if (state === 'saved') this.adopt(flow);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #keep(draft: Draft): void {
    this.#deps.keep.write({ version: this.#now.flow.version, draft });
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), afterMs);
  }

  #save(): Promise<void> {
    const { draft, flow } = this.#now;
    const parsed = updateFlow.body?.safeParse({ ...requestOf(draft), version: flow.version });
    if (parsed?.success === false) {
      const errors = parsed.error.issues.map(({ path, message }) => ({
        path: path.map(String).join('.'),
        message,
      }));
      this.#set({ state: 'invalid', errors });
      return Promise.resolve();
    }
    this.#set({ state: 'saving' });
    this.#saving = this.#send(draft, flow).finally(() => (this.#saving = null));
    return this.#saving;
  }

  async #send(draft: Draft, { id, version }: FlowView): Promise<void> {
    try {
      const flow = await this.#deps.save(id, draft, version);
      const isNewest = this.#now.draft === draft;
      if (isNewest) this.#deps.keep.forget();
      this.#set({ flow, state: isNewest ? 'saved' : 'unsaved' });
      if (!isNewest) {
        this.#keep(this.#now.draft);
        this.#schedule(this.#deps.saveAfterMs);
      }
    } catch (error) {
      await this.#failed(error, id);
    }
  }

  async #failed(error: unknown, flowId: string): Promise<void> {
    const problem = error instanceof CallError ? error.problem : null;
    if (problem?.code === 'stale_version') {
      const theirs = await this.#deps.load(flowId).catch(() => null);
      if (theirs === null) return this.#unreachable();
      // Saved by the very request whose answer was lost.
      if (isSame(draftOf(theirs), this.#now.draft)) return this.adopt(theirs);
      return this.#set({ state: 'stale', theirs });
    }
    if (problem?.status === 401) return this.#set({ state: 'signed_out' });
    if (problem === null || problem.status >= 500 || problem.status === 429) return this.#unreachable();
    this.#set({ state: 'refused', refusal: problem.detail, errors: problem.errors ?? [] });
  }

  #unreachable(): void {
    this.#set({ state: 'unreachable' });
    this.#schedule(this.#deps.retryAfterMs);
  }

  #set(change: Partial<Kept>): void {
    this.#now = { ...this.#now, ...change };
    for (const listener of this.#listeners) listener();
  }
}
