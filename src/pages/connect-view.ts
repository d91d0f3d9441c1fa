import { html } from 'hono/html';
import type { ConnectData, ShownGrant } from './connect-data.ts';
import { connectForm, consentBox } from './connect-form.ts';
import type { Html } from './layout.ts';
import { labelOf, type ConnectView } from './view-model.ts';
import { dayOf, doneStates, isAlive, linkEnd, releaseDay, wishesOf } from './wishes.ts';

export function connectBody(view: ConnectView): Html {
  const { data } = view;
  const wishes = wishesOf(data, linkEnd(data));
  return html`${header(data)} ${notice(view)} ${inAppNotice(view)} ${blockNotice(data)} ${doneList(data)}
  ${connectForm(view, wishes)} ${consentBox(view)} ${linked(data)} ${footer(data)}`;
}

function header(data: ConnectData): Html {
  const { artist, release, now, phoneEnd } = data;
  const when =
    release === null
      ? ''
      : html`<p class="when">
          ${release.isCancelled ? 'Cancelled' : `${now >= release.releaseAt ? 'Out since' : 'Out on'} ${releaseDay(data, release)}`}
        </p>`;
  const whose = phoneEnd === null ? 'This page is for one person.' : `For the phone ending ${phoneEnd}.`;
  return html`<header>
    <p class="name">${release === null ? 'From' : artist?.name}</p>
    <h1>${release?.title ?? artist?.name}</h1>
    ${when}
    <details class="small">
      <summary>${whose} Not you?</summary>
      <p>
        Then close this page: nothing happens without your yes, and nothing about the other person is shown
        here.
      </p>
    </details>
  </header>`;
}

function notice({ notice: said }: ConnectView): Html {
  if (said === null) return html``;
  return html`<div class="notice" role="status">
    <p><b>${said.title}</b></p>
    <p>${said.text}</p>
  </div>`;
}

/** R121: the way out of the app comes first, since signing in may not work here. */
function inAppNotice({ inApp }: ConnectView): Html {
  if (inApp === null) return html``;
  const open = inApp.systemLink
    ? html`<p><a class="button main" href="${inApp.systemLink}">Open in your browser</a></p>`
    : html`<p>Open the menu of ${inApp.app} and choose “Open in browser”.</p>`;
  return html`<div class="notice">
    <p><b>You are inside ${inApp.app}</b></p>
    <p>You may not be signed in to your music here. Your own browser works better.</p>
    ${open}
    <p class="small">Or type this into any browser:</p>
    <p class="code">${inApp.typed}</p>
  </div>`;
}

/** S12: she agreed to texts, but the STOP that she once sent still holds at the provider (R98). */
function blockNotice({ hasConsent, blockedSender }: ConnectData): Html {
  if (!hasConsent || blockedSender === null) return html``;
  return html`<div class="notice">
    <p><b>Our texts cannot reach you yet</b></p>
    <p>You once sent STOP, and it still holds. Text START to ${blockedSender} to get them again.</p>
  </div>`;
}

function doneList(data: ConnectData): Html {
  const { saves, follows, token, release, artist } = data;
  const items = [
    ...saves.flatMap((save) => doneSave(data, save)),
    ...follows.map((service) =>
      entry(
        'done',
        `You follow ${artist?.name ?? ''} on ${labelOf(data, service)}`,
        '',
        undo(token, 'follow', service, `following ${artist?.name ?? ''}`),
      ),
    ),
  ];
  if (data.purposes.has('future') && artist !== null) {
    items.push(
      entry(
        'done',
        `New releases of ${artist.name} will be saved`,
        'Until your link ends.',
        undo(token, 'future', '', 'saving new releases'),
      ),
    );
  }
  if (items.length === 0) return html``;
  return html`<section aria-label="${release?.title ?? 'Done'}">
    <ul class="line">
      ${items}
    </ul>
  </section>`;
}

