import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { cleanName } from '#messages/sign-up/clean-name.ts';
import type { SignUpForm } from '#messages/sign-up/sign-up.ts';
import type { PagesDeps } from '../deps.ts';
import { readForm } from '../form.ts';
import { noticePart, smallPrint } from './landing-view.ts';
import { sendLanding, showLanding, withPage, type LandingStatus, type ReadLanding } from './show-landing.ts';
import { oldestMs, quickestMs, readStamp } from './stamp.ts';
import { frameQuery, outAt, pathOf, type LandingView } from './view-model.ts';
import { pageLanguages, wordsIn, type LandingWords } from './words.ts';

type Channel = 'sms' | 'email';
type Refusal = keyof LandingWords['signUp']['refused'];

/**
 * Sign-ups by form. Each ends on a page of its own address, so that a reload or a step back sends nothing
 * twice; what was typed comes back with every refusal.
 */
export function mountSignUps(app: Hono, deps: PagesDeps, read: ReadLanding): void {
  for (const channel of ['sms', 'email'] as const) {
    app.post(`/p/:slug/${channel}`, (c) => withPage(deps, read, c, (view) => signUp(deps, c, view, channel)));
  }
  app.get('/p/:slug/done', (c) =>
    withPage(deps, read, c, (view) => sendLanding(deps, c, view, doneBody(view, c.req.query('how') ?? ''))),
  );
}

async function signUp(deps: PagesDeps, c: Context, shown: LandingView, channel: Channel): Promise<Response> {
  const form = await readForm(c);
  const view = inFormsLanguage(shown, form);
  const refuse = (why: Refusal, status: LandingStatus = 422) =>
    sayRefused(deps, c, view, channel, form, why, status);
  const isForeign = isFromElsewhere(deps, c);
  if (isForeign && !view.data.project.embedOrigins.includes(c.req.header('origin') ?? ''))
    return refuse('origin', 403);
  const stamp = readStamp(deps.sealer, form.get('stamp') ?? '', deps.wall.now());
  if ((form.get('leave') ?? '') !== '') return refuse('bot');
  // A form written into somebody's own site has no stamp; it says where it stands instead.
  if (!isForeign && (stamp === null || stamp.ageMs < quickestMs)) return refuse('bot');
  if (stamp !== null && stamp.ageMs > oldestMs) return refuse('late');
  const signUps = deps.signUps;
  if (signUps === undefined) return refuse('not_offered', 409);
  const answer = await signUps.request(formOf(deps, c, view, channel, form, stamp?.nonce ?? ''));
  if (answer.kind === 'refused')
    return refuse(answer.why, answer.why === 'limit' ? 429 : answer.why === 'not_offered' ? 409 : 422);
  const how = channel === 'email' ? 'mail' : answer.isDouble ? 'yes' : 'text';
  const frame = view.isFramed ? '&embed=1' : '';
  return c.redirect(`${pathOf(view.data)}/done?how=${how}&lang=${view.words.language}${frame}`, 303);
}

/** The language that the box was read in decides what is agreed to. */
function inFormsLanguage(view: LandingView, form: URLSearchParams): LandingView {
  const language = pageLanguages.find((one) => one === form.get('lang'));
  return language === undefined ? view : { ...view, words: wordsIn(language) };
}

/** Browsers say from which site a form is sent; those that say nothing are taken at their word. */
function isFromElsewhere({ publicUrl }: PagesDeps, c: Context): boolean {
  const origin = c.req.header('origin');
  return origin !== undefined && origin !== new URL(publicUrl()).origin;
}

function formOf(
  deps: PagesDeps,
  c: Context,
  { data, words }: LandingView,
  channel: Channel,
  form: URLSearchParams,
  nonce: string,
): SignUpForm {
  const { release } = data;
  const wantsReminder = form.get('remind') === 'yes' && release !== null && !release.isCancelled;
  const referer = c.req.header('origin') ?? '';
  return {
    projectId: data.projectId,
    channel,
    address: form.get(channel === 'sms' ? 'phone' : 'email') ?? '',
    country: /^[A-Z]{2}$/.test(form.get('country') ?? '') ? form.get('country') : null,
    agrees: form.get('agree') === 'yes',
    version: form.get('version') ?? '',
    language: words.language,
    name: channel === 'email' ? cleanName(form.get('name') ?? '') : null,
    nonce: nonce === '' ? crypto.randomUUID() : nonce,
    remind: wantsReminder ? { releaseId: release.id, outAt: outAt(data, release) } : null,
    source: {
      page: data.pageId ?? '',
      pageUrl: deps.publicUrl() + pathOf(data) + (referer === '' ? '' : ` (${referer})`),
      networkAddress: deps.clientAddress?.(c) ?? null,
      userAgent: c.req.header('user-agent')?.slice(0, 500) ?? null,
      zone: zoneOf(form.get('zone')),
    },
  };
}

/** R46: the zone that the browser named, if there is such a zone. */
function zoneOf(text: string | null): string | null {
  if (text === null || !/^[A-Za-z0-9_+\-/]{1,60}$/.test(text)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

async function sayRefused(
  deps: PagesDeps,
  c: Context,
  view: LandingView,
  channel: Channel,
  form: URLSearchParams,
  why: Refusal,
  status: LandingStatus,
): Promise<Response> {
  const say = view.words.signUp;
  const { title, text } =
    why === 'address' && channel === 'email' ? { title: say.wrongEmail, text: '' } : say.refused[why];
  const instead = why === 'limit' ? await textInstead(deps, view) : null;
  const notice = { title, text: instead ?? text, isWrong: true };
  return showLanding(deps, c, { ...view, notice, typed: new Map(form) }, status);
}

/** R108: what a fan sends herself needs no confirmation from us. */
async function textInstead(deps: PagesDeps, { data, words, offer }: LandingView): Promise<string | null> {
  const keyword = (await deps.keywordsOf?.(data.projectId))?.[0];
  if (keyword === undefined || offer.sms === null) return null;
  return words.signUp.textInstead(keyword.toUpperCase(), offer.sms.number);
}

/** The same for every address: it says what was sent, not who was known. */
function doneBody(view: LandingView, how: string) {
  const say = view.words.signUp;
  const sender = view.offer.sms?.number ?? '';
  const isMail = how === 'mail';
  const text = isMail ? say.takenMail : how === 'yes' ? say.takenDouble(sender) : say.takenSingle(sender);
  return html`${noticePart(view)}
    <h1>${say.taken}</h1>
    <p>${text}</p>
    <p class="small">${isMail ? say.noMail : say.nothingCame(sender)}</p>
    <p>
      <a class="button" href="${pathOf(view.data)}${frameQuery(view)}">${view.words.remind.back}</a>
    </p>
    ${smallPrint(view)}`;
}
