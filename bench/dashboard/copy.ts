import pg from 'pg';

/** What of a connection COPY needs; its types leave it out. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  stream: {
    write(data: Buffer): boolean;
    writableNeedDrain: boolean;
    once(event: 'drain', run: () => void): void;
  };
}

type Value = string | number | boolean | null | Date | Buffer | object;
export type Row = readonly Value[];

const chunkRows = 5_000;

/** Writes rows by COPY, as text, a few thousand at a time; `rows` are made while they are sent. */
export async function copyRows(
  url: string,
  table: string,
  /** Parted by commas, in the order of each row. */
  columns: string,
  rows: Iterable<Row>,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await new Promise<void>((resolve, reject) => {
      // As: pg takes anything that can submit itself; its types know only its own.
      client.query(
        new CopyIn(
          `copy ${table} (${columns}) from stdin`,
          rows,
          resolve,
          reject,
        ) as unknown as pg.Submittable,
      );
    });
  } finally {
    await client.end();
  }
}

class CopyIn {
  readonly #text: string;
  readonly #rows: Iterator<Row>;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;

  constructor(text: string, rows: Iterable<Row>, resolve: () => void, reject: (error: Error) => void) {
    this.#text = text;
    this.#rows = rows[Symbol.iterator]();
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: CopyConnection) {
    connection.query(this.#text);
  }

  handleCopyInResponse(connection: CopyConnection) {
    const chunk = this.#nextChunk();
    if (chunk === null) return connection.endCopyFrom();
    connection.sendCopyFromChunk(chunk);
    const next = () => this.handleCopyInResponse(connection);
    if (connection.stream.writableNeedDrain) connection.stream.once('drain', next);
    else setImmediate(next);
  }

  handleCommandComplete() {}

  handleReadyForQuery() {
    this.#resolve();
  }

  handleError(error: Error) {
    this.#reject(error);
  }

  #nextChunk(): Buffer | null {
    let text = '';
    for (let at = 0; at < chunkRows; at++) {
      const { value, done } = this.#rows.next();
      if (done === true) break;
      text += `${value.map(encode).join('\t')}\n`;
    }
    return text === '' ? null : Buffer.from(text);
  }
}

function encode(value: Value): string {
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
}
