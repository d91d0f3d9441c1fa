import { sql } from 'kysely';
import { transaction, type Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { templateProblems, type KnownPath } from '#flows/template-problems.ts';
import { getRelease } from '../releases.ts';
import { outcomes, type MailWords, type TextWords } from './contract.ts';

export interface ReleaseMessage {
  text: TextWords | null;
  mail: MailWords | null;
}

/** What its words may name. */
export const knownPaths: readonly KnownPath[] = [
  { path: 'fan.name', mayBeMissing: true },
  { path: 'artist.name' },
  { path: 'release.title' },
  { path: 'release.date' },
  { path: 'links.connect' },
  { path: 'links.undo' },
];

type Row = MailWords & { channel: 'sms' | 'email' };

/** 404 when the project has no such release. */
export async function readMessage(db: Db, projectId: string, releaseId: string): Promise<ReleaseMessage> {
  await getRelease(db, projectId, releaseId);
  return findMessage(db, projectId, releaseId);
}

export async function findMessage(db: Db, projectId: string, releaseId: string): Promise<ReleaseMessage> {
  const { rows } = await sql<Row>`
    select channel, subject, saved, accepted, reminded, failed from release_message
     where project_id = ${projectId} and release_id = ${releaseId}`.execute(db);
  const text = rows.find(({ channel }) => channel === 'sms');
  const mail = rows.find(({ channel }) => channel === 'email');
  return {
    text: text === undefined ? null : variantsOf(text),
    mail: mail === undefined ? null : mailOf(mail),
  };
}

function variantsOf({ saved, accepted, reminded, failed }: Row): TextWords {
  return { saved, accepted, reminded, failed };
}

function mailOf(row: Row): MailWords {
  return { subject: row.subject, ...variantsOf(row) };
}

/**
 * Writes the message, or takes it away. 422 naming the words that cannot be filled in (R92). Fans who were
 * told already are not told again; who has not been told yet reads what stands here then.
 */
export async function writeMessage(
  db: Db,
  projectId: string,
  releaseId: string,
  message: ReleaseMessage,
): Promise<ReleaseMessage> {
  refuseBad(message);
  const release = await getRelease(db, projectId, releaseId);
  if (release.cancelledAt !== null)
    throw new UserError(422, 'invalid', 'This release was called off: nobody is told.');
  await transaction(db, async (tx) => {
    for (const [channel, words] of [
      ['sms', message.text],
      ['email', message.mail],
    ] as const) {
      if (words === null) {
        await sql`
          delete from release_message
           where project_id = ${projectId} and release_id = ${releaseId} and channel = ${channel}`.execute(
          tx,
        );
        continue;
      }
      const subject = 'subject' in words ? words.subject : '';
      await sql`
        insert into release_message (project_id, release_id, channel, subject, saved, accepted, reminded, failed)
        values (${projectId}, ${releaseId}, ${channel}, ${subject}, ${words.saved}, ${words.accepted},
                ${words.reminded}, ${words.failed})
        on conflict (project_id, release_id, channel) do update
          set subject = excluded.subject, saved = excluded.saved, accepted = excluded.accepted,
              reminded = excluded.reminded, failed = excluded.failed`.execute(tx);
    }
  });
  return findMessage(db, projectId, releaseId);
}

function refuseBad({ text, mail }: ReleaseMessage): void {
  const sources = [
    ...outcomes.map((one) => ({ path: `text.${one}`, source: text?.[one] })),
    { path: 'mail.subject', source: mail?.subject },
    ...outcomes.map((one) => ({ path: `mail.${one}`, source: mail?.[one] })),
  ];
  const errors = sources.flatMap(({ path, source }) =>
    source === undefined ? [] : templateProblems(source, knownPaths, path),
  );
  const [first] = errors;
  if (first === undefined) return;
  throw new UserError(422, 'invalid', first.message, {
    errors: errors.map(({ path, code, message }) => ({ path, code, message })),
    rule: 'R92',
  });
}
