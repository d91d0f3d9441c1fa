import { json } from '../../kit/fake/answers.ts';

const names: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

export function refusal(code: number, message = '', more: Record<string, unknown> = {}): Response {
  const link = 'https://developers.soundcloud.com/docs/api/explorer/open-api';
  const status = `${code} - ${names[code] ?? ''}`;
  return json({ code, message, link, status, errors: [], error: null, ...more }, code);
}

export function ok(status = 200): Response {
  return json({ status: `${status} - OK` }, status);
}
