import { z } from 'zod';
import type { EmailSender } from '../../connector.ts';

const hostName = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z]{2,63}$/i;

/** What every e-mail connection asks for besides its credentials. */
export const senderSettings = {
  fromAddress: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[^\s@<>()[\]",;:\\]{1,64}@[^\s@]+$/, 'Write one address, as in hello@yourdomain.com.')
    .refine((address) => hostName.test(domainOf(address)), 'The part after the @ is no domain.')
    .meta({ title: 'From address', description: 'Mails come from it, under the artist’s name.' }),
  dkimSelectors: z
    .array(
      z
        .string()
        .trim()
        .regex(/^[a-z0-9_.-]{1,120}$/i, 'A selector is the part before ._domainkey.'),
    )
    .max(5)
    .default([])
    .meta({
      title: 'DKIM selectors',
      description:
        'The part before ._domainkey in the DNS records that you made. Segue checks that they are there.',
    }),
  returnPathDomain: z
    .string()
    .trim()
    .toLowerCase()
    .regex(hostName, 'Write a domain, as in bounces.yourdomain.com.')
    .optional()
    .meta({
      title: 'Return-path domain',
      description: 'Where bounces go, if it is not the domain of the From address. Its SPF record counts.',
    }),
} as const;

export type SenderSettings = {
  fromAddress: string;
  dkimSelectors: string[];
  returnPathDomain?: string | undefined;
};

/** `usual`: what the provider sets up where the settings do not say otherwise. */
export function senderOf(
  settings: SenderSettings,
  usual: { dkimSelectors?: readonly string[]; returnPathPrefix?: string } = {},
): EmailSender {
  const domain = domainOf(settings.fromAddress);
  const prefix = usual.returnPathPrefix;
  return {
    address: settings.fromAddress,
    dkimSelectors: settings.dkimSelectors.length > 0 ? settings.dkimSelectors : (usual.dkimSelectors ?? []),
    returnPathDomain: settings.returnPathDomain ?? (prefix === undefined ? domain : `${prefix}.${domain}`),
  };
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** `"Luna Vale" <hello@luna.example>`, the name quoted so that it can hold nothing else; ASCII or as it is. */
export function mailbox({ name, address }: { name: string; address: string }): string {
  const plain = name
    .replace(/[\p{Cc}"\\<>]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return plain === '' ? address : `"${plain}" <${address}>`;
}

/** As `mailbox`, in ASCII alone: a name of other letters as encoded words (RFC 2047). */
export function asciiMailbox({ name, address }: { name: string; address: string }): string {
  if (/^[\x20-\x7e]*$/.test(name)) return mailbox({ name, address });
  const words: string[] = [];
  let word = '';
  for (const letter of name.replace(/\p{Cc}/gu, ' ')) {
    // An encoded word has 75 characters at most; no letter may be cut in two.
    if (Buffer.byteLength(word + letter) > 42) {
      words.push(word);
      word = '';
    }
    word += letter;
  }
  words.push(word);
  const encoded = words.map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`).join(' ');
  return `${encoded} <${address}>`;
}
