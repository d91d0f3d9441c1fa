import { html } from 'hono/html';
import type { Html } from '../layout.ts';
import { dayOf } from '../wishes.ts';
import type { OwnChannel, OwnPage } from './read-page.ts';
import type { OwnWords } from './words.ts';

export interface OwnView {
  data: OwnPage;
  token: string;
  words: OwnWords;
  notice: keyof OwnWords['done'] | null;
  /** Labels of services. */
  labelOf: (service: string) => string;
  now: Date;
  /** Below the switches: what a code opens, or the way to one. */
  rest: Html;
}

/** The switches: channel names and no address, so that a link that was passed on tells nothing (R120). */
export function ownBody(view: OwnView): Html {
  const { words } = view;
  return html`${header(view)} ${said(view)}
    <p>${words.intro}</p>
    ${channels(view)} ${pending(view)} ${artists(view)} ${services(view)} ${all(view)} ${view.rest}
    ${footer(view)}`;
}

function header({ data, words }: OwnView): Html {
  const phone = data.channels.find(({ channel }) => channel === 'sms');
  const whose = phone === undefined ? words.whoseMail : words.whose(phone.address.slice(-2));
  return html`<header>
    <p class="name">${words.title}</p>
    <h1>${words.from(data.programme)}</h1>
    <details class="small">
      <summary>${whose} ${words.notYou}</summary>
      <p>${words.notYouText}</p>
    </details>
  </header>`;
}

function said({ notice, words }: OwnView): Html {
  if (notice === null) return html``;
  return html`<div class="notice" role="status"><p>${words.done[notice]}</p></div>`;
}

/** One form, one button; `of` is said to those who do not see beside what it stands. */
function button(
  view: OwnView,
  what: string,
  fields: Record<string, string>,
  label: string,
  of: string,
): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form method="post" action="/me/${view.token}/do/${what}">
    ${hidden}<button class="quiet">${label}<span class="unseen"> ${of}</span></button>
  </form>`;
}

function entry(sign: 'done' | 'wait' | 'past', title: string, why: string, act: Html): Html {
  const mark = { done: '✓', wait: '', past: '→' }[sign];
  return html`<li>
    <span class="sign ${sign}" aria-hidden="true">${mark}</span><b>${title}</b
    ><span class="why">${why}</span>${act}
  </li>`;
}

function part(title: string, items: readonly Html[]): Html {
  if (items.length === 0) return html``;
  return html`<section>
    <h2>${title}</h2>
    <ul class="line">
      ${items}
    </ul>
  </section>`;
}

/** One line a channel, however many addresses she has there. */
function channels(view: OwnView): Html {
  const { data, words } = view;
  const items = [...Map.groupBy(data.channels, ({ channel }) => channel)].map(([channel, some]) => {
    const state = stateOf(some);
    const name = words.channel(channel);
    if (state === 'on')
      return entry('done', name, words.on, button(view, 'stop', { channel }, words.stop, name));
    if (state === 'off') return entry('past', name, `${words.off} ${words.back[channel]}`, html``);
    return entry('past', name, words.none, button(view, 'stop', { channel }, words.stop, name));
  });
  return part(words.messages, items);
}

function stateOf(some: readonly OwnChannel[]): OwnChannel['state'] {
  const states = some.map(({ state }) => state);
  return states.includes('on') ? 'on' : states.includes('none') ? 'none' : 'off';
}

function pending(view: OwnView): Html {
  const { data, words, labelOf } = view;
  const items = data.pending.map(({ releaseId, title, service, state, releaseAt, releaseMode }) => {
    const what =
      state === 'scheduled' ? words.willBeSaved(title, labelOf(service)) : words.willBeReminded(title);
    const day = dayOf(new Date(releaseAt), releaseMode === 'local' ? 'UTC' : data.zone);
    return entry('wait', what, words.onDay(day), button(view, 'cancel', { releaseId }, words.cancel, what));
  });
  return part(words.pending, items);
}

function artists(view: OwnView): Html {
  const { data, words } = view;
  const items = data.artists.map(({ id, name, kinds }) => {
    const why = kinds.length > 1 ? words.both : kinds[0] === 'future' ? words.future : words.follows;
    return entry('done', name, why, button(view, 'artist', { artistId: id }, words.stopArtist, name));
  });
  return part(words.artists, items);
}

function services(view: OwnView): Html {
  const { data, words, labelOf, now } = view;
  const items = data.services.map(({ service, state, diesAt }) => {
    const label = labelOf(service);
    const isAlive = state === 'live' && (diesAt === null || new Date(diesAt) > now);
    const linked = diesAt === null ? words.linked : words.linkedUntil(dayOf(new Date(diesAt)));
    return entry(
      isAlive ? 'done' : 'past',
      label,
      isAlive ? linked : words.ranOut,
      button(view, 'unlink', { service }, words.unlink, label),
    );
  });
  return part(words.services, items);
}

function all({ token, words }: OwnView): Html {
  return html`<section class="apart stack">
    <form method="post" action="/me/${token}/do/all">
      <button>${words.all}</button>
      <p class="small">${words.allHint}</p>
    </form>
    <form method="post" action="/me/${token}/do/end-links">
      <button class="quiet">${words.closeLinks}</button>
      <p class="small">${words.closeHint}</p>
    </form>
  </section>`;
}

function footer({ data }: OwnView): Html {
  return html`<footer>
    <p>${data.legalSender}${data.contact === '' ? '' : html` · ${data.contact}`}</p>
    <p><a href="/t/${data.slug}">Message terms</a> · <a href="/privacy/${data.slug}">Privacy</a></p>
  </footer>`;
}
