/** The library puts `__Secure-` in front of it where the public address is https. */
export const sessionCookie = 'segue_session';
