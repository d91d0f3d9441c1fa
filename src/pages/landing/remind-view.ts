import { html } from 'hono/html';
import type { Html } from '../layout.ts';
import { headingOf } from './landing-data.ts';
import { noticePart, smallPrint } from './landing-view.ts';
import { signUpForms } from './sign-up-forms.ts';
import { frameQuery, pathOf, releaseDayIn, type LandingView } from './view-model.ts';

/** For whoever listens elsewhere: the ways to hear of the release that need no streaming account (R63). */
export function remindBody(view: LandingView): Html {
  const { data, words } = view;
  const { release } = data;
  const say = words.remind;
  const path = pathOf(data);
  const day = release === null ? '' : html`<p class="when">${words.outOn(releaseDayIn(view, release))}</p>`;
  const calendar =
    release === null || release.isCancelled
      ? ''
      : html`<section>
          <p><a class="button" href="${path}/calendar.ics">${say.calendar}</a></p>
          <p class="small">${say.calendarWhy}</p>
        </section>`;
  return html`${noticePart(view)}
    <header>
      <h1>${say.title}</h1>
      <p class="by">${headingOf(data)}</p>
      ${day}
      <p>${say.intro}</p>
    </header>
    ${signUpForms(view, { isReminder: true })} ${calendar}
    <p><a href="${path}${frameQuery(view)}">${say.back}</a></p>
    ${smallPrint(view)}`;
}
