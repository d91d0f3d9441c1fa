/** An error as the provider words it. */
export function refuse(statusCode: number, name: string, headers: Record<string, string> = {}): Response {
  const message = `The request was refused: ${name}`;
  return Response.json({ statusCode, name, message }, { status: statusCode, headers });
}
