import { html } from 'hono/html';
import { actionsFor, type ConnectData, type ShownService } from './connect-data.ts';
import type { Html } from './layout.ts';
import { linkedText } from './linked-text.ts';
import type { ConnectView } from './view-model.ts';
import { dayOf, isAlive, type Wish } from './wishes.ts';

/** What can be asked for, and the buttons that do it: one vermilion button at most. */
export function connectForm(view: ConnectView, wishes: readonly Wish[]): Html {
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
  const others = refused.map((service) => otherWays(view, service, release !== null));
  // R63: where the app may serve nobody but invited people, nothing here is called a pre-save.
  if (offered.length === 0 && !isAllowable) return html`<section class="apart">${others}</section>`;
  const isWanted = wishes.some(({ isTicked }) => isTicked);
  const hasMain = view.inApp === null && (isWanted || wishes.length === 0);
  const buttons = offered.map((service) => signInButton(view, service, hasMain && !isAllowable));
  return html`<section>
    <h2>${wishes.length === 0 ? 'Link again' : isWanted ? 'What will happen' : 'If you like'}</h2>
    <form method="post">
      <fieldset>
        <ul class="line">
          ${wishes.map(tick)}
        </ul>
        <div class="stack">${isAllowable ? okButton(token, hasMain) : ''} ${buttons}</div>
      </fieldset>
    </form>
    ${others}
  </section>`;
}

/** R100: the fan is linked, only her yes is missing. */
function okButton(token: string, isMain: boolean): Html {
  return html`<div>
    <button class="${isMain ? 'main' : ''}" formaction="/c/${token}/do/allow">Yes, do this</button>
    <p class="small">You are linked already: no new sign-in.</p>
  </div>`;
}

function tick(wish: Wish): Html {
  return html`<li>
    <label>
      <input type="checkbox" name="purpose" value="${wish.kind}" ${wish.isTicked ? 'checked' : ''} />
      <b>${wish.title}</b><span>${wish.why}</span>
    </label>
  </li>`;
}

function signInButton({ data, inApp }: ConnectView, service: ShownService, isMain: boolean): Html {
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
    <button class="${isMain ? 'main' : ''}" formaction="/c/${data.token}/${connector}">
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

export function consentBox({ data, consent }: ConnectView): Html {
  if (consent === null) return html``;
  return html`<section>
    <h2>Texts${data.artist === null ? '' : ` from ${data.artist.name}`}</h2>
    <form method="post" action="/c/${data.token}/do/consent" class="stack">
      <input type="hidden" name="version" value="${consent.version}" />
      <label class="check small"
        ><input type="checkbox" name="agree" value="yes" required /><span
          >${linkedText(consent.text)}</span
        ></label
      >
      <button>Send me texts</button>
    </form>
  </section>`;
}

/** From then on a link that NextSave depends on may be renewed (R103). */
const renewableMs = 30 * 86_400_000;

/** S6: the link ends before the release, and one made now would not; or soon, and NextSave depends on it. */
function isWorthRenewing(
  { saves, release, now, purposes, grants }: ConnectData,
  { connector, connection }: Pick<ShownService, 'connector' | 'connection'>,
): boolean {
  const diesAt = grants.find(({ service }) => service === connector)?.diesAt ?? null;
  const isSoon = diesAt !== null && diesAt.getTime() - now.getTime() < renewableMs;
  if (isSoon && purposes.has('future')) return true;
  const ends = saves.some(({ service, renewBy }) => service === connector && renewBy !== null);
  const newEnd = connection.streaming?.oauth.diesAt(now) ?? null;
  return ends && release !== null && (newEnd === null || newEnd > release.releaseAt);
}

/** Not linked, ran out, will before the release, or linked without a permission that what is offered first needs. */
function needsSignIn(
  data: ConnectData,
  { connector, connection }: ShownService,
  wishes: readonly Wish[],
): boolean {
  const grant = data.grants.find(({ service }) => service === connector);
  if (grant === undefined || !isAlive(grant, data.now)) return true;
  if (isWorthRenewing(data, { connector, connection })) return true;
  const wanted = wishes.filter(({ isTicked }) => isTicked).map(({ kind }) => kind);
  const scopes = connection.streaming?.oauth.scopesFor(actionsFor(wanted, data.release)) ?? [];
  return !scopes.every((scope) => grant.scopes.includes(scope));
}
