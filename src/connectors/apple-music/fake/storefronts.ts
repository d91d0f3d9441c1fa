/**
 * Every country's catalogue has ids of its own. Here that of the US is the one that works are entered
 * with, and every other country's ends with three digits made of its letters.
 */
export function idIn(storefront: string, usId: string): string {
  return storefront === 'us' || usId.startsWith('pl.') ? usId : `${usId}${suffix(storefront)}`;
}

/** The US id behind one of this country; undefined: an id of another country. */
export function usIdOf(storefront: string, id: string): string | undefined {
  if (storefront === 'us' || id.startsWith('pl.')) return id;
  const end = suffix(storefront);
  return id.endsWith(end) && id.length > end.length ? id.slice(0, -end.length) : undefined;
}

function suffix(storefront: string): string {
  const [a = 97, b = 97] = Buffer.from(storefront);
  return String((a - 97) * 26 + (b - 97)).padStart(3, '0');
}
