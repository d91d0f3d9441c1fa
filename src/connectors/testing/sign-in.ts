import type { RedirectSignIn, StreamingClient } from '../connector.ts';

/** The client's sign-in by redirect; throws where it has another. */
export function redirectOf({ signIn }: StreamingClient): RedirectSignIn {
  if (signIn.kind !== 'redirect') throw new Error('this service signs in by script');
  return signIn;
}
