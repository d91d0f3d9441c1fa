/** A process to be killed: an embedded server on the folder given, its address on standard output. */
import { startEmbedded } from '#db/embedded.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const server = await startEmbedded({ dataDir: process.argv[2] ?? '', log });
console.log(server.url);
