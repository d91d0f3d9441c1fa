/** The city that a zone is named after: `America/New_York` → `New York`. */
export function cityOf(zone: string): string {
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
}
