import { html } from 'hono/html';
import type { ShownService } from '../connect-data.ts';
import type { Html } from '../layout.ts';
import { wishesOn, type LandingWish } from './landing-wishes.ts';
import { isOut, pathOf, type LandingView } from './view-model.ts';
import { dayIn } from './words.ts';

/** The services: listen once it is out, and what a fan can have done on hers, one tap each. */
export function streamingPart(view: LandingView): Html {
  const wishes = wishesOn(view);
  const links = isOut(view) ? listenLinks(view) : [];
  const isLinkable = wishes.length > 0 && view.services.length > 0;
  if (!isLinkable && links.length === 0) return html``;
  const { streaming } = view.words;
  const title = isOut(view)
    ? streaming.after
    : view.data.release === null
      ? streaming.none
      : streaming.before;
  return html`<section>
    <h2>${title}</h2>
    ${links.length === 0 ? '' : html`<div class="stack">${links}</div>`}
    ${isLinkable ? signInForm(view, wishes, links.length === 0) : ''}
  </section>`;
}

function listenLinks({ data, words, labelOf }: LandingView): Html[] {
  const services = data.release?.services ?? [];
  return services
    .filter(({ url }) => url !== null)
    .map(
      ({ service, url }, at) =>
        html`<a class="button${at === 0 ? ' main' : ''}" href="${url}" rel="noopener" target="_top"
          >${words.streaming.listen(labelOf(service))}</a
        >`,
    );
}

function signInForm(view: LandingView, wishes: readonly LandingWish[], hasMain: boolean): Html {
  const offered = view.services.filter(servesAll);
  const refused = view.services.filter((service) => !servesAll(service));
  const path = pathOf(view.data);
  return html`${
    offered.length === 0
      ? ''
      : html`<form method="post" action="${path}/connect" ${view.isFramed ? 'target=_blank' : ''}>
          <fieldset>
            <legend class="unseen">${view.words.streaming.choose}</legend>
            <ul class="line">
              ${wishes.map(tick)}
            </ul>
            <div class="stack">
              ${offered.map((service, at) => signInButton(view, service, hasMain && at === 0))}
            </div>
          </fieldset>
        </form>`
  }
  ${refused.map((service) => otherWays(view, service))}`;
}

/** R63: an app that serves named people only is no way for the public. */
function servesAll({ connection }: ShownService): boolean {
  return (connection.streaming?.namedTesters ?? null) === null;
}

function tick({ kind, title, why, isTicked }: LandingWish): Html {
  return html`<li>
    <label>
      <input type="checkbox" name="purpose" value="${kind}" ${isTicked ? 'checked' : ''} />
      <b>${title}</b><span>${why}</span>
    </label>
  </li>`;
}

function signInButton(
  view: LandingView,
  { connector, label, connection }: ShownService,
  isMain: boolean,
): Html {
  const { data, words, now } = view;
  const refusal = view.inApp?.refusal(connector) ?? null;
  if (refusal !== null) {
    return html`<div>
      <button disabled>${label}</button>
      <p class="small">${refusal}</p>
    </div>`;
  }
  const say = words.streaming;
  const hasRelease = data.release !== null && data.content.parts.includes('streaming');
  const text = !hasRelease ? say.follow(label) : isOut(view) ? say.add(label) : say.presave(label);
  const endsAt = connection.streaming?.oauth.diesAt(now) ?? null;
  return html`<div>
    <button
      class="${isMain && view.inApp === null ? 'main' : ''}"
      formaction="${pathOf(data)}/connect/${connector}"
    >
      ${text}
    </button>
    <p class="small">${say.linkLasts(endsAt === null ? null : dayIn(words.language, endsAt, 'UTC'))}</p>
  </div>`;
}

/** The artist's own page at the service, and the way in for whoever was named to it (R63). */
function otherWays({ data, words, now }: LandingView, { connector, label }: ShownService): Html {
  const { release } = data;
  const say = words.streaming;
  const handOver =
    release?.countdownUrl != null && now < release.releaseAt
      ? html`<p>
          <a class="button main" href="${release.countdownUrl}" rel="noopener" target="_top"
            >${say.openOn(label)}</a
          >
        </p>`
      : '';
  return html`<div class="stack">
    ${handOver}
    <p class="small">${say.invitedOnly(label)}</p>
    <details class="small">
      <summary>${say.invited}</summary>
      <form method="post" action="${pathOf(data)}/connect/${connector}" class="stack">
        <label class="field"
          ><span>${say.invitedAccount(label)}</span
          ><input type="text" name="account" autocomplete="email" required
        /></label>
        ${(['release', 'follow'] as const).map((kind) => html`<input type="hidden" name="purpose" value="${kind}" />`)}
        <button>${say.go}</button>
      </form>
    </details>
  </div>`;
}
