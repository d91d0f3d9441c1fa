import { html } from 'hono/html';
import type { FanExport } from '#privacy/export.ts';
import type { Html } from '../layout.ts';
import { dayOf } from '../wishes.ts';
import type { OwnPage } from './read-page.ts';
import type { OwnWords } from './words.ts';

/** Messages that are shown; the file has them all. */
const shownMessages = 20;

// As the export selects them.
interface Exported extends FanExport {
  fan: { name: string | null; language: string | null; country: string | null; createdAt: string };
  addresses: { channel: string; value: string }[];
  consents: { channel: string; address: string; text: string; grantedAt: string; revokedAt: string | null }[];
  sent: { channel: string; at: string; subject?: string; body: string | null }[];
  received: { channel: string; at: string; body: string }[];
}

/** What only she may see: it stands here after a code that was sent to her (R120). */
export function everything(all: FanExport, token: string, words: OwnWords): Html {
  const { fan, addresses, consents, sent, received } = all as Exported;
  const facts = [
    [words.name, fan.name],
    [words.language, fan.language],
    [words.country, fan.country],
  ].filter(([, value]) => value !== null);
  const messages = [
    ...sent.map(({ at, subject, body }) => ({
      at,
      title: words.sentTo(day(at)),
      body: [subject, body].filter((one) => one != null && one !== '').join('\n'),
    })),
    ...received.map(({ at, body }) => ({ at, title: words.receivedFrom(day(at)), body })),
  ].toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return html`<section>
    <h2>${words.more}</h2>
    <ul class="plain">
      ${addresses.map(({ value }) => html`<li><b>${value}</b></li>`)}
      ${facts.map(([name, value]) => html`<li>${name}: ${value}</li>`)}
      <li>${words.since(day(fan.createdAt))}</li>
    </ul>
    <h2>${words.agreed}</h2>
    ${consents.length === 0 ? html`<p>${words.nothingAgreed}</p>` : consents.map((one) => agreement(one, words))}
    <h2>${words.history}</h2>
    <ul class="plain">
      ${messages
        .slice(0, shownMessages)
        .map(
          ({ title, body }) =>
            html`<li><b>${title}</b><span class="said">${body === '' ? words.goneWords : body}</span></li>`,
        )}
    </ul>
    <p><a class="button main" href="/me/${token}/data.json" download>${words.download}</a></p>
    <p><a class="button" href="/me/${token}/erase">${words.erase}</a></p>
  </section>`;
}

function agreement(
  { channel, address, text, grantedAt, revokedAt }: Exported['consents'][number],
  words: OwnWords,
): Html {
  return html`<div class="notice">
    <p><b>${words.agreedOn(channel, day(grantedAt))}</b> (${address})</p>
    <p class="small">${text}</p>
    ${revokedAt === null ? '' : html`<p class="small">${words.endedOn(day(revokedAt))}</p>`}
  </div>`;
}

/** The ways to a code, and where it is entered. */
export function wayToCode(
  data: OwnPage,
  token: string,
  words: OwnWords,
  { ways, isSent }: { ways: ReadonlySet<'sms' | 'email'>; isSent: boolean },
): Html {
  const open = (['sms', 'email'] as const).flatMap((channel) => {
    const address = data.channels.find((one) => one.channel === channel)?.address;
    return address === undefined || !ways.has(channel) ? [] : [{ channel, address }];
  });
  const asked = open.map(
    ({ channel, address }) =>
      html`<form method="post" action="/me/${token}/code">
        <input type="hidden" name="channel" value="${channel}" />
        <button>
          ${channel === 'sms' ? words.sendSms(address.slice(-2)) : words.sendMail(masked(address))}
        </button>
      </form>`,
  );
  const enter = html`<form method="post" action="/me/${token}/open" class="stack">
    <p>
      <label
        >${words.code}<input
          type="text"
          name="code"
          inputmode="numeric"
          autocomplete="one-time-code"
          maxlength="12"
          required
      /></label>
    </p>
    <button class="main">${words.open}</button>
  </form>`;
  return html`<section>
    <h2>${words.more}</h2>
    <p>${words.moreHint}</p>
    ${isSent ? enter : ''}
    <div class="stack">
      ${asked.length > 0 ? asked : html`<p>${words.noWay(data.contact === '' ? data.legalSender : data.contact)}</p>`}
    </div>
  </section>`;
}

export function eraseQuestion(data: OwnPage, token: string, words: OwnWords): Html {
  return html`<h1>${words.eraseTitle}</h1>
    <p>${words.eraseText(data.programme)}</p>
    <form method="post" action="/me/${token}/erase" class="stack">
      <label class="check"
        ><input type="checkbox" name="sure" value="yes" required />${words.eraseTick}</label
      >
      <button class="main">${words.erase}</button>
      <a class="button" href="/me/${token}">${words.keep}</a>
    </form>`;
}

/** Enough to know it by, for whoever the link was passed on to. */
function masked(address: string): string {
  return `${address.slice(0, 1)}…${address.slice(address.lastIndexOf('@'))}`;
}

function day(at: string): string {
  return dayOf(new Date(at));
}
