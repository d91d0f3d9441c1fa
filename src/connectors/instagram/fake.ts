import { randomInt } from 'node:crypto';
import type { DirectMessageView, FakeOptions, SocialFake } from '../connector.ts';
import { json } from '../kit/fake/answers.ts';
import { createShell } from '../kit/fake/shell.ts';
import { badToken, refuse, tooMany } from './fake/answers.ts';
import { commentEntry, createHooks, messageEntry } from './fake/hooks.ts';
import { createMessagesApi } from './fake/messages.ts';
import { createInstagramState, type FakeMessage, type FakePost, posts, scopedIdOf } from './fake/state.ts';
import { createTokens } from './fake/tokens.ts';

const account = { id: '17841400000000001', name: 'novareyes' };
const credentials = {
  appId: '1784140000000001',
  appSecret: 'the-app-secret-of-the-sandbox',
  verifyToken: 'the-words-of-the-sandbox',
  accessToken: 'IGAAtheTokenOfTheSandbox0000',
};

export type InstagramFake = SocialFake & {
  /** The next message is carried out, or not, and its answer is lost. */
  setLostAnswer(what: 'carried_out' | 'not_carried_out'): void;
  /** The account removes the app: its tokens are over. */
  endTokens(): Promise<void>;
  /** As `connectionSettings`, with a token given this moment. */
  freshSettings(): Promise<Record<string, unknown>>;
};

/** A small Instagram: one professional account, its messages, and two posts to comment on. */
export function createInstagramFake(options: FakeOptions): InstagramFake {
  const { store, now } = options;
  const state = createInstagramState(store);
  const hooks = createHooks({ options, appSecret: credentials.appSecret });
  let lost: 'carried_out' | 'not_carried_out' | null = null;

  const tokens = createTokens({
    store,
    now,
    account,
    app: { id: credentials.appId, secret: credentials.appSecret },
    first: credentials.accessToken,
  });
  const api = createMessagesApi({
    account,
    state,
    now,
    echo: (message) => void hooks.tell(messageEntry(account, message)),
  });

  async function answer(request: Request, path: string, query: URLSearchParams): Promise<Response> {
    const signIn = tokens.answer(request, path, query);
    if (signIn !== null) return signIn;
    const rest = /^\/v\d{2}\.\d(\/.*)$/.exec(path)?.[1];
    if (rest === undefined) return refuse(400, 2500, 'Unknown path components.');
    const given = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? query.get('access_token');
    const refusal = given === null ? badToken(460) : await tokens.refusalOf(given);
    if (refusal !== null) return refusal;
    if (rest === '/me') return json({ user_id: account.id, username: account.name, id: `2${account.id}` });
    if (rest === '/me/media') return json({ data: posts.map(toMedia), paging: {} });
    if (rest === '/me/subscribed_apps') return subscribe(request, query);
    if (rest !== '/me/messages' && rest !== `/${account.id}/messages`)
      return refuse(400, 100, 'Unsupported request.', { subcode: 33 });
    const what = lost;
    lost = null;
    if (what === 'not_carried_out') return new Response(null, { status: 502 });
    const response = await api.answer(request);
    return what === null ? response : new Response(null, { status: 502 });
  }

  const shell = createShell({
    now,
    trouble: {
      error: () => refuse(500, 2, 'An unexpected error has occurred. Please retry your request later.'),
      rateLimited: () => tooMany(613, account.id, 1),
    },
    showsQuery: () => false,
    answer,
  });

  function subscribe(request: Request, query: URLSearchParams): Response {
    const fields = (query.get('subscribed_fields') ?? '').split(',');
    const isSane = request.method === 'POST' && fields.includes('messages') && fields.includes('comments');
    return isSane ? json({ success: true }) : refuse(400, 100, 'Param subscribed_fields must be valid.');
  }

  const toMedia = ({ id, caption, kind }: FakePost) => ({
    id,
    caption,
    media_product_type: kind,
    timestamp: `${new Date(now().getTime() - 3_600_000).toISOString().slice(0, 19)}+0000`,
  });

  const settingsWith = (accessToken: string) => ({
    ...credentials,
    accessToken,
    accountId: account.id,
    accountName: account.name,
    tokenIssuedAt: now().toISOString(),
    tokenExpiresAt: new Date(now().getTime() + 60 * 24 * 3_600_000).toISOString(),
  });

  async function toView({
    id,
    personId,
    text,
    direction,
    commentId,
    at,
  }: FakeMessage): Promise<DirectMessageView> {
    const fan = (await state.personById(personId))?.name ?? personId;
    return { id, fan, text, direction: direction === 'in' ? 'out' : 'in', commentId, at };
  }

  return {
    ...shell,
    setLostAnswer: (what) => void (lost = what),
    connectionSettings: () => settingsWith(credentials.accessToken),
    account: () => account,
    addressOf: scopedIdOf,
    endTokens: () => tokens.end(),
    freshSettings: async () => settingsWith(await tokens.issueLong()),
    async receiveMessage({ fan, text, id }) {
      const { scopedId } = await state.person(fan);
      const mid = id ?? `aWdfZAG1faXRlbToxOk${newNumber()}`;
      const known = (await state.messages.all()).get(mid);
      const message: FakeMessage = known ?? {
        id: mid,
        personId: scopedId,
        text,
        direction: 'in',
        commentId: null,
        at: now().toISOString(),
      };
      if (known === undefined) await state.messages.put(mid, message);
      return { id: mid, webhookStatus: await hooks.tell(messageEntry(account, message)) };
    },
    async receiveComment({ fan, postId, text, id }) {
      const post = posts.find((one) => one.id === postId);
      if (post === undefined) return null;
      const person = await state.person(fan);
      const comments = await state.comments.all();
      const commentId = id ?? `18${newNumber()}`;
      const comment = comments.get(commentId) ?? {
        id: commentId,
        postId,
        personId: person.scopedId,
        text,
        at: now().toISOString(),
        isAnswered: false,
      };
      if (!comments.has(commentId)) await state.comments.put(commentId, comment);
      const isFlat = comments.size % 2 === 0;
      const entry = commentEntry(account, { comment, person, post }, isFlat);
      return { id: commentId, webhookStatus: await hooks.tell(entry) };
    },
    async replyByHand({ fan, text }) {
      const { scopedId } = await state.person(fan);
      const { id } = await api.byHand(text, scopedId);
      await hooks.settled();
      return { id, webhookStatus: null };
    },
    async messages(fan) {
      const all = await Promise.all([...(await state.messages.all()).values()].map(toView));
      return fan === undefined ? all : all.filter((one) => one.fan.toLowerCase() === fan.toLowerCase());
    },
    async posts() {
      const comments = [...(await state.comments.all()).values()];
      return Promise.all(
        posts.map(async (post) => ({
          ...post,
          comments: await Promise.all(
            comments
              .filter(({ postId }) => postId === post.id)
              .map(async ({ id, personId, text, at }) => {
                const person = await state.personById(personId);
                return { id, fan: person?.name ?? personId, text, at };
              }),
          ),
        })),
      );
    },
    settled: () => hooks.settled(),
  };
}

function newNumber(): string {
  return String(randomInt(10 ** 12, 10 ** 13)).padStart(15, '0');
}
