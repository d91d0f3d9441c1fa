import type { EmailFake, MailView, PhoneView, SmsFake } from '#connectors/connector.ts';
import { UserError } from '#lib/errors.ts';

/** The page that begins behind the item `cursor`. */
export function pageOf<T extends { id: string }>(
  all: readonly T[],
  limit: number,
  cursor: string | undefined,
) {
  const start = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
  if (cursor !== undefined && start === 0)
    throw new UserError(422, 'bad_cursor', 'The cursor is not one that this list gave.');
  const items = all.slice(start, start + limit);
  const hasMore = start + items.length < all.length;
  return { items, nextCursor: hasMore ? (items.at(-1)?.id ?? null) : null };
}

/** Newest first, over all e-mail providers of a project. */
export async function allMails(
  mailers: readonly EmailFake[],
  address: string | undefined,
): Promise<MailView[]> {
  const lists = await Promise.all(
    mailers.map((mailer) => mailer.mails(address === undefined ? {} : { address })),
  );
  return lists.flat().sort((a, b) => b.at.localeCompare(a.at));
}

/** Newest first, over all carriers of a project. */
export async function allTexts(
  carriers: readonly SmsFake[],
  filter: { number?: string | undefined; direction?: 'in' | 'out' | undefined },
): Promise<PhoneView[]> {
  const { number, direction } = filter;
  const wanted = { ...(number !== undefined && { number }), ...(direction !== undefined && { direction }) };
  const lists = await Promise.all(carriers.map((carrier) => carrier.texts(wanted)));
  const texts = lists.flat();
  return lists.length > 1 ? texts.sort((a, b) => b.at.localeCompare(a.at)) : texts;
}
