const statuses: Record<number, number> = { 20003: 401, 20004: 405, 20404: 404, 20429: 429, 20500: 500 };

const messages: Record<number, string> = {
  20003: 'Authenticate',
  20004: 'Method not allowed',
  20404: 'The requested resource was not found',
  20429: 'Too many requests',
  20500: 'Internal server error',
  21610: 'Attempt to send to unsubscribed recipient',
};

/** An error as the provider words it. */
export function refuse(code: number): Response {
  const status = statuses[code] ?? 400;
  return Response.json(
    {
      code,
      message: messages[code] ?? `The request was refused with ${code}`,
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status,
    },
    { status },
  );
}
