/** Structured logs, one JSON object a line, in which no secret and no full phone number appears. */
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** Names that hold a secret wherever they stand, compared in lower case without `_` and `-`. */
const secretNames =
  /^(authorization|cookie|setcookie|proxyauthorization|password|passphrase|apikey|privatekey|body)$|(token|secret|signature)$|^secretkey/;
const phoneNames = /^(phone|from|to|number|msisdn|mobile)$|phone(number)?$/;
/** E.164, or what comes close enough in a sentence. */
const phonesInText = /\+\d[\d ().-]{5,18}\d/g;
const hidden = '[hidden]';
const deepest = 6;

/**
 * A logger that writes to standard output, or to `destination`. Redaction goes by the names of fields
 * at any depth, so that a new field with an old name is safe, and by the shape of numbers in texts.
 */
export function createLog(options: { level: string }, destination?: DestinationStream): Log {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => redactFields(fields, 0),
    },
    serializers: { err: redactError, error: redactError },
    hooks: {
      logMethod(this: Logger, args: Parameters<pino.LogFn>, method: pino.LogFn) {
        // As: pino's tuple has no name for "the same arguments with the texts masked".
        method.apply(this, args.map((arg) => (typeof arg === 'string' ? maskText(arg) : arg)) as typeof args);
      },
    },
  };
  return redactBindings(destination ? pino(settings, destination) : pino(settings));
}

/** pino does not pass a child's own fields to its formatter; children inherit the `child` set here. */
function redactBindings(log: Log): Log {
  // oxlint-disable-next-line typescript/unbound-method -- applied to each child as its own method below
  const makeChild = log.child;
  const child = function child(this: Log, bindings: pino.Bindings, options?: pino.ChildLoggerOptions): Log {
    // As: Reflect.apply forgets what the function returns.
    return Reflect.apply(makeChild, this, [redactFields(bindings, 0), options]) as Log;
  };
  Reflect.set(log, 'child', child);
  return log;
}

/** `+16195550100` → `+•••••••••00`: enough to recognise one's own number, too little to call it. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  if (digits.length <= 2) return '•'.repeat(digits.length);
  return `${phone.trimStart().startsWith('+') ? '+' : ''}${'•'.repeat(digits.length - 2)}${digits.slice(-2)}`;
}

function maskText(text: string): string {
  return text.replace(phonesInText, maskPhone);
}

function redactFields(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) out[name] = redactField(name, value, depth);
  return out;
}

function redactField(name: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  const plain = name.toLowerCase().replaceAll(/[_-]/g, '');
  if (secretNames.test(plain)) return hidden;
  // A counter may be called `from` or `number`; only a text can be a phone number.
  if (typeof value === 'string' && phoneNames.test(plain) && /\d{5}/.test(value)) return maskPhone(value);
  return redactValue(value, depth);
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Error) return depth === 0 ? value : redactError(value);
  if (depth >= deepest) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  return redactFields({ ...value }, depth + 1);
}

/** Errors lose nothing but their secrets: class, message, stack, cause, code. */
function redactError(error: unknown): unknown {
  if (!(error instanceof Error)) return redactValue(error, 1);
  const { name, message, stack, cause, ...rest } = error;
  return {
    type: name,
    message: maskText(message),
    stack: maskText(stack ?? ''),
    ...redactFields(rest, 1),
    ...(cause === undefined ? {} : { cause: redactError(cause) }),
  };
}
