import { escapeHtml, html } from '../../kit/fake/answers.ts';
import { consentPage } from '../../kit/fake/consent-page.ts';
import { demoUsers } from '../../kit/fake/people.ts';

/**
 * Stands in for Apple's script: as much of MusicKit as a sign-in needs. It asks in a window of its
 * own, below the address that it was loaded from.
 */
const script = `(() => {
  const base = document.currentScript.src.replace(/\\/musickit\\.js.*$/, '');
  const fail = (name) => Object.assign(new Error(name), { name, errorCode: name });
  let settings;
  const instance = {
    authorize: () =>
      new Promise((resolve, reject) => {
        const query = new URLSearchParams({ token: settings.developerToken, app: settings.app.name, origin: location.origin });
        const popup = window.open(base + '/authorize?' + query, '_blank', 'popup,width=480,height=640');
        if (!popup) return reject(fail('UNKNOWN_ERROR'));
        const closed = setInterval(() => popup.closed && end(() => reject(fail('AUTHORIZATION_ERROR'))), 200);
        const heard = ({ source, origin, data }) => {
          if (source !== popup || origin !== new URL(base).origin) return;
          end(() => (data.token ? resolve(data.token) : reject(fail('AUTHORIZATION_ERROR'))));
        };
        const end = (answer) => {
          clearInterval(closed);
          removeEventListener('message', heard);
          popup.close();
          answer();
        };
        addEventListener('message', heard);
      }),
  };
  window.MusicKit = {
    async configure(options) {
      if (!options || !options.developerToken || !options.app || !options.app.name) throw fail('CONFIGURATION_ERROR');
      settings = options;
      return instance;
    },
    getInstance: () => settings && instance,
  };
})();
`;

export function musicKitScript(): Response {
  return new Response(script, { headers: { 'content-type': 'text/javascript; charset=utf-8' } });
}

export interface Asked {
  user: string | null;
  decision: string | null;
  /** The page that asks; the answer goes to no other. */
  origin: string;
}

/** The window's page: asks, or gives the page behind it the answer. */
export async function authorizePage(
  query: URLSearchParams,
  { user, decision, origin }: Asked,
  issue: (user: string) => Promise<string>,
): Promise<Response> {
  if (decision === 'deny') return tell({}, origin);
  if (decision === 'allow' && user !== null) return tell({ token: await issue(user) }, origin);
  return html(consentPage({ label: 'Apple Music', query, scopes: [], users: demoUsers.slice(0, 2) }));
}

function tell(answer: { token?: string }, origin: string): Response {
  const message = JSON.stringify(answer).replaceAll('<', '\\u003c');
  const to = JSON.stringify(origin).replaceAll('<', '\\u003c');
  return html(
    `<!doctype html><title>${escapeHtml('Sandbox sign-in')}</title><p>You can close this window.</p><script>if (window.opener) window.opener.postMessage(${message}, ${to});</script>`,
  );
}