function doneSave(data: ConnectData, save: ConnectData['saves'][number]): Html[] {
  const { release, token } = data;
  if (release === null) return [];
  const service = labelOf(data, save.service);
  if (save.state === 'reminder_set') {
    return [entry('wait', 'We will remind you', `On ${releaseDay(data, release)}.`, html``)];
  }
  if (!doneStates.has(save.state)) return [];
  const ends = save.renewBy === null ? '' : ` Your link ends on ${dayOf(save.renewBy)}: link again before.`;
  if (save.state === 'scheduled') {
    const why = `Lands in your library on ${releaseDay(data, release)}.${ends}`;
    return [entry('done', `Pre-saved on ${service}`, why, undo(token, 'save', save.service, release.title))];
  }
  if (save.state === 'already') return [entry('past', `In your ${service} library already`, '', html``)];
  // R62: taken is not yet seen.
  const isSeen = save.state !== 'accepted';
  const title = isSeen ? `In your ${service} library` : `On its way to your ${service} library`;
  const why = isSeen ? '' : 'The service took it; it can take a while to show up.';
  if (!canUndo(data, save.service)) {
    return [entry('done', title, `${why} Only you can remove it there, in the app.`.trim(), html``)];
  }
  return [entry('done', title, why, undo(token, 'save', save.service, release.title))];
}

/** A service that takes nothing back, or is not there any more, is offered no button. */
function canUndo({ services }: ConnectData, service: string): boolean {
  const client = services.find(({ connector }) => connector === service)?.connection.streaming;
  return client?.unsave !== undefined;
}

function entry(sign: 'done' | 'wait' | 'past', title: string, why: string, button: Html): Html {
  const mark = { done: '✓', wait: '', past: '→' }[sign];
  const more = why === '' ? '' : html`<span class="why">${why}</span>`;
  return html`<li>
    <span class="sign ${sign}" aria-hidden="true">${mark}</span><b>${title}</b>${more}${button}
  </li>`;
}

/** `of` is said to those who do not see beside what the button stands. */
function undo(token: string, what: 'save' | 'follow' | 'future', service: string, of: string): Html {
  return html`<form method="post" action="/c/${token}/do/undo">
    <input type="hidden" name="what" value="${what}" /><input
      type="hidden"
      name="service"
      value="${service}"
    />
    <button class="quiet">Undo<span class="unseen"> ${of}</span></button>
  </form>`;
}

function linked(data: ConnectData): Html {
  const { grants, token } = data;
  if (grants.length === 0) return html``;
  const items = grants.map((grant) => {
    const button = html`<form method="post" action="/c/${token}/do/unlink">
      <input type="hidden" name="service" value="${grant.service}" /><button class="quiet">
        Unlink<span class="unseen"> ${labelOf(data, grant.service)}</span>
      </button>
    </form>`;
    return entry(
      isAlive(grant, data.now) ? 'done' : 'past',
      grantTitle(data, grant),
      grantEnd(data, grant),
      button,
    );
  });
  return html`<section>
    <h2>Your links</h2>
    <ul class="line">
      ${items}
    </ul>
  </section>`;
}

function grantTitle(data: ConnectData, { service, displayName }: ShownGrant): string {
  return `${labelOf(data, service)}${displayName === null ? '' : `, as ${displayName}`}`;
}

function grantEnd(data: ConnectData, grant: ShownGrant): string {
  if (grant.state === 'refused_by_app') return 'The artist’s app cannot serve your account yet.';
  if (!isAlive(grant, data.now)) return 'This link ran out. Link again to go on.';
  return grant.diesAt === null ? 'Linked.' : `Linked until ${dayOf(grant.diesAt)}.`;
}

function footer({ link, slug, zone, ownPath }: ConnectData): Html {
  return html`<footer>
    <p>
      This page works until ${dayOf(link.expiresAt, zone)}. Undo acts at once. Unlink deletes your sign-in.
    </p>
    <p><a href="${ownPath}">Your page: stop, see or erase everything</a></p>
    <p><a href="/t/${slug}">Message terms</a> · <a href="/privacy/${slug}">Privacy</a></p>
  </footer>`;
}
