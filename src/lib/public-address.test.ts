import { expect, test } from 'vitest';
import { isPublicAddress, lookupPublic, PrivateAddress } from './public-address.ts';

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.255.255',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:8.8.8.8',
  'fe80::1',
  'fd00::1',
  '64:ff9b::a00:1',
  '2002:7f00:1::',
  '2001:0:1::',
  'example.com',
  '0x7f.1',
])('R91 %s is not of the public internet', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '172.32.0.1', '192.167.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
  'R91 %s is of the public internet',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test('R91 a name that leads to this machine is refused, however it is asked', async () => {
  for (const all of [true, false]) {
    const error = await new Promise((resolve) => lookupPublic('localhost', { all }, resolve));
    expect(error).toBeInstanceOf(PrivateAddress);
  }
});
