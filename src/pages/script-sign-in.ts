import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { ScriptSignIn } from '#connectors/connector.ts';
import { page } from './layout.ts';
import { dayOf } from './wishes.ts';

/**
 * Loads nothing before the tap. `takeToken` is the service's; what it returns goes back by a form, so
 * that it stands in no address.
 */
const glue = `
const form = document.querySelector('form'), button = form.querySelector('button'), said = document.querySelector('[role=status]');
const config = JSON.parse(document.querySelector('[type="application/json"]').textContent);
button.hidden = false;
button.addEventListener('click', async () => {
  button.disabled = true;
  said.textContent = 'Waiting for your answer …';
  try {
    const token = await takeToken(config);
    if (token) { form.elements.taken.value = token; form.submit(); return; }
    said.textContent = 'You did not allow it. Nothing was linked. You can try again.';
  } catch {
    said.textContent = 'The sign-in did not open. Allow pop-ups for this page, then try again.';
  }
  button.disabled = false;
});
`;

interface Asked {
  /** Where the token is handed over, and the page it began on. */
  action: string;
  back: string;
  label: string;
  state: string;
  endsAt: Date | null;
}

/** The page on which a service's own script takes the authorisation: the only one with a script. */
export async function scriptPage(
  c: Context,
  { action, back, label, state, endsAt }: Asked,
  signIn: ScriptSignIn,
  publicUrl: string,
): Promise<Response> {
  const { config, origins } = await signIn.prepare({ origin: new URL(publicUrl).origin });
  const script = `${signIn.script}\n${glue}`;
  const hash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  const lasts =
    endsAt === null ? 'The link lasts until you end it.' : `The link lasts until ${dayOf(endsAt)}.`;
  // Inside a script element only `<` could end it.
  const settings = JSON.stringify(config).replaceAll('<', '\\u003c');
  return page(c, {
    title: `Continue with ${label}`,
    script: { hash, origins },
    body: html`<h1>Continue with ${label}</h1>
      <p>${label} asks you in a window of its own. ${lasts} You can end it on your page any time.</p>
      <form method="post" action="${action}" class="stack">
        <input type="hidden" name="state" value="${state}" />
        <input type="hidden" name="taken" value="" />
        <button type="button" class="main" hidden>Sign in to ${label}</button>
      </form>
      <noscript
        ><p>
          ${label} takes sign-ins by a script only. Allow scripts for this page, or choose another service.
        </p></noscript
      >
      <p role="status" class="small"></p>
      <p><a href="${back}">Back to your page</a></p>
      ${raw(`<script type="application/json">${settings}</script><script>${script}</script>`)}`,
  });
}
