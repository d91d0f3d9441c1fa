import { html } from 'hono/html';
import type { ConnectData, ShownGrant, ShownService } from './connect-data.ts';
import { actionsFor } from './connect-data.ts';
import type { Html } from './layout.ts';
import { dayOf, linkEnd, releaseDay, wishesOf, type Wish } from './wishes.ts';

export interface ConnectView {
  data: ConnectData;
  /** One line at the top: what has just happened. */
  notice: { title: string; text: string } | null;
  consent: { text: string; version: string } | null;
  inApp: {
    app: string;
    systemLink: string | null;
    /** As it is typed: host and path. */
    typed: string;
    refusal: (connector: string) => string | null;
  } | null;
  /** Whether this fan may be sent to a service's sign-in (R63). */
  mayServe: (service: ShownService) => boolean;
}

const doneStates = ['scheduled', 'verified', 'accepted', 'already'];

export function connectBody(view: ConnectView): Html {
  const { data } = view;
  const wishes = wishesOf(data, linkEnd(data));
  return html`${header(data)} ${notice(view)} ${inAppNotice(view)} ${doneList(data)} ${form(view, wishes)}
  ${consentBox(view)} ${linked(data)} ${footer(data)}`;
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
    ? html`<p><a class="button" href="${inApp.systemLink}">Open in your browser</a></p>`
    : html`<p>Open the menu of ${inApp.app} and choose “Open in browser”.</p>`;
  return html`<div class="notice">
    <p><b>You are inside ${inApp.app}</b></p>
    <p>You may not be signed in to your music here. Your own browser works better.</p>
    ${open}
    <p class="small">Or type this into any browser:</p>
    <p class="code">${inApp.typed}</p>
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
        undo(token, 'follow', service),
      ),
    ),
  ];
  if (data.purposes.has('future') && artist !== null) {
    items.push(
      entry(
        'done',
        `New releases of ${artist.name} will be saved`,
        'Until your link ends.',
        undo(token, 'future', ''),
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
  if (!doneStates.includes(save.state)) return [];
  const ends = save.renewBy === null ? '' : ` Your link ends on ${dayOf(save.renewBy)}: link again before.`;
  if (save.state === 'scheduled') {
    const why = `Lands in your library on ${releaseDay(data, release)}.${ends}`;
    return [entry('done', `Pre-saved on ${service}`, why, undo(token, 'save', save.service))];
  }
  if (save.state === 'already') return [entry('past', `In your ${service} library already`, '', html``)];
  const why = save.state === 'accepted' ? 'It can take a while to show up.' : '';
  return [entry('done', `In your ${service} library`, why, undo(token, 'save', save.service))];
}

function entry(sign: 'done' | 'wait' | 'past', title: string, why: string, button: Html): Html {
  const mark = { done: '✓', wait: '', past: '→' }[sign];
  const more = why === '' ? '' : html`<span class="why">${why}</span>`;
  return html`<li>
    <span class="sign ${sign}" aria-hidden="true">${mark}</span><b>${title}</b>${more}${button}
  </li>`;
}

function undo(token: string, what: 'save' | 'follow' | 'future', service: string): Html {
  return html`<form method="post" action="/c/${token}/do/undo">
    <input type="hidden" name="what" value="${what}" /><input
      type="hidden"
      name="service"
      value="${service}"
    />
    <button class="quiet">Undo</button>
  </form>`;
}

function form(view: ConnectView, wishes: readonly Wish[]): Html {
  const { data } = view;
  const { token, services, release } = data;
  if (services.length === 0) {
    return html`<p>No streaming service can be linked here yet. Nothing for you to do.</p>`;
  }
  const open = services.filter((service) => needsSignIn(data, service, wishes));
  const isAllowable = wishes.length > 0 && open.length < services.length;
  if (wishes.length === 0 && open.length === 0) return html``;
  const offered = open.filter(view.mayServe);
  const refused = open.filter((service) => !view.mayServe(service));
  const ok = isAllowable
    ? html`<div>
        <button class="${offered.length === 0 ? 'main' : ''}" formaction="/c/${token}/do/allow">
          Yes, do this
        </button>
        <p class="small">You are linked already: no new sign-in.</p>
      </div>`
    : '';
  return html`<section>
    <h2>${wishes.length === 0 ? 'Link again' : 'What will happen'}</h2>
    <form method="post">
      <fieldset>
        <ul class="line">
          ${wishes.map(tick)}
        </ul>
        <div class="stack">
          ${isAllowable ? ok : ''} ${offered.map((service) => signInButton(view, service, isAllowable))}
        </div>
      </fieldset>
    </form>
    ${refused.map((service) => otherWays(view, service, release !== null))}
  </section>`;
}

function tick(wish: Wish): Html {
  return html`<li>
    <label>
      <input type="checkbox" name="purpose" value="${wish.kind}" ${wish.isTicked ? 'checked' : ''} />
      <b>${wish.title}</b><span>${wish.why}</span>
    </label>
  </li>`;
}

function signInButton({ data, inApp }: ConnectView, service: ShownService, isSecond: boolean): Html {
  const { connector, label, connection } = service;
  const refusal = inApp?.refusal(connector) ?? null;
  if (refusal !== null) {
    return html`<div>
      <button disabled>${label}</button>
      <p class="small">${refusal}</p>
    </div>`;
  }
  const endsAt = connection.streaming?.oauth.diesAt(data.now) ?? null;
  const lasts =
    endsAt === null ? 'The link lasts until you end it.' : `The link lasts until ${dayOf(endsAt)}.`;
  const verb = data.grants.some((grant) => grant.service === connector) ? 'Link again with' : 'Continue with';
  return html`<div>
    <button class="${isSecond ? '' : 'main'}" formaction="/c/${data.token}/${connector}">
      ${verb} ${label}
    </button>
    <p class="small">${lasts} You can end it here any time.</p>
  </div>`;
}

/** R63: the app serves only invited people; the artist's own page, or a date to keep. */
function otherWays({ data }: ConnectView, { connector, label }: ShownService, hasRelease: boolean): Html {
  const { token, release, hasConsent } = data;
  const handOver =
    release?.countdownUrl != null && data.now < release.releaseAt
      ? html`<form method="post" action="/c/${token}/do/hand-over">
          <button class="main">Open the page on ${label}</button>
        </form>`
      : '';
  const keep =
    !hasRelease || hasConsent || release?.isCancelled
      ? ''
      : html`<p><a class="button" href="/c/${token}/calendar.ics">Put the date in your calendar</a></p>`;
  return html`<div class="stack">
    <p>Signing in to ${label} is open to invited people only for now.</p>
    ${handOver} ${keep}
    <details class="small">
      <summary>I was invited</summary>
      <form method="post" action="/c/${token}/${connector}" class="stack">
        <p>
          <label
            >Your ${label} account or its e-mail<input
              type="text"
              name="account"
              autocomplete="email"
              required
          /></label>
        </p>
        ${(['release', 'follow'] as const).map((kind) => html`<input type="hidden" name="purpose" value="${kind}" />`)}
        <button>Continue</button>
      </form>
    </details>
  </div>`;
}

function consentBox({ data, consent }: ConnectView): Html {
  if (consent === null) return html``;
  return html`<section>
    <h2>Texts${data.artist === null ? '' : ` from ${data.artist.name}`}</h2>
    <form method="post" action="/c/${data.token}/do/consent" class="stack">
      <input type="hidden" name="version" value="${consent.version}" />
      <label class="check small"
        ><input type="checkbox" name="agree" value="yes" required />${consent.text}</label
      >
      <button>Send me texts</button>
    </form>
  </section>`;
}

function linked(data: ConnectData): Html {
  const { grants, token } = data;
  if (grants.length === 0) return html``;
  const items = grants.map((grant) => {
    const button = html`<form method="post" action="/c/${token}/do/unlink">
      <input type="hidden" name="service" value="${grant.service}" /><button class="quiet">Unlink</button>
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

function footer({ link, slug, zone }: ConnectData): Html {
  return html`<footer>
    <p>
      This page works until ${dayOf(link.expiresAt, zone)}. Undo and Unlink act at once; your sign-in is then
      deleted.
    </p>
    <p><a href="/t/${slug}">Message terms</a> · <a href="/privacy/${slug}">Privacy</a></p>
  </footer>`;
}

export function isAlive(grant: ShownGrant, now: Date): boolean {
  return grant.state === 'live' && (grant.diesAt === null || now < grant.diesAt);
}

/** Not linked, ran out, or linked without a permission that what is offered first needs. */
function needsSignIn(
  data: ConnectData,
  { connector, connection }: ShownService,
  wishes: readonly Wish[],
): boolean {
  const grant = data.grants.find(({ service }) => service === connector);
  if (grant === undefined || !isAlive(grant, data.now)) return true;
  const wanted = wishes.filter(({ isTicked }) => isTicked).map(({ kind }) => kind);
  const scopes = connection.streaming?.oauth.scopesFor(actionsFor(wanted, data.release)) ?? [];
  return !scopes.every((scope) => grant.scopes.includes(scope));
}

function labelOf({ services }: ConnectData, service: string): string {
  return services.find(({ connector }) => connector === service)?.label ?? service;
}
