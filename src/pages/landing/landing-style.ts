import { createHash } from 'node:crypto';
import { LruCache } from '#lib/lru-cache.ts';
import { paletteOf, type Shades } from '#landing-pages/palette.ts';

/** What landing pages have beside the house's look (`../style.ts`). */
const style = `
.cover{display:block;width:100%;height:auto;border-radius:6px;margin:0 0 1.75rem;background:var(--rule);aspect-ratio:1}
.by{font-size:1.1rem;color:var(--soft);margin:.5rem 0 0}
.when b{color:var(--ink);font-weight:600}
.words p{margin:.75rem 0}
.stack>.button,.stack>button{margin-top:.75rem}
fieldset>.line{margin-top:1rem}
legend{padding:0}
.field{margin-top:.9rem}
.field>span{display:block;font-size:.9rem;color:var(--soft);margin-bottom:.25rem}
input[type=tel],input[type=email],select{font:inherit;width:100%;padding:.7rem .8rem;min-height:3rem;border:1px solid var(--rule);border-radius:6px;background:var(--raised);color:inherit}
select:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.check{margin:1rem 0}
.wrong{border-left-color:var(--accent)}
.away{position:absolute;left:-200vw;width:1px;height:1px;overflow:hidden}
.framed main{padding:1.25rem}
section+section{margin-top:2.25rem}
`;

export const landingStyle = styleElement(style);

interface StyleElement {
  element: string;
  /** For the content-security policy. */
  hash: string;
}

const palettes = new LruCache<string, StyleElement>(1_000);

/** The colours of a cover over those of the house. */
export function paletteStyle(colour: string): StyleElement {
  return palettes.getOrMake(colour, () => {
    const { light, dark } = paletteOf(colour);
    return styleElement(
      `:root{${declare(light)}}@media (prefers-color-scheme:dark){:root{${declare(dark)}}}`,
    );
  });
}

function declare({ paper, raised, ink, soft, rule, accent, onAccent }: Shades): string {
  return `--paper:${paper};--raised:${raised};--ink:${ink};--soft:${soft};--rule:${rule};--accent:${accent};--on-accent:${onAccent}`;
}

function styleElement(text: string): StyleElement {
  return {
    element: `<style>${text}</style>`,
    hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  };
}
