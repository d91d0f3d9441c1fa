import type { EmailSender } from '#connectors/connector.ts';
import type { ReadTxt } from '#lib/dns.ts';

/** One thing that mailbox providers look up before they take a mail (R113). */
export interface DomainCheck {
  check: 'spf' | 'dkim' | 'dmarc';
  isOk: boolean;
  /** What is there, or what to publish where. */
  detail: string;
}

/** The policy of a domain holds for everything below it; nobody looks further up than so many names. */
const longestWalk = 8;

/**
 * Whether the DNS proves that mails may come from this address: SPF of the domain that bounces return
 * to, a DKIM key under the From domain, a DMARC policy over it, and the first two of the same
 * organisation as the From address. Throws when the DNS could not be asked: then nothing is known.
 */
export async function checkDomain(readTxt: ReadTxt, sender: EmailSender): Promise<DomainCheck[]> {
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1).toLowerCase();
  const policy = await findPolicy(readTxt, domain);
  const [spf, dkim] = await Promise.all([
    checkSpf(readTxt, sender.returnPathDomain.toLowerCase(), policy?.domain ?? domain),
    checkDkim(readTxt, domain, sender.dkimSelectors),
  ]);
  return [spf, dkim, dmarcOf(domain, policy)];
}

async function checkSpf(readTxt: ReadTxt, returnPath: string, organisation: string): Promise<DomainCheck> {
  const record = (await readTxt(returnPath)).find((text) => /^v=spf1( |$)/i.test(text));
  const found = (isOk: boolean, detail: string): DomainCheck => ({ check: 'spf', isOk, detail });
  if (returnPath !== organisation && !returnPath.endsWith(`.${organisation}`)) {
    return found(
      false,
      `Bounces return to ${returnPath}, which is not below ${organisation}: set up a return path of your own.`,
    );
  }
  if (record === undefined)
    return found(false, `There is no SPF record: publish a TXT record “v=spf1 …” at ${returnPath}.`);
  if (/(^| )\+?all( |$)/i.test(record))
    return found(false, `The SPF record of ${returnPath} lets everybody send: end it with -all or ~all.`);
  return found(true, `SPF is published at ${returnPath}.`);
}

async function checkDkim(
  readTxt: ReadTxt,
  domain: string,
  selectors: readonly string[],
): Promise<DomainCheck> {
  const found = (isOk: boolean, detail: string): DomainCheck => ({ check: 'dkim', isOk, detail });
  if (selectors.length === 0)
    return found(false, 'No DKIM selector is entered: it is the part before ._domainkey in the DNS record.');
  const names = selectors.map((selector) => `${selector}._domainkey.${domain}`);
  const records = await Promise.all(names.map(readTxt));
  const at = records.findIndex((texts) => texts.some((text) => /(^|;)\s*p=\s*[A-Za-z0-9+/]/.test(text)));
  return at === -1
    ? found(false, `There is no DKIM key: publish the record of your provider at ${names.join(' or ')}.`)
    : found(true, `A DKIM key is published at ${names[at]}.`);
}

interface Policy {
  /** Where it is published: mails of everything below it are judged by it. */
  domain: string;
  record: string;
}

/** From the domain upwards, as receivers walk; never to the last name alone. */
async function findPolicy(readTxt: ReadTxt, domain: string): Promise<Policy | null> {
  const names = domain.split('.');
  for (let from = 0; from < Math.min(names.length - 1, longestWalk); from++) {
    const at = names.slice(from).join('.');
    const record = (await readTxt(`_dmarc.${at}`)).find((text) => /^v=DMARC1\s*(;|$)/i.test(text));
    if (record !== undefined) return { domain: at, record };
  }
  return null;
}

function dmarcOf(domain: string, policy: Policy | null): DomainCheck {
  if (policy === null) {
    const detail = `There is no DMARC policy: publish a TXT record “v=DMARC1; p=none” at _dmarc.${domain}.`;
    return { check: 'dmarc', isOk: false, detail };
  }
  const isOk = /;\s*p=\s*(none|quarantine|reject)\s*(;|$)/i.test(policy.record);
  const detail = isOk
    ? `A DMARC policy is published at _dmarc.${policy.domain}.`
    : `The DMARC record at _dmarc.${policy.domain} has no policy: begin it with “v=DMARC1; p=none”.`;
  return { check: 'dmarc', isOk, detail };
}
