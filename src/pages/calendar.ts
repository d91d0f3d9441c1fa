import type { ShownRelease } from './connect-data.ts';

/** One all-day event (RFC 5545): for fans whom we may not write to (R63). */
export function calendarFile(release: ShownRelease, artist: string, now: Date): string {
  const next = new Date(release.releaseAt.getTime() + 24 * 60 * 60_000);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Segue//Release//EN',
    'BEGIN:VEVENT',
    `UID:${release.id}@segue`,
    `DTSTAMP:${now.toISOString().replace(/[-:]|\.\d+/g, '')}`,
    `DTSTART;VALUE=DATE:${day(release.releaseAt)}`,
    `DTEND;VALUE=DATE:${day(next)}`,
    `SUMMARY:${escapeText(`${release.title} by ${artist} is out`)}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10).replaceAll('-', '');
}

/** RFC 5545, 3.3.11. Long lines are left whole: every reader in use takes them. */
function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll(/\r?\n/g, '\\n');
}
