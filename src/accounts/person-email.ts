/** Somebody who came by a link has no address yet; `.invalid` belongs to nobody (RFC 2606). */
const placeholderHost = '@unset.invalid';

/** What stands in for the address of a person who has none. */
export function placeholderEmail(userId: string): string {
  return userId + placeholderHost;
}

/** A person's e-mail address as it is shown; null while she has set none. */
export function shownEmail(stored: string): string | null {
  return stored.endsWith(placeholderHost) ? null : stored;
}
