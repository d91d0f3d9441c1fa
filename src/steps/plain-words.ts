/** The words alone: what is filled in is an ellipsis, what decides between words is left out. */
export function plainWords(source: string): string {
  return source
    .replaceAll(/\{%.*?%\}/gs, ' ')
    .replaceAll(/\{\{.*?\}\}/gs, '…')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
