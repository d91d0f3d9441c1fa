/** R120: enough of an e-mail address to know it by, for whoever the mail was sent on to. */
export function masked(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}…${address.slice(at)}`;
}
