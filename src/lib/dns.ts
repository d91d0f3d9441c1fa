import { Resolver } from 'node:dns/promises';

/** The TXT records of a name, each as one text; none: an empty list. Throws when nobody could be asked. */
export type ReadTxt = (name: string) => Promise<string[]>;

const absent = new Set(['ENOTFOUND', 'ENODATA']);

/** Asks the system's name servers, or those named (`127.0.0.1:5353`). Aliases (CNAME) are followed. */
export function createReadTxt(servers?: readonly string[]): ReadTxt {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  return async (name) => {
    try {
      const records = await resolver.resolveTxt(name);
      return records.map((pieces) => pieces.join(''));
    } catch (error) {
      // As: what node says of a failed question.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== undefined && absent.has(code)) return [];
      throw error;
    }
  };
}
