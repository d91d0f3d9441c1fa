/** What a browser shows: the page, its address, and the forms that can be sent from it. */
export interface Shown {
  url: string;
  status: number;
  html: string;
  /** The page's text as a person reads it. */
  text: string;
}

export interface Browser {
  open(url: string): Promise<Shown>;
  /** Sends a form: follows every redirect up to the next page; at a sign-in, `decide` answers. */
  submit(url: string, fields: readonly (readonly [string, string])[], decide?: Decision): Promise<Shown>;
  /** From a text's link through the service's consent page and back; ticks what is ticked. */
  connect(text: string, user: string, decision?: 'allow' | 'deny'): Promise<Shown>;
  /** Presses the button `Undo` of a page that stands beside `what`. */
  undo(page: Shown, what: 'save' | 'follow'): Promise<Shown>;
}

export interface Decision {
  user: string;
  decision: 'allow' | 'deny';
}

const mostHops = 10;

/**
 * A browser without scripts and without cookies: it follows links and sends forms. Every answer is
 * told to `heard`.
 */
export function createBrowser(origin: string, heard: (from: string, answer: string) => void): Browser {
  async function follow(start: string, init: RequestInit, decide?: Decision): Promise<Shown> {
    let url = start;
    let request = init;
    for (let hop = 0; hop < mostHops; hop++) {
      const response = await fetch(url, { ...request, redirect: 'manual' });
      const html = await response.text();
      heard(new URL(url).pathname, [...response.headers].join('\n') + html);
      const to = response.headers.get('location');
      if (to === null) return { url, status: response.status, html, text: readable(html) };
      url = answered(new URL(to, url), decide).href;
      request = { headers: { accept: 'text/html' } };
    }
    throw new Error(`more redirects than ${mostHops} from ${start}`);
  }

  const browser: Browser = {
    open: (url) => follow(new URL(url, origin).href, { headers: { accept: 'text/html' } }),
    submit(url, fields, decide) {
      const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
      const headers = { 'content-type': 'application/x-www-form-urlencoded', origin };
      return follow(new URL(url, origin).href, { method: 'POST', headers, body: body.toString() }, decide);
    },
    async connect(text, user, decision = 'allow') {
      const page = await browser.open(linkIn(text));
      const action = /formaction="(\/c\/[\w-]+\/spotify)"/.exec(page.html)?.[1];
      if (action === undefined) throw new Error(`no sign-in is offered: ${page.text}`);
      return browser.submit(action, ticked(page.html), { user, decision });
    },
    async undo(page, what) {
      const form = forms(page.html).find(
        (one) => one.action.endsWith('/do/undo') && one.fields.some(([, value]) => value === what),
      );
      if (form === undefined) throw new Error(`nothing to undo: ${page.text}`);
      return browser.submit(form.action, form.fields);
    },
  };
  return browser;
}

/** The consent page of a fake is answered by two more words in its address. */
function answered(url: URL, decide: Decision | undefined): URL {
  if (decide === undefined || !url.pathname.endsWith('/authorize')) return url;
  url.searchParams.set('user', decide.user);
  url.searchParams.set('decision', decide.decision);
  return url;
}

/** The one link of a text. */
export function linkIn(text: string): string {
  const links = text.match(/https?:\/\/\S+/g) ?? [];
  if (links.length !== 1 || links[0] === undefined) throw new Error(`not one link: ${text}`);
  return links[0];
}

function ticked(html: string): [string, string][] {
  return [...html.matchAll(/<input type="checkbox" name="(\w+)" value="(\w+)" checked/g)].map(
    ([, name = '', value = '']) => [name, value],
  );
}

export function forms(html: string): { action: string; fields: [string, string][] }[] {
  return [...html.matchAll(/<form method="post" action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g)].map(
    ([, action = '', inside = '']) => ({
      action,
      fields: [...inside.matchAll(/type="hidden"\s+name="(\w+)"\s+value="([^"]*)"/g)].map(
        ([, name = '', value = '']): [string, string] => [name, value],
      ),
    }),
  );
}

function readable(html: string): string {
  return html
    .replace(/<(style|head)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
