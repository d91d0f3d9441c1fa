import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** A text as it is kept, letter for letter, whose addresses can be followed. */
export function linkedText(text: string): Html {
  const parts = text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/);
  return html`${parts.map((part, at) =>
    at % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noopener">${part}</a>` : part,
  )}`;
}
