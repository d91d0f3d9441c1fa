import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Db } from '#db/database.ts';
import { page, trouble } from './layout.ts';

interface Publisher {
  programme: string;
  legal_sender: string;
  contact: string;
  postal_address: string;
  monthly_cap: number;
}

/**
 * `/t/{slug}` and `/privacy/{slug}`: what every consent text links to (R123), filled from the
 * project's settings. The sentence about not sharing numbers is one that carriers look for.
 */
export function mountTerms(app: Hono, { db }: { db: Db }): void {
  app.get('/t/:slug', async (c) => {
    const project = await findPublisher(db, c.req.param('slug'));
    return project === undefined ? nothingHere(c) : terms(c, project);
  });
  app.get('/privacy/:slug', async (c) => {
    const project = await findPublisher(db, c.req.param('slug'));
    return project === undefined ? nothingHere(c) : privacy(c, project);
  });
}

function findPublisher(db: Db, slug: string): Promise<Publisher | undefined> {
  return db
    .selectFrom('project')
    .select(['programme', 'legal_sender', 'contact', 'postal_address', 'monthly_cap'])
    .where('slug', '=', slug)
    .executeTakeFirst();
}

function terms(c: Context, { programme, legal_sender, contact, monthly_cap }: Publisher) {
  return page(c, {
    title: `Text message terms · ${programme}`,
    body: html`<h1>Text message terms</h1>
      <p>
        ${programme} sends texts about music, releases and shows to fans who asked for them. The sender is
        ${legal_sender}.
      </p>
      <ul>
        <li>
          The texts are recurring and automated, at most as many a month as the words say that you agreed to,
          and never more than ${monthly_cap} unless those words name another number.
        </li>
        <li>Message and data rates may apply. Carriers are not liable for delayed or undelivered texts.</li>
        <li>
          Reply <strong>STOP</strong> at any time and the texts end. Reply <strong>HELP</strong> for
          help${contact === '' ? '' : html`, or go to ${contact}`}.
        </li>
        <li>Agreeing to texts is never a condition of buying anything.</li>
      </ul>`,
  });
}

function privacy(c: Context, { programme, legal_sender, contact, postal_address }: Publisher) {
  return page(c, {
    title: `Privacy · ${programme}`,
    body: html`<h1>Privacy</h1>
      <p>
        ${legal_sender} keeps what it needs to send you what you asked for, and no more: your number or e-mail
        address, what you agreed to and when, the texts you wrote to ${programme}, and, if you link a
        streaming service, the permission you gave there.
      </p>
      <ul>
        <li>
          Mobile numbers and text consents are not shared with or sold to third parties for their marketing.
        </li>
        <li>Mails hold nothing that tells when you open them. Each has a link that ends them at once.</li>
        <li>
          A streaming service is used only for what you ticked. Every text's link leads to a page where you
          can undo it and unlink the service.
        </li>
        <li>
          Your own page shows what is kept about you, and there you can stop, download or erase it: HELP
          brings its link by text, and every mail and every page of ours leads to it. Or write to
          ${contact === '' ? legal_sender : contact}${
            postal_address === '' ? '' : html`, or to ${legal_sender}, ${postal_address}`
          }.
        </li>
      </ul>`,
  });
}

function nothingHere(c: Context) {
  return trouble(c, 404, 'There is nothing here', 'Check the address for a typing mistake.');
}
