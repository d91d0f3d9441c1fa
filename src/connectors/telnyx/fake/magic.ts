/**
 * Numbers that fail on purpose: `+150055` followed by an error code gives that code. 400xx are what
 * carriers say, so they come in a report; the rest is refused at once.
 */
export function magicRefusal(to: string): number | undefined {
  const code = codeIn(to);
  return code !== undefined && !isOfCarriers(code) ? code : undefined;
}

/** The error that a text to a magic number ends with, if any. */
export function magicEnd(to: string): number | undefined {
  const code = codeIn(to);
  return code !== undefined && isOfCarriers(code) ? code : undefined;
}

function isOfCarriers(code: number): boolean {
  return code >= 40_000 && code < 40_100;
}

function codeIn(to: string): number | undefined {
  const code = /^\+150055([124]\d{4})$/.exec(to)?.[1];
  return code === undefined ? undefined : Number(code);
}
