/**
 * Numbers that fail on purpose. The provider's own test numbers answer as documented; beyond them
 * `+150055` followed by an error code gives that code: 2xxxx at once, 3xxxx in a status callback.
 */
const receivers: Record<string, number> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
};

const senders: Record<string, number> = {
  '+15005550001': 21212,
  '+15005550007': 21606,
  '+15005550008': 21611,
};

/** A number of the provider's test set that needs no account to own it. */
export function isMagicSender(number: string): boolean {
  return number === '+15005550006' || number in senders;
}

/** The error that a pair of magic numbers gives at once, if any. */
export function magicRefusal(from: string, to: string): number | undefined {
  return senders[from] ?? receivers[to] ?? codeIn(to, '2');
}

/** The error that a text to a magic number ends with, if any. */
export function magicEnd(to: string): number | undefined {
  return codeIn(to, '3');
}

function codeIn(to: string, first: string): number | undefined {
  const code = /^\+150055(\d{5})$/.exec(to)?.[1];
  return code?.startsWith(first) ? Number(code) : undefined;
}
