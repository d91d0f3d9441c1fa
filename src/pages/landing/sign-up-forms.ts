import { html } from 'hono/html';
import type { Html } from '../layout.ts';
import { linkedText } from '../linked-text.ts';
import { countriesIn } from './countries.ts';
import { frameQuery, pathOf, type LandingView } from './view-model.ts';

/** The forms that ask for a number or an address, each with its own unticked box (R37). */
export function signUpForms(view: LandingView, { isReminder }: { isReminder: boolean }): Html {
  const { parts } = view.data.content;
  // Whoever wants a reminder only is offered what the artist can send, asked for on the page or not.
  const has = (part: 'sms' | 'email') => view.offer[part] !== null && (isReminder || parts.includes(part));
  // A reminder goes by text; one by mail is not promised before it can be kept.
  return html`${has('sms') ? textForm(view, isReminder) : ''}
  ${has('email') && !isReminder ? mailForm(view) : ''}`;
}

function textForm(view: LandingView, isReminder: boolean): Html {
  const { words, offer, typed, region } = view;
  const say = words.signUp;
  if (offer.sms === null) return html``;
  const chosen = typed.get('country') ?? region ?? offer.sms.country ?? '';
  return html`<section>
    <h2>${say.texts}</h2>
    <form method="post" action="${pathOf(view.data)}/sms${frameQuery(view)}">
      <label class="field"
        ><span>${say.country}</span
        ><select name="country" autocomplete="country">
          ${countriesIn(words.language).map(
            ({ code, label }) =>
              html`<option value="${code}" ${code === chosen ? 'selected' : ''}>${label}</option>`,
          )}
        </select></label
      >
      <label class="field"
        ><span>${say.number}</span
        ><input
          type="tel"
          name="phone"
          autocomplete="tel"
          inputmode="tel"
          required
          maxlength="40"
          value="${typed.get('phone') ?? ''}"
      /></label>
      ${consent(view, offer.sms)} ${isReminder ? html`<input type="hidden" name="remind" value="yes" />` : ''}
      <button>${say.sendTexts}</button>
    </form>
  </section>`;
}

function mailForm(view: LandingView): Html {
  const { words, offer, typed } = view;
  const say = words.signUp;
  if (offer.email === null) return html``;
  return html`<section>
    <h2>${say.mails}</h2>
    <form method="post" action="${pathOf(view.data)}/email${frameQuery(view)}">
      <label class="field"
        ><span>${say.email}</span
        ><input
          type="email"
          name="email"
          autocomplete="email"
          inputmode="email"
          required
          maxlength="254"
          value="${typed.get('email') ?? ''}"
      /></label>
      <label class="field"
        ><span>${say.name}</span
        ><input
          type="text"
          name="name"
          autocomplete="given-name"
          maxlength="60"
          value="${typed.get('name') ?? ''}"
      /></label>
      ${consent(view, offer.email)}
      <button>${say.sendMails}</button>
    </form>
  </section>`;
}

/** The box in the very words that are kept (R38), and what tells people from programs. */
function consent({ words, stamp }: LandingView, { text, version }: { text: string; version: string }): Html {
  return html`<label class="check small"
      ><input type="checkbox" name="agree" value="yes" required /><span>${linkedText(text)}</span></label
    >
    <div class="away" aria-hidden="true">
      <label
        >${words.signUp.leaveEmpty}<input type="text" name="leave" tabindex="-1" autocomplete="off"
      /></label>
    </div>
    <input type="hidden" name="version" value="${version}" />
    <input type="hidden" name="stamp" value="${stamp}" />
    <input type="hidden" name="zone" value="" />
    <input type="hidden" name="lang" value="${words.language}" />`;
}
