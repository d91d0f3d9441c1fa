import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { findPageOwner, type PageOwner } from '#fans/own-page.ts';
import { makeCode, takeCode } from '#fans/own-page-codes.ts';
import { UserError } from '#lib/errors.ts';
import { codeChannels } from '#messages/own-page-code.ts';
import { eraseFan } from '#privacy/erase.ts';
import { exportFan } from '#privacy/export.ts';
import { serviceLabels, unknownLink } from '../connect-routes.ts';
import { readForm } from '../form.ts';
import { page } from '../layout.ts';
import { act, type Deps, type Notice, type Visit } from './actions.ts';
import { everything, eraseQuestion, wayToCode } from './everything.ts';
import { isOpened, markOpened } from './opened.ts';
import { readOwnPage } from './read-page.ts';
import { ownBody } from './view.ts';
import { ownWordsIn } from './words.ts';

/**
 * `/me/{token}`, the fan's own page (R120): whoever has the link sees channel names and switches; addresses,
 * history, the file and erasure open with a code that was sent to her. GET changes nothing; without scripts.
 */
export function mountOwnPage(app: Hono, deps: Deps): void {
  const visit =
    (answer: (visit: Visit) => Promise<Response>) =>
    async (c: Context): Promise<Response> => {
      const token = c.req.param('token') ?? '';
      const owner = await findPageOwner(deps.db, deps.sealer, token);
      const data = owner && (await readOwnPage(deps.db, owner));
      if (owner === null || data === null) return unknownLink(c);
      return answer({ c, token, owner, data, words: ownWordsIn(data.language) });
    };
  const opened = (answer: (visit: Visit) => Promise<Response>) =>
    visit((one) =>
      isOpened(one.c, deps.sealer, one.token, deps.wall.now())
        ? answer(one)
        : Promise.resolve(one.c.redirect(`/me/${one.token}`, 303)),
    );

  app.get(
    '/me/:token',
    visit((one) => show(deps, one, readNotice(one))),
  );
  app.post(
    '/me/:token/do/:what',
    visit((one) => act(deps, one)),
  );
  app.post(
    '/me/:token/code',
    visit((one) => sendCode(deps, one)),
  );
  app.post(
    '/me/:token/open',
    visit((one) => open(deps, one)),
  );
  app.get(
    '/me/:token/data.json',
    opened((one) => download(deps, one)),
  );
  app.get(
    '/me/:token/erase',
    opened((one) => ask(one)),
  );
  app.post(
    '/me/:token/erase',
    opened((one) => erase(deps, one)),
  );
}

function readNotice({ c, words }: Visit): Notice | null {
  const said = c.req.query('done') ?? '';
  return Object.hasOwn(words.done, said) ? (said as Notice) : null; // a key of the object, as just seen
}

async function show(
  deps: Deps,
  { c, token, owner, data, words }: Visit,
  notice: Notice | null,
  status: 200 | 422 | 429 = 200,
): Promise<Response> {
  const { db, sealer, clocks, wall } = deps;
  const now = clocks.now(owner.projectId);
  const rest = isOpened(c, sealer, token, wall.now())
    ? everything(await exportFan(deps, owner.projectId, owner.fanId, now), token, words)
    : wayToCode(data, token, words, {
        ways: await codeChannels(deps.connections, owner.projectId),
        isSent: await isCodeSent(db, owner, wall.now()),
      });
  return page(c, {
    title: `${words.title} · ${data.programme}`,
    status,
    body: ownBody({
      data,
      token,
      words,
      notice,
      now,
      rest,
      labelOf: (service) => serviceLabels.get(service) ?? service,
    }),
  });
}

async function isCodeSent(db: Deps['db'], { projectId, fanId }: PageOwner, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('fan_code')
    .select('expires_at')
    .where('project_id', '=', projectId)
    .where('fan_id', '=', fanId)
    .executeTakeFirst();
  return row !== undefined && row.expires_at > now;
}

async function sendCode(deps: Deps, visit: Visit): Promise<Response> {
  const { c, owner, data, token } = visit;
  const channel = (await readForm(c)).get('channel');
  const to = data.channels.find((one) => one.channel === channel);
  if (to === undefined || to.channel === 'instagram') return unknownLink(c);
  try {
    const code = await makeCode(deps.db, deps.sealer, owner, deps.wall.now());
    const { channel: by, address } = to;
    await deps.own.sendCode({ ...owner, channel: by, address, code, now: deps.clocks.now(owner.projectId) });
  } catch (error) {
    if (isLimit(error)) return show(deps, visit, 'often', 429);
    throw error;
  }
  return c.redirect(`/me/${token}?done=sent`, 303);
}

async function open(deps: Deps, visit: Visit): Promise<Response> {
  const { c, owner, token } = visit;
  const code = (await readForm(c)).get('code') ?? '';
  try {
    if (!(await takeCode(deps.db, deps.sealer, owner, code, deps.wall.now())))
      return show(deps, visit, 'wrong', 422);
  } catch (error) {
    if (isLimit(error)) return show(deps, visit, 'often', 429);
    throw error;
  }
  const isSecure = deps.publicUrl().startsWith('https:');
  markOpened(c, deps.sealer, token, { now: deps.wall.now(), isSecure });
  return c.redirect(`/me/${token}?done=opened`, 303);
}

function isLimit(error: unknown): boolean {
  return error instanceof UserError && error.status === 429;
}

async function download(deps: Deps, { c, owner }: Visit): Promise<Response> {
  const { projectId, fanId } = owner;
  const all = await exportFan(deps, projectId, fanId, deps.clocks.now(projectId));
  return c.body(JSON.stringify(all, null, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="everything.json"',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
}

function ask({ c, data, token, words }: Visit): Promise<Response> {
  return page(c, { title: words.eraseTitle, body: eraseQuestion(data, token, words) });
}

async function erase(deps: Deps, visit: Visit): Promise<Response> {
  const { c, owner, data, words } = visit;
  if ((await readForm(c)).get('sure') !== 'yes') return show(deps, visit, 'untold', 422);
  await eraseFan(
    { ...deps, ...deps.own, clock: deps.clocks, engine: deps.own },
    owner.projectId,
    owner.fanId,
    'fan',
  );
  return page(c, {
    title: words.erased,
    body: html`<h1>${words.erased}</h1>
      <p>${words.erasedText(data.programme)}</p>`,
  });
}
