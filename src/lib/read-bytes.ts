/**
 * The body of a request, never more than `limit` bytes of it. Where its length is announced, and Node's
 * parser then passes on no byte more, it is read at once, which is several times cheaper; else in pieces.
 * Null: it is larger.
 */
export async function readBytes(request: Request, limit: number): Promise<Buffer | null> {
  const announced = request.headers.get('content-length');
  if (announced === null) return readPieces(request, limit);
  if (Number(announced) > limit) return null;
  const bytes = await request.arrayBuffer();
  return bytes.byteLength > limit ? null : Buffer.from(bytes);
}

async function readPieces({ body }: Request, limit: number): Promise<Buffer | null> {
  if (body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  // As: the stream of a request's body yields bytes; its type in Node says `any`.
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
