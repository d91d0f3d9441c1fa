import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A name server over a real socket that knows TXT records and aliases: `{'_dmarc.a.example': ['v=DMARC1; p=none']}`. */
export async function serveNames() {
  const texts = new Map<string, string[]>();
  const aliases = new Map<string, string>();
  let isSilent = false;
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    if (isSilent) return;
    const { name, end } = readName(query, 12);
    asked.push(name);
    const target = aliases.get(name);
    const found = texts.get(target ?? name) ?? [];
    const records = [
      ...(target === undefined ? [] : [record(name, 5, writeName(target))]),
      ...found.map((text) => record(target ?? name, 16, writeText(text))),
    ];
    const head = Buffer.from(query.subarray(0, 12));
    // An answer with authority; 3: there is no such name.
    head.writeUInt16BE(0x8580 | (records.length === 0 ? 3 : 0), 2);
    head.writeUInt16BE(records.length, 6);
    head.writeUInt16BE(0, 8);
    head.writeUInt16BE(0, 10);
    socket.send(Buffer.concat([head, query.subarray(12, end + 4), ...records]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked,
    setText: (name: string, ...values: string[]) => void texts.set(name, values),
    setAlias: (name: string, target: string) => void aliases.set(name, target),
    clear: () => (texts.clear(), aliases.clear()),
    setSilent: (value: boolean) => void (isSilent = value),
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

function readName(message: Buffer, from: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = from;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function writeName(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label, 'latin1')]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

/** Pieces of 255 bytes at most, as long keys are published. */
function writeText(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const piece = bytes.subarray(at, at + 255);
    pieces.push(Buffer.from([piece.length]), piece);
  }
  return Buffer.concat(pieces);
}

function record(name: string, type: number, data: Buffer): Buffer {
  const fields = Buffer.alloc(10);
  fields.writeUInt16BE(type, 0);
  fields.writeUInt16BE(1, 2);
  fields.writeUInt32BE(0, 4);
  fields.writeUInt16BE(data.length, 8);
  return Buffer.concat([writeName(name), fields, data]);
}
