import { setArtwork } from '#releases/artwork.ts';
import type { DemoDeps } from './ensure-demo.ts';

/** Covers of the demo's releases, drawn here. */
export async function makeCovers(
  deps: Pick<DemoDeps, 'flows'>,
  projectId: string,
  { ferry, lanterns }: { ferry: string; lanterns: string | undefined },
): Promise<void> {
  const { db, clock } = deps.flows;
  const now = clock.now(projectId);
  await setArtwork(db, projectId, ferry, await toPicture(ferryCover()), now);
  if (lanterns !== undefined)
    await setArtwork(db, projectId, lanterns, await toPicture(lanternsCover()), now);
}

async function toPicture(svg: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg)).png({ compressionLevel: 3 }).toBuffer();
}

const side = 1_200;

function frame(inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">${inside}</svg>`;
}

/** A small ferry with its windows lit, crossing black water under a low moon. */
function ferryCover(): string {
  const windows = Array.from(
    { length: 9 },
    (_, at) => `<rect x="${372 + at * 50}" y="690" width="26" height="20" rx="3" fill="#ffd9a0"/>`,
  ).join('');
  const glints = Array.from({ length: 26 }, (_, at) => {
    const width = 24 + ((at * 67) % 150);
    const y = 800 + at * 15;
    const x = 600 - width / 2 + ((at * 113) % 130) - 65;
    return `<rect x="${x}" y="${y}" width="${width}" height="4" rx="2" fill="#ffb36b" opacity="${(0.62 - at * 0.021).toFixed(2)}"/>`;
  }).join('');
  const stars = Array.from({ length: 70 }, (_, at) => {
    const x = (at * 379) % side;
    const y = (at * 211) % 560;
    return `<circle cx="${x}" cy="${y}" r="${1 + (at % 3) * 0.7}" fill="#f3e9d8" opacity="${0.25 + (at % 5) * 0.12}"/>`;
  }).join('');
  return frame(`
    <defs>
      <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="#0d1430"/><stop offset=".62" stop-color="#2b2a5a"/><stop offset="1" stop-color="#a0485a"/>
      </linearGradient>
      <linearGradient id="water" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="#3a2546"/><stop offset=".35" stop-color="#15152f"/><stop offset="1" stop-color="#080a18"/>
      </linearGradient>
      <radialGradient id="glow"><stop offset="0" stop-color="#ffc98a" stop-opacity=".75"/><stop offset="1" stop-color="#ffc98a" stop-opacity="0"/></radialGradient>
    </defs>
    <rect width="${side}" height="770" fill="url(#sky)"/>${stars}
    <circle cx="838" cy="430" r="300" fill="url(#glow)"/><circle cx="838" cy="430" r="112" fill="#ffe3bd"/>
    <path d="M0 742 L170 706 L320 732 L470 700 L690 736 L900 694 L1060 726 L1200 704 V780 H0Z" fill="#1a1738"/>
    <rect y="768" width="${side}" height="432" fill="url(#water)"/>${glints}
    <path d="M268 728 H924 L872 792 H330Z" fill="#0b0d1e"/>
    <rect x="344" y="672" width="500" height="58" rx="8" fill="#14162c"/>
    <rect x="452" y="620" width="260" height="54" rx="8" fill="#191b35"/>
    <rect x="560" y="548" width="54" height="74" fill="#c2401f"/><rect x="560" y="562" width="54" height="12" fill="#f3e9d8"/>
    ${windows}
    <text x="84" y="1090" font-family="Georgia, 'DejaVu Serif', serif" font-size="92" fill="#f6ead7">Midnight Ferry</text>
    <text x="88" y="1146" font-family="Helvetica, 'DejaVu Sans', sans-serif" font-size="30" letter-spacing="9" fill="#f6ead7" opacity=".82">NOVA REYES</text>`);
}

/** Lanterns going up in the dusk. */
function lanternsCover(): string {
  const lanterns = Array.from({ length: 17 }, (_, at) => {
    const size = 34 + ((at * 53) % 96);
    const x = 90 + ((at * 331) % 1_020);
    const y = 120 + ((at * 197) % 720);
    return `<g opacity="${(0.45 + size / 240).toFixed(2)}"><circle cx="${x}" cy="${y}" r="${size * 1.7}" fill="url(#light)"/>
      <path d="M${x - size / 2} ${y + size * 0.6} Q${x - size * 0.85} ${y - size * 0.8} ${x} ${y - size * 0.85} Q${x + size * 0.85} ${y - size * 0.8} ${x + size / 2} ${y + size * 0.6}Z" fill="#ffb84d"/>
      <rect x="${x - size / 2}" y="${y + size * 0.58}" width="${size}" height="${size * 0.12}" fill="#8d3b1c"/></g>`;
  }).join('');
  return frame(`
    <defs>
      <linearGradient id="dusk" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="#123a4a"/><stop offset=".6" stop-color="#2f6f6b"/><stop offset="1" stop-color="#e6a35a"/>
      </linearGradient>
      <radialGradient id="light"><stop offset="0" stop-color="#ffdf9e" stop-opacity=".7"/><stop offset="1" stop-color="#ffdf9e" stop-opacity="0"/></radialGradient>
    </defs>
    <rect width="${side}" height="${side}" fill="url(#dusk)"/>${lanterns}
    <path d="M0 1010 Q260 930 520 990 T1200 950 V1200 H0Z" fill="#0d2430"/>
    <text x="84" y="1100" font-family="Georgia, 'DejaVu Serif', serif" font-size="92" fill="#fdf1dc">Paper Lanterns</text>
    <text x="88" y="1152" font-family="Helvetica, 'DejaVu Sans', sans-serif" font-size="30" letter-spacing="9" fill="#fdf1dc" opacity=".85">NOVA REYES</text>`);
}
