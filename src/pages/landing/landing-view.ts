import { html } from 'hono/html';
import { artworkWidths } from '#releases/encode-artwork.ts';
import type { Html } from '../layout.ts';
import { bylineOf, headingOf } from './landing-data.ts';
import { signUpForms } from './sign-up-forms.ts';
import { streamingPart } from './streaming-form.ts';
import { frameQuery, isOut, outAt, pathOf, releaseDayIn, type LandingView } from './view-model.ts';
import { counted, type Counted } from './words.ts';

export function landingBody(view: LandingView): Html {
  return html`${noticePart(view)} ${header(view)} ${inAppNotice(view)} ${streamingPart(view)}
  ${signUpForms(view, { isReminder: false })} ${remindButton(view)} ${smallPrint(view)}`;
}

export function noticePart({ notice }: Pick<LandingView, 'notice'>): Html {
  if (notice === null) return html``;
  return html`<div
    class="notice${notice.isWrong ? ' wrong' : ''}"
    role="${notice.isWrong ? 'alert' : 'status'}"
  >
    <p><b>${notice.title}</b></p>
    <p>${notice.text}</p>
  </div>`;
}

function header(view: LandingView): Html {
  const { data, words } = view;
  const byline = bylineOf(data);
  return html`<header>
    ${cover(view)}
    <h1>${headingOf(data)}</h1>
    ${byline === null ? '' : html`<p class="by">${words.by(byline)}</p>`} ${when(view)}
    ${text(data.content.text)}
  </header>`;
}

function cover({ data, words }: LandingView): Html {
  const artwork = data.release?.artwork;
  if (!artwork || !data.release) return html``;
  const [, middle] = artworkWidths;
  const file = (width: number) => `/artwork/${artwork.token}/${width}.jpg`;
  const set = artworkWidths.map((width) => `${file(width)} ${width}w`).join(', ');
  return html`<img
    class="cover"
    src="${file(middle)}"
    srcset="${set}"
    sizes="(max-width: 32rem) 100vw, 30rem"
    width="${middle}"
    height="${middle}"
    alt="${words.coverOf(data.release.title)}"
  />`;
}

/** The day, and how long it is until then: counted on by the script, true when the page was made. */
function when(view: LandingView): Html {
  const { data, words, now } = view;
  const { release } = data;
  if (release === null) return html``;
  if (release.isCancelled) return html`<p class="when">${words.cancelled}</p>`;
  const day = releaseDayIn(view, release);
  if (isOut(view)) return html`<p class="when">${words.outSince(day)}</p>`;
  const out = outAt(data, release);
  const { days, hours, minutes } = words.left;
  const pair = ({ one, many }: Counted) => `${one}|${many}`;
  const ms = out.getTime() - now.getTime();
  return html`<p class="when">
    ${words.outOn(day)},
    <b
      data-out="${view.wallNow.getTime() + ms}"
      data-days="${pair(days)}"
      data-hours="${pair(hours)}"
      data-minutes="${pair(minutes)}"
      >${timeLeft(view, ms)}</b
    >
  </p>`;
}

const minuteMs = 60_000;

function timeLeft({ words }: LandingView, ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / minuteMs));
  const { left } = words;
  if (minutes > 2 * 1_440) return counted(left.days, Math.round(minutes / 1_440));
  return minutes > 120 ? counted(left.hours, Math.round(minutes / 60)) : counted(left.minutes, minutes);
}

function text(words: string): Html {
  if (words === '') return html``;
  return html`<div class="words">${words.split(/\n{2,}/).map((one) => html`<p>${one}</p>`)}</div>`;
}

/** R121: the way out of the app comes before what may not work in it. */
function inAppNotice({ inApp, words }: LandingView): Html {
  if (inApp === null) return html``;
  const say = words.inApp;
  return html`<div class="notice">
    <p><b>${say.title(inApp.app)}</b></p>
    <p>${say.text}</p>
    <p>
      ${
        inApp.systemLink === null
          ? say.menu(inApp.app)
          : html`<a class="button main" href="${inApp.systemLink}">${say.open}</a>`
      }
    </p>
    <p class="small">${say.type}</p>
    <p class="code">${inApp.typed}</p>
  </div>`;
}

/** Always the last button: nobody is left without a way (R63). */
function remindButton(view: LandingView): Html {
  const { release } = view.data;
  if (release === null || release.isCancelled || isOut(view)) return html``;
  return html`<section>
    <p>
      <a class="button" href="${pathOf(view.data)}/remind${frameQuery(view)}">${view.words.remind.button}</a>
    </p>
  </section>`;
}

export function smallPrint({ data, words }: LandingView): Html {
  const { project } = data;
  const say = words.smallPrint;
  const contact = contactLink(project.contact);
  return html`<footer>
    <p>${say.whose(project.legalSender || project.name)}</p>
    <p>
      <a href="/privacy/${project.slug}">${say.privacy}</a> · <a href="/t/${project.slug}">${say.terms}</a>
      ${contact === null ? '' : html` · <a href="${contact}">${say.imprint}</a>`}
    </p>
  </footer>`;
}

function contactLink(contact: string): string | null {
  if (/^https?:\/\//i.test(contact)) return contact;
  if (/^[^\s@]+@[^\s@]+$/.test(contact)) return `mailto:${contact}`;
  return null;
}
