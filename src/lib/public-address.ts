import { lookup as lookupName, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';

/**
 * Whether an address on the network belongs to the public internet. For calls to addresses that people
 * type in: what is meant for this machine or its neighbours (loopback, private networks, a cloud's
 * metadata service) must not be reached through us.
 */

/** What IANA's special-purpose registries (RFC 6890 and its updates) do not call globally reachable. */
const special: readonly [net: string, prefix: number, family: 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  // Multicast, reserved, broadcast.
  ['224.0.0.0', 3, 'ipv4'],
];

const specialAddresses = new BlockList();
for (const [network, prefix, family] of special) specialAddresses.addSubnet(network, prefix, family);

/** The one block that is handed out for the internet (RFC 4291); all else in IPv6 is something special. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** Within it: old ways to wrap an IPv4 address (Teredo, 6to4), documentation, benchmarks, ORCHID. */
const specialWithin = new BlockList();
specialWithin.addSubnet('2001::', 23, 'ipv6');
specialWithin.addSubnet('2001:db8::', 32, 'ipv6');
specialWithin.addSubnet('2002::', 16, 'ipv6');
specialWithin.addSubnet('3fff::', 20, 'ipv6');

/** False for anything that is no IP address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !specialAddresses.check(address, 'ipv4');
  if (family !== 6) return false;
  return globalUnicast.check(address, 'ipv6') && !specialWithin.check(address, 'ipv6');
}

/** The name leads into a private network. */
export class PrivateAddress extends Error {
  override name = 'PrivateAddress';
  readonly code = 'SEGUE_PRIVATE_ADDRESS';
}

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * `dns.lookup`, for a socket, that answers with nothing but public addresses. Asked by the connection
 * itself, so that a name which changes after it was checked is checked again (DNS rebinding). One private
 * address among several is enough to refuse.
 */
export function lookupPublic(hostname: string, options: LookupOptions, answer: Answer): void {
  lookupName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      answer(error, []);
      return;
    }
    const [first] = addresses;
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
      answer(new PrivateAddress(`${hostname} leads into a private network`), []);
      return;
    }
    if (options.all === true) answer(null, addresses);
    else answer(null, first.address, first.family);
  });
}
