import { isAPIError } from 'better-auth/api';
import { UserError } from '#lib/errors.ts';

interface Refusal {
  status: 401 | 422 | 429;
  code: string;
  /** The field that is wrong; '' where none is. */
  path: string;
  message: string;
}

const again = 'This sign-in took too long. Begin again with e-mail and password.';

/** The library's refusals that a person can act on, in our words. */
const refusals: Readonly<Record<string, Refusal>> = {
  INVALID_EMAIL_OR_PASSWORD: wrong('password', 'This e-mail and this password do not belong together.'),
  INVALID_EMAIL: wrong('email', 'This is not an e-mail address.'),
  INVALID_PASSWORD: wrong('password', 'This is not your password.'),
  CREDENTIAL_ACCOUNT_NOT_FOUND: wrong('password', 'You have no password yet: set one first.'),
  INVALID_CODE: wrong('code', 'This code is not right, or its half minute is over.'),
  INVALID_BACKUP_CODE: wrong('code', 'This recovery code is not right, or was used before.'),
  INVALID_TWO_FACTOR_COOKIE: wrong('code', again),
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: wrong(
    'code',
    'Too many wrong codes. Begin again with e-mail and password.',
  ),
  TOTP_ALREADY_ENABLED: wrong('', 'The second factor is on already.'),
  TOTP_NOT_ENABLED: wrong('', 'The second factor is not on.'),
  TWO_FACTOR_NOT_ENABLED: wrong('', 'The second factor is not on.'),
  ACCOUNT_TEMPORARILY_LOCKED: {
    status: 429,
    code: 'rate_limited',
    path: '',
    message: 'Too many wrong codes. Try again in 15 minutes.',
  },
};

function wrong(path: string, message: string): Refusal {
  return { status: 422, code: 'invalid', path, message };
}

/**
 * Calls the library; what it refuses is thrown as a `UserError`. `field` names what we call the password
 * that it asked for.
 */
export async function asking<T>(work: () => Promise<T>, field = 'password'): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refusal = isAPIError(error) ? refusals[String(error.body?.code)] : undefined;
    if (refusal === undefined) throw error;
    const { status, code, message } = refusal;
    const path = refusal.path === 'password' ? field : refusal.path;
    const errors = path === '' ? {} : { errors: [{ path, code, message }] };
    const wait = status === 429 ? { retryAfterSeconds: 15 * 60 } : {};
    throw new UserError(status, code, message, { ...errors, ...wait });
  }
}
