import { json } from '../../kit/fake/answers.ts';

interface Refusal {
  status: number;
  title: string;
  detail: string;
}

const refusals: Record<number, Refusal> = {
  10003: { status: 422, title: 'Invalid URL', detail: 'The URL is not valid.' },
  10004: { status: 422, title: 'Missing required parameter', detail: 'A required parameter is missing.' },
  10005: { status: 404, title: 'Resource not found', detail: 'There is no such resource or URL.' },
  10006: { status: 422, title: 'Invalid ID', detail: 'There is no resource with this ID.' },
  10007: { status: 500, title: 'Unexpected error', detail: 'Something went wrong.' },
  10009: { status: 401, title: 'Authentication failed', detail: 'The key is missing or not known.' },
  10011: { status: 429, title: 'Too many requests', detail: 'There were too many requests.' },
  10014: { status: 415, title: 'Unsupported Media Type', detail: 'The body has to be JSON.' },
  10015: { status: 400, title: 'Bad Request', detail: 'The request is not well-formed.' },
  40300: {
    status: 403,
    title: 'Blocked due to STOP message',
    detail: 'No message can be sent because of an existing block rule.',
  },
  40302: { status: 422, title: 'Message too large', detail: 'The text has more than 10 parts.' },
  40305: { status: 422, title: "Invalid 'from' address", detail: 'The number is not in the profile.' },
  40310: { status: 422, title: "Invalid 'to' address", detail: 'The number is not in +E.164 format.' },
  40316: { status: 422, title: 'No content', detail: 'The message has no content.' },
  40321: { status: 422, title: 'No usable numbers', detail: 'The profile has no number to send from.' },
};

/** An error as it stands in answers and in reports; `pointer` names the part of the body. */
export function errorOf(code: number, pointer?: string): Record<string, unknown> {
  const { title, detail } = refusals[code] ?? { title: `Error ${code}`, detail: `Refused with ${code}.` };
  return {
    code: String(code),
    title,
    detail,
    meta: { url: `https://developers.telnyx.com/docs/overview/errors/${code}` },
    ...(pointer !== undefined && { source: { pointer } }),
  };
}

/** A refusal as the provider words it. */
export function refuse(code: number, pointer?: string): Response {
  return json({ errors: [errorOf(code, pointer)] }, refusals[code]?.status ?? 422);
}
