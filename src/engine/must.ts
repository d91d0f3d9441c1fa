/** What is there by construction; a missing one is a bug here, said instead of carried on. */
export function must<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error('something that must be there is missing');
  return value;
}
