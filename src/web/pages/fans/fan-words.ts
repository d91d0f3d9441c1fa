import type { getFan } from '#fans/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';

export type Fan = ResponseOf<typeof getFan>;

/** What a fan is called: by name, else by the address that is known. */
export function fanName({ name, phone, email, instagram }: Fan): string {
  return name ?? (phone === null ? null : phoneNumber(phone)) ?? email ?? instagram ?? t.fans.unnamed;
}

/** Agreements that hold now, one a channel and address; some wait for the fan's confirmation (R97). */
export function livingConsents({ consents }: Fan) {
  return consents.filter(({ revokedAt }) => revokedAt === null);
}
